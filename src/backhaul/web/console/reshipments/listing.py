"""The list of reshipments."""

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Right
from backhaul.domain.reshipping.browsing import Stage, browse_reshipments, stage_of
from backhaul.kernel.money import Money
from backhaul.web.console.cursors import code_or_none, number_or_none
from backhaul.web.console.declaring import shows
from backhaul.web.console.paths import with_query
from backhaul.web.console.reshipments import words
from backhaul.web.console.reshipments.reading import PATH
from backhaul.web.console.visiting import Visit


async def view(visit: Visit) -> ASGIResponse:
    """Show reshipments, newest first."""
    given = visit.asked("status")
    stage = code_or_none(Stage, given)
    before = visit.asked("before")
    found = await browse_reshipments(visit.db, actor=visit.actor, stage=stage, before=number_or_none(before))
    here = with_query(PATH, status=None if stage is None else stage.value)
    tabs = [("All", PATH, stage is None)]
    tabs += [(text, with_query(PATH, status=one.value), stage is one) for one, text in words.STAGES.items()]
    return visit.page(
        "reshipments/list.html",
        title="Reshipments",
        found=found,
        tabs_shown=tabs,
        stage=stage,
        first=here if before else None,
        older=None if found.next_before is None else with_query(here, before=str(found.next_before)),
        stage_of=stage_of,
        Money=Money,
        words=words,
    )


HANDLERS = [shows(PATH, view, right=Right.RETURNS_READ)]
