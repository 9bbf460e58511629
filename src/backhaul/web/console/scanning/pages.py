"""The scanning page."""

from litestar.response.base import ASGIResponse

from backhaul.domain.finding import Hit, HitKind, scan
from backhaul.web.console.declaring import shows
from backhaul.web.console.visiting import Visit

PATHS = {
    HitKind.ASSET: "/assets/",
    HitKind.PERSON: "/people/",
    HitKind.TRANSFER: "/transfers/",
    HitKind.CASE: "/cases/",
    HitKind.CAMPAIGN: "/campaigns/",
    HitKind.RETURN: "/returns/",
    HitKind.RESHIPMENT: "/reshipments/",
    HitKind.PARCEL: "/warehouse/parcels/",
    HitKind.DISPATCH: "/warehouse/reshipments/",
    HitKind.CUSTOMER: "/settings/customers/",
}


def path_of(hit: Hit) -> str:
    """Return the page of what was found."""
    return f"{PATHS[hit.kind]}{hit.key}"


async def view(visit: Visit) -> ASGIResponse:
    """Lead to the one thing that a code is; otherwise show what it may mean, below the box."""
    code = visit.asked("q")
    hits = [] if code is None else await scan(visit.db, actor=visit.actor, code=code)
    if len(hits) == 1 and hits[0].is_exact:
        return visit.go(path_of(hits[0]))
    return visit.page("scanning/scan.html", title="Scan", code=code, hits=hits, path_of=path_of)


HANDLERS = [shows("/scan", view)]
