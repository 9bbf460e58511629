"""Reading lists, a campaign's sheet and a case's: one statement a question."""

from datetime import date, datetime
from typing import Any

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.ladders import Policy
from backhaul.domain.recovery.answers import ListedCampaign
from backhaul.domain.recovery.browsing import statements
from backhaul.domain.recovery.browsing.model import (
    ENDED_STAGES,
    CampaignFilter,
    CampaignLine,
    CampaignSheet,
    CaseFilter,
    CaseLine,
    CaseSheet,
    Change,
    Owner,
    Progress,
    Stage,
)
from backhaul.domain.recovery.codes import is_code
from backhaul.domain.recovery.errors import CampaignUnknown
from backhaul.domain.recovery.model import Campaign, Outcome, number_of
from backhaul.domain.recovery.queries import MAX_NUMBER, MAX_SHOWN, get_case
from backhaul.storage.database import Database
from backhaul.storage.rows import record

PAGE_ROWS = 50
MOST_FOUND = 500  # by each way a text is searched
SHORTEST_TEXT, LONGEST_TEXT = 2, 200
_BACK = frozenset({Outcome.RETURNED, Outcome.PARTLY_RETURNED})
_LAST_SIGN = "\U0010ffff"


async def browse_campaigns(
    db: Database,
    *,
    actor: Actor,
    wanted: CampaignFilter,
    today: date,
    before: int | None = None,
    limit: int = PAGE_ROWS,
) -> list[CampaignLine]:
    """Return a page of campaigns, newest first; `before` is the last number seen."""
    scope = actor.scope(Right.RECOVERY_READ)
    values = (
        before or MAX_NUMBER,
        wanted.status and wanted.status.value,
        wanted.text and wanted.text[:LONGEST_TEXT],
        today if wanted.is_overdue else None,
        limit,
    )
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.LIST_CAMPAIGNS, scope.org_id, *values)
    return [record(CampaignLine, row) for row in rows]


async def get_campaign_sheet(db: Database, *, actor: Actor, number: str) -> CampaignSheet:
    """Return a campaign by its public number with everything but its cases, or refuse an unknown one."""
    scope = actor.scope(Right.RECOVERY_READ)
    parsed, row = number_of(number), None
    if parsed is not None:
        async with db.read(scope) as reader:
            row = await reader.fetchrow(statements.GET_CAMPAIGN_SHEET, scope.org_id, parsed[1], parsed[0])
    if row is None:
        raise CampaignUnknown(campaign=number[:MAX_SHOWN])
    return CampaignSheet(
        campaign=msgspec.convert(row["campaign"], Campaign),
        ladder_name=row["ladder_name"],
        policy=None if row["policy"] is None else msgspec.convert(row["policy"], Policy),
        progress=msgspec.convert(row["progress"], Progress),
        countries=tuple(row["countries"]),
        changes=msgspec.convert(row["changes"], tuple[Change, ...]),
    )


async def find_campaigns(db: Database, *, actor: Actor, limit: int = 100) -> list[ListedCampaign]:
    """Return the latest campaigns: what a filter offers."""
    scope = actor.scope(Right.RECOVERY_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.FIND_CAMPAIGNS, scope.org_id, limit)
    return [record(ListedCampaign, row) for row in rows]


async def list_owners(db: Database, *, actor: Actor) -> list[Owner]:
    """Return who can own a campaign, by name."""
    scope = actor.scope(Right.RECOVERY_WRITE)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.LIST_OWNERS, scope.org_id)
    return [record(Owner, row) for row in rows]


