"""The start of a campaign that waits for its day: now, or on another day."""

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Right
from backhaul.domain.recovery.starting import is_waiting, start_campaign
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console import notices
from backhaul.web.console.campaigns import typing
from backhaul.web.console.campaigns.listing import PATH
from backhaul.web.console.campaigns.showing import path_of, view
from backhaul.web.console.declaring import takes
from backhaul.web.console.forms import Form
from backhaul.web.console.visiting import Visit

notices.declare(
    {
        "campaigns.started": "The campaign has started. Whoever waited is asked now.",
        "campaigns.start_changed": "The campaign starts on another day. Nothing is sent before.",
    }
)


async def start(visit: Visit, form: Form) -> ASGIResponse:
    """Start the campaign on the day that was typed; without one, now."""
    problems: list[FieldProblem] = []
    starts_on = typing.day_of({"starts_on": form["starts_on"]}, "starts_on", problems)
    if problems:
        raise InvalidInput(problems)
    number = visit.named("campaign")
    campaign = await start_campaign(
        visit.db, actor=visit.actor, campaign_number=number, starts_on=starts_on, now=visit.now
    )
    waits = is_waiting(campaign, visit.now)
    return visit.go(path_of(number), notice="campaigns.start_changed" if waits else "campaigns.started")


HANDLERS = [takes(f"{PATH}/{{campaign:str}}/start", start, right=Right.RECOVERY_WRITE, again=view)]
