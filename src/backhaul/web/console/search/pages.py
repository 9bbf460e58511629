"""The search over everything: leads to the one thing that is exactly meant, else shows what may be, by kind."""

from litestar.response.base import ASGIResponse

from backhaul.domain.finding import HitKind, search
from backhaul.domain.finding.queries import SHORTEST_TEXT
from backhaul.web.console.declaring import shows
from backhaul.web.console.paths import with_query
from backhaul.web.console.scanning.pages import path_of
from backhaul.web.console.visiting import Visit

TITLES = {
    HitKind.ASSET: "Assets",
    HitKind.PERSON: "People",
    HitKind.TRANSFER: "Transfers",
    HitKind.CASE: "Recovery cases",
    HitKind.CAMPAIGN: "Campaigns",
    HitKind.RETURN: "Returns",
    HitKind.RESHIPMENT: "Reshipments",
    HitKind.PARCEL: "Parcels in the warehouse",
    HitKind.DISPATCH: "Reshipments in the warehouse",
    HitKind.CUSTOMER: "Customers",
}
# Lists that find the rest of a kind by the same text.
LISTS = {
    HitKind.ASSET: "/assets",
    HitKind.PERSON: "/people",
    HitKind.TRANSFER: "/transfers",
    HitKind.CASE: "/cases",
    HitKind.CAMPAIGN: "/campaigns",
    HitKind.CUSTOMER: "/settings/customers",
}


async def view(visit: Visit) -> ASGIResponse:
    """Show what was found; one exact hit is opened at once."""
    text = visit.asked("q")
    groups = [] if text is None else await search(visit.db, actor=visit.actor, text=text)
    exact = [hit for group in groups for hit in group.hits if hit.is_exact]
    if len(exact) == 1 and visit.asked("all") is None:
        return visit.go(path_of(exact[0]))
    more = {group.kind: with_query(LISTS[group.kind], q=text) for group in groups if group.kind in LISTS}
    return visit.page(
        "search/results.html",
        title="Search",
        text=text or "",
        is_short=text is not None and len(text) < SHORTEST_TEXT,
        groups=groups,
        titles=TITLES,
        more={group.kind: more[group.kind] for group in groups if group.has_more and group.kind in more},
        path_of=path_of,
    )


HANDLERS = [shows("/search", view)]
