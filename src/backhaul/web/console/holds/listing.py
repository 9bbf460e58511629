"""The list of legal holds, and the releases that wait for a second person."""

from litestar.response.base import ASGIResponse

from backhaul.domain.holds.browsing import HoldFilter, browse_holds, list_pending
from backhaul.domain.holds.spelling import person_of
from backhaul.domain.identity import Right
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows
from backhaul.web.console.paths import with_query
from backhaul.web.console.visiting import Visit

PATH = "/holds"
PAGE = 50
_STATES = (("All", None, None), ("Active", "active", True), ("Released", "over", False))


async def view(visit: Visit) -> ASGIResponse:
    """Show holds, newest first."""
    given = {name: visit.asked(name) for name in ("q", "state")}
    before = visit.asked("before")
    is_active = next((flag for _, name, flag in _STATES if name == given["state"]), None)
    wanted = HoldFilter(is_active=is_active, text=given["q"])
    lines = await browse_holds(
        visit.db, actor=visit.actor, wanted=wanted, before=number_or_none(before), limit=PAGE + 1
    )
    shown = lines[:PAGE]
    last = str(shown[-1].number) if len(lines) > PAGE else None
    return visit.page(
        "holds/list.html",
        title="Legal holds",
        lines=shown,
        pending=await list_pending(visit.db, actor=visit.actor),
        me=person_of(visit.actor),
        given=given,
        is_filtered=wanted != HoldFilter(),
        tabs_shown=[
            (label, with_query(PATH, q=given["q"], state=name), name == given["state"])
            for label, name, _ in _STATES
        ],
        first=with_query(PATH, **given) if before else None,
        older=with_query(PATH, **{**given, "before": last}) if last else None,
    )


HANDLERS = [shows(PATH, view, right=Right.HOLDS_READ)]
