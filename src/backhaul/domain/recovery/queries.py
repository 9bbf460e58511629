"""Reading campaigns and cases: one statement a question."""

from collections.abc import Mapping
from typing import Any

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.inventory.model import AssetId
from backhaul.domain.recovery import statements
from backhaul.domain.recovery.answers import (
    CampaignDetail,
    CampaignPage,
    CaseDetail,
    CaseInCampaign,
    Expectation,
    ListedCampaign,
    ParcelDetail,
)
from backhaul.domain.recovery.codes import is_code
from backhaul.domain.recovery.errors import CampaignUnknown, CaseUnknown
from backhaul.domain.recovery.model import Campaign, Case, Item, number_of
from backhaul.storage.database import Database
from backhaul.storage.rows import record

MAX_NUMBER = 2**63 - 1
MAX_SHOWN = 64


async def list_campaigns(db: Database, *, actor: Actor, page: int = 1, per_page: int = 10) -> CampaignPage:
    """Return a page of campaigns, newest first, and the exact total."""
    scope = actor.scope(Right.RECOVERY_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(
            statements.LIST_CAMPAIGNS, scope.org_id, _passed_over(page, per_page), per_page
        )
    return CampaignPage(
        items=tuple(record(ListedCampaign, row) for row in rows if row["number"] is not None),
        total=rows[0]["total"],
    )


async def get_campaign(
    db: Database, *, actor: Actor, number: str, page: int = 1, per_page: int = 10
) -> CampaignDetail:
    """Return a campaign by its public number with a page of its cases, or refuse an unknown one."""
    scope = actor.scope(Right.RECOVERY_READ)
    parsed = number_of(number)
    if parsed is None:
        raise CampaignUnknown(campaign=number[:MAX_SHOWN])
    seconds, internal = parsed
    async with db.read(scope) as reader:
        rows = await reader.fetch(
            statements.GET_CAMPAIGN, scope.org_id, internal, seconds, _passed_over(page, per_page), per_page
        )
    if not rows:
        raise CampaignUnknown(campaign=number)
    return CampaignDetail(
        campaign=msgspec.convert(rows[0]["campaign"], Campaign),
        cases=tuple(_case(row) for row in rows if row["id"] is not None),
    )


async def get_case(db: Database, *, actor: Actor, ref: str) -> CaseInCampaign:
    """Return a case by its recovery id or recovery code, or refuse an unknown one."""
    scope = actor.scope(Right.RECOVERY_READ)
    parsed = number_of(ref)
    if parsed is None and not is_code(ref):
        raise CaseUnknown(case=ref[:MAX_SHOWN])
    async with db.read(scope) as reader:
        if parsed is None:
            row = await reader.fetchrow(statements.GET_CASE_BY_CODE, scope.org_id, ref)
        else:
            row = await reader.fetchrow(statements.GET_CASE_BY_NUMBER, scope.org_id, parsed[1], parsed[0])
    if row is None:
        raise CaseUnknown(case=ref[:MAX_SHOWN])
    return CaseInCampaign(campaign=msgspec.convert(row["campaign"], Campaign), detail=_case(row))


async def list_expectations(
    db: Database, *, actor: Actor, asset_id: AssetId, limit: int = 20
) -> list[Expectation]:
    """Return the cases that expect or expected a device, the latest first."""
    scope = actor.scope(Right.RECOVERY_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.CASES_OF_ASSET, scope.org_id, asset_id, limit)
    return [record(Expectation, row) for row in rows]


def _case(row: Mapping[str, Any]) -> CaseDetail:
    return CaseDetail(
        case=record(Case, row),
        items=msgspec.convert(row["items"] or (), tuple[Item, ...]),
        parcels=msgspec.convert(row["parcels"] or (), tuple[ParcelDetail, ...]),
        employee_number=row["employee_number"],
    )


def _passed_over(page: int, per_page: int) -> int:
    return min(max(page - 1, 0) * per_page, MAX_NUMBER)
