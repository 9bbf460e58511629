"""The list of campaigns."""

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Right
from backhaul.domain.recovery.browsing import CampaignFilter, browse_campaigns
from backhaul.domain.recovery.model import CampaignStatus
from backhaul.web.console.cases import words
from backhaul.web.console.cursors import code_or_none, number_or_none
from backhaul.web.console.declaring import shows
from backhaul.web.console.paths import with_query
from backhaul.web.console.visiting import Visit

PATH = "/campaigns"
PAGE = 50
_NAMES = ("q", "status", "overdue")
_TABS = (
    ("All", None, None),
    ("Active", "active", None),
    ("Overdue", None, "1"),
    ("Completed", "completed", None),
)


async def view(visit: Visit) -> ASGIResponse:
    """Show campaigns, newest first."""
    given = {name: visit.asked(name) for name in _NAMES}
    before = visit.asked("before")
    today = visit.now.astimezone(visit.zone).date()
    wanted = CampaignFilter(
        status=code_or_none(CampaignStatus, given["status"]),
        is_overdue=given["overdue"] == "1",
        text=given["q"],
    )
    lines = await browse_campaigns(
        visit.db, actor=visit.actor, wanted=wanted, today=today, before=number_or_none(before), limit=PAGE + 1
    )
    shown = lines[:PAGE]
    last = str(shown[-1].number) if len(lines) > PAGE else None
    return visit.page(
        "campaigns/list.html",
        title="Campaigns",
        lines=shown,
        given=given,
        today=today,
        is_filtered=wanted != CampaignFilter(),
        tabs_shown=[
            (label, with_query(PATH, q=given["q"], status=status, overdue=overdue),
             (status, overdue) == (given["status"], given["overdue"]))
            for label, status, overdue in _TABS
        ],
        first=with_query(PATH, **given) if before else None,
        older=with_query(PATH, **{**given, "before": last}) if last else None,
        words=words,
    )  # fmt: skip


HANDLERS = [shows(PATH, view, right=Right.RECOVERY_READ)]
