"""The list of cases of every campaign, as a page and as a file; and the part of it that a campaign's page shows."""

from collections.abc import Mapping
from typing import Any

from litestar.response.base import ASGIResponse

from backhaul.domain.bulk.exporting import as_csv
from backhaul.domain.identity import Right
from backhaul.domain.recovery.browsing import CaseLine, browse_cases
from backhaul.domain.recovery.model import Campaign
from backhaul.web.console import answering
from backhaul.web.console.cases import filtering, words
from backhaul.web.console.cases.filtering import PATH
from backhaul.web.console.countries import COUNTRIES
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows
from backhaul.web.console.visiting import Visit

PAGE = 50
MOST_EXPORTED = 50_000
CSV = "text/csv"
_COLUMNS = (
    "case", "code", "campaign", "first_name", "last_name", "email", "city", "country_code", "stage", "outcome",
    "items", "serial_numbers", "deadline", "reminders", "last_reminder", "says_gone", "muted", "opened",
)  # fmt: skip


async def view(visit: Visit) -> ASGIResponse:
    """Show cases, newest first."""
    return visit.page("cases/list.html", title="Cases", countries=COUNTRIES, **await listed(visit, PATH))


async def listed(visit: Visit, path: str, campaign: Campaign | None = None) -> dict[str, Any]:
    """Return what a list of cases shows: those of one campaign, or of all."""
    given = {name: visit.asked(name) for name in filtering.NAMES}
    before = visit.asked("before")
    lines = await read(visit, given, campaign, before=number_or_none(before), limit=PAGE + 1)
    shown = lines[:PAGE]
    older = str(shown[-1].number) if len(lines) > PAGE else None
    return {
        "lines": shown,
        "given": given,
        "list_path": path,
        "is_filtered": filtering.is_filtered(given),
        "first": filtering.address_of(path, given) if before else None,
        "older": filtering.address_of(path, given, before=older) if older else None,
        "back": filtering.address_of(path, given, before=before),
        "export": filtering.address_of(f"{path}/export", given),
        "stages": [(stage.value, text) for stage, text in words.STAGES.items()],
        "with_campaign": campaign is None,
        "today": visit.now.astimezone(visit.zone).date(),
        "words": words,
    }


async def read(
    visit: Visit,
    given: Mapping[str, str | None],
    campaign: Campaign | None = None,
    *,
    before: int | None = None,
    limit: int,
) -> list[CaseLine]:
    """Return the cases that the filters ask for."""
    return await browse_cases(
        visit.db,
        actor=visit.actor,
        wanted=filtering.wanted_of(given, campaign),
        today=visit.now.astimezone(visit.zone).date(),
        before=before,
        limit=limit,
    )


async def export(visit: Visit) -> ASGIResponse:
    """Give out the cases that the filters ask for as a file, at most 50,000 of them."""
    return await exported(visit)


async def exported(visit: Visit, campaign: Campaign | None = None) -> ASGIResponse:
    """Return the cases of one campaign or of all as a file."""
    given = {name: visit.asked(name) for name in filtering.NAMES}
    lines = await read(visit, given, campaign, limit=MOST_EXPORTED)
    rows = [_COLUMNS, *(_row(line) for line in lines)]
    name = "cases.csv" if campaign is None else f"campaign-{campaign.public_number}.csv"
    return answering.download(as_csv(rows), name=name, media_type=CSV)


def _row(line: CaseLine) -> tuple[object, ...]:
    return (
        line.public_number,
        line.code,
        line.campaign_name,
        line.first_name,
        line.last_name,
        line.email,
        line.city,
        line.country_code,
        line.stage.value,
        None if line.outcome is None else line.outcome.value,
        "; ".join(line.items),
        "; ".join(line.serial_numbers),
        line.deadline_on,
        line.contact_count,
        line.contacted_at,
        line.is_claimed,
        line.muted_at is not None,
        line.created_at,
    )


HANDLERS = [
    shows(PATH, view, right=Right.RECOVERY_READ),
    shows(f"{PATH}/export", export, right=Right.RECOVERY_READ),
]