async def browse_cases(
    db: Database,
    *,
    actor: Actor,
    wanted: CaseFilter,
    today: date,
    before: int | None = None,
    limit: int = PAGE_ROWS,
) -> list[CaseLine]:
    """Return a page of cases, newest first; `before` is the last number seen. A text too short finds nothing.

    Neither does what is open and came to an end at once.
    """
    scope = actor.scope(Right.RECOVERY_READ)
    text = " ".join((wanted.text or "").split())[:LONGEST_TEXT]
    if 0 < len(text) < SHORTEST_TEXT or (wanted.is_open and wanted.stage in ENDED_STAGES):
        return []
    campaign = None if wanted.campaign is None else str(wanted.campaign.id)
    values = (
        text.lower() if text else campaign,  # as the schema's name_key does
        before or MAX_NUMBER,
        limit,
        wanted.country_code,
        wanted.stage and wanted.stage.value,
        wanted.is_uncontacted,
        wanted.is_claimed,
        wanted.is_muted,
        today if wanted.is_overdue else None,
    )
    async with db.read(scope) as reader:
        if text:
            searched = _searched(text)
            found = wanted.campaign and wanted.campaign.id
            rows = await reader.fetch(
                statements.LIST_CASES_BY_TEXT,
                scope.org_id,
                *values,
                *searched,
                MOST_FOUND,
                found,
                wanted.is_open,
            )
        else:
            statement, more = _statement(wanted)
            rows = await reader.fetch(statement, scope.org_id, *values, *more)
    return [record(CaseLine, row) for row in rows]


def _statement(wanted: CaseFilter) -> tuple[str, tuple[Any, ...]]:
    """Return the statement that looks at the fewest rows, and what it is asked besides."""
    if wanted.is_claimed or wanted.is_muted:
        few = statements.LIST_CLAIMED_CASES if wanted.is_claimed else statements.LIST_MUTED_CASES
        return few, (wanted.is_open,)
    if wanted.is_overdue:
        return statements.LIST_OVERDUE_CASES, ()
    is_of_all = wanted.campaign is None
    if wanted.stage in ENDED_STAGES:
        ended = statements.LIST_ENDED_CASES if is_of_all else statements.LIST_ENDED_CASES_OF_CAMPAIGN
        return ended, ([one for one in Outcome if (one in _BACK) is (wanted.stage is Stage.RECEIVED)],)
    if wanted.stage is not None:
        staged = statements.LIST_CASES_OF_STAGE if is_of_all else statements.LIST_CASES_OF_CAMPAIGN_AND_STAGE
        return staged, ()
    if wanted.is_open and wanted.is_uncontacted:
        silent = (
            statements.LIST_UNCONTACTED_CASES if is_of_all else statements.LIST_UNCONTACTED_CASES_OF_CAMPAIGN
        )
        return silent, ()
    return _listing(wanted), ()


def _listing(wanted: CaseFilter) -> str:
    if wanted.campaign is None:
        if wanted.is_open:
            return statements.LIST_OPEN_CASES
        return statements.LIST_CASES if wanted.country_code is None else statements.LIST_CASES_OF_COUNTRY
    return statements.LIST_OPEN_CASES_OF_CAMPAIGN if wanted.is_open else statements.LIST_CASES_OF_CAMPAIGN


def _searched(text: str) -> tuple[Any, ...]:
    serial = "".join(text.split()).upper()
    parsed = number_of(text)
    return (text.lower() + _LAST_SIGN, serial, serial + _LAST_SIGN, None if parsed is None else parsed[1])


async def get_case_sheet(db: Database, *, actor: Actor, ref: str, now: datetime) -> CaseSheet:
    """Return a case by its recovery id or code with everything that belongs to it, in two statements."""
    found = await get_case(db, actor=actor, ref=ref.upper() if is_code(ref.upper()) else ref)
    case = found.detail.case
    scope = actor.scope(Right.RECOVERY_READ)
    async with db.read(scope) as reader:
        row = await reader.fetchrow(
            statements.GET_CASE_SHEET,
            scope.org_id,
            case.id,
            now.date(),
            case.public_number,
            case.code,
            now,
        )
    return record(CaseSheet, {**dict(row), "found": found})
