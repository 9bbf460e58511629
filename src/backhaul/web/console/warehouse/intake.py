"""Intake: one big field for the scanner, and what came in last."""

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Right
from backhaul.domain.returns import list_warehouses, receive_parcel
from backhaul.domain.returns.browsing import browse_intakes, count_queues
from backhaul.domain.returns.errors import DeviceScanned, Unannounced
from backhaul.web.console import notices
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.notices import Notice
from backhaul.web.console.paging import paged
from backhaul.web.console.returns import words
from backhaul.web.console.visiting import Visit
from backhaul.web.console.warehouse.queues import PATH, tabs_of
from backhaul.web.console.warehouse.scanned import path_of_scan

PAGE = 25

notices.declare(
    {
        "warehouse.received": "The parcel is received. Open it, and scan what is in it.",
        "warehouse.received_before": "This parcel was received before.",
        "warehouse.received_unplanned": Notice(
            "The parcel is received. Nobody announced it: say whose it is.", is_warning=True
        ),
    }
)


async def view(visit: Visit) -> ASGIResponse:
    """Show the field for the scanner and what came in last."""
    warehouses = await list_warehouses(visit.db)
    before = number_or_none(visit.asked("before"))
    found = await browse_intakes(visit.db, actor=visit.actor, before=before, limit=PAGE + 1)
    counts = await count_queues(visit.db, actor=visit.actor)
    return visit.page(
        "warehouse/intake.html",
        title="Intake",
        tabs_shown=tabs_of(counts, None),
        warehouses=[(one.code, f"{one.name} ({one.code})") for one in warehouses],
        at=visit.asked("at") or (warehouses[0].code if warehouses else None),
        words=words,
        **paged(PATH, found, key=lambda one: one.number, before=before, size=PAGE),
    )


async def receive(visit: Visit, form: Form) -> ASGIResponse:
    """Receive the parcel whose number was scanned; scanned again it is found. What nobody expects is shown first."""
    try:
        got = await receive_parcel(
            visit.db,
            actor=visit.actor,
            warehouse=form["at"],
            tracking_number=form["tracking_number"],
            is_announced_only=not form.is_ticked("unannounced"),
            now=visit.now,
        )
    except (DeviceScanned, Unannounced):
        return visit.go(path_of_scan(form["tracking_number"], form["at"]))
    notice = "warehouse.received_before"
    if got.is_new:
        notice = "warehouse.received_unplanned" if got.one is None else "warehouse.received"
    return visit.go(f"{PATH}/parcels/{got.intake.number}", notice=notice)


HANDLERS = [
    shows(PATH, view, right=Right.WAREHOUSE_OPERATE),
    takes(f"{PATH}/scan", receive, right=Right.WAREHOUSE_OPERATE, again=view),
]
