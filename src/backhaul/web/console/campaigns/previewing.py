"""The calendar of reminders before they are sent: of a form that is being filled in, and of a campaign."""

from collections.abc import Mapping

from litestar.response.base import ASGIResponse

from backhaul.domain import recovery
from backhaul.domain.identity import Right
from backhaul.domain.recovery.reminding import Assumptions, Preview, preview_campaign, preview_ladder
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console.campaigns import typing
from backhaul.web.console.campaigns.listing import PATH
from backhaul.web.console.cases import words
from backhaul.web.console.countries import country_code_of
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows
from backhaul.web.console.settings.ladders import words as ladder_words
from backhaul.web.console.visiting import Visit

BOX_DAYS, SILENT_DAYS, MOST_DAYS = 5, 10, 90


async def preview_of(visit: Visit, values: Mapping[str, str]) -> Preview:
    """Return the calendar of a campaign that is being filled in."""
    problems: list[FieldProblem] = []
    starts_on = typing.day_of(values, "starts_on", problems)
    deadline_on = typing.day_of(values, "deadline_on", problems)
    if problems:
        raise InvalidInput(problems)
    today = visit.now.astimezone(visit.zone).date()
    assumptions = Assumptions(
        starts_on=max(starts_on or today, today),
        box_after_days=BOX_DAYS,
        silent_after_days=SILENT_DAYS,
        deadline_on=deadline_on,
    )
    return await preview_ladder(
        visit.db,
        actor=visit.actor,
        name=values["ladder"] or None,
        assumptions=assumptions,
        country_code=country_code_of(values["country_code"]) or "US",
    )


async def view(visit: Visit) -> ASGIResponse:
    """Show the calendar of a campaign's reminders, by assumption."""
    number = visit.named("campaign")
    box, silent = (
        _days(visit, name, default) for name, default in (("box", BOX_DAYS), ("silent", SILENT_DAYS))
    )
    found = await recovery.get_campaign(visit.db, actor=visit.actor, number=number, per_page=0)
    preview = await preview_campaign(
        visit.db,
        actor=visit.actor,
        campaign_number=number,
        now=visit.now,
        box_after_days=box,
        silent_after_days=silent,
    )
    return visit.page(
        "campaigns/calendar.html",
        title="Reminder calendar",
        campaign=found.campaign,
        preview=preview,
        most_days=MOST_DAYS,
        words=words,
        ladder_words=ladder_words,
    )


def _days(visit: Visit, name: str, default: int) -> int:
    number = number_or_none(visit.asked(name))
    return default if number is None else min(number, MOST_DAYS)


HANDLERS = [shows(f"{PATH}/{{campaign:str}}/calendar", view, right=Right.RECOVERY_READ)]
