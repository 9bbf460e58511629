"""What was scanned where a parcel's number belongs, and nobody expects: a device, or a parcel to be confirmed."""

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Right
from backhaul.domain.returns.browsing import count_queues, find_intake_of, find_scanned_devices
from backhaul.domain.returns.scanning import clean_number
from backhaul.kernel.errors import InvalidInput
from backhaul.web.console.declaring import shows
from backhaul.web.console.paths import with_query
from backhaul.web.console.visiting import Visit
from backhaul.web.console.warehouse.queues import PATH, tabs_of

SCANNED = f"{PATH}/scanned"


def path_of_scan(scan: str, at: str) -> str:
    """Return the address of the page about a scan at a warehouse."""
    return with_query(SCANNED, scan=scan, at=at)


async def view(visit: Visit) -> ASGIResponse:
    """Show what a scan is, and what can be done with it; nothing is received by looking."""
    scan, at = visit.asked("scan") or "", visit.asked("at") or ""
    devices = await find_scanned_devices(visit.db, actor=visit.actor, scan=scan)
    intake = await find_intake_of(visit.db, actor=visit.actor, scan=scan)
    counts = await count_queues(visit.db, actor=visit.actor)
    return visit.page(
        "warehouse/scanned.html",
        title="A device, no parcel" if devices else "A parcel nobody expects",
        tabs_shown=tabs_of(counts, None),
        scan=scan,
        number=_number(scan),
        at=at,
        devices=devices,
        intake=intake,
        back=with_query(PATH, at=at or None),
    )


def _number(scan: str) -> str | None:
    """Return the tracking number that a parcel would have; None for what cannot be one."""
    try:
        return clean_number(scan)
    except InvalidInput:
        return None


HANDLERS = [shows(SCANNED, view, right=Right.WAREHOUSE_OPERATE)]
