"""Writing what begins and when: steps in the caller's transaction."""

from datetime import datetime

from backhaul.domain.recovery.model import Campaign, CampaignId, Case, CaseId
from backhaul.domain.recovery.starting import statements
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Reader, Tx
from backhaul.storage.rows import record


async def due(reader: Reader, *, now: datetime, limit: int) -> list[tuple[OrgId, CampaignId]]:
    """Return (org_id, campaign_id) of campaigns whose people are to be asked, across tenants; needs the worker role."""
    rows = await reader.fetch(statements.DUE, now, limit)
    return [(OrgId(row["org_id"]), CampaignId(row["campaign_id"])) for row in rows]


async def lock_due(
    tx: Tx, campaign_id: CampaignId, *, now: datetime, limit: int, only: CaseId | None = None
) -> list[Case]:
    """Return open cases of a campaign, or one, that have waited long enough and are locked by nobody, locked."""
    rows = await tx.fetch(statements.LOCK_DUE, tx.org_id, campaign_id, now, limit, only)
    return [record(Case, row) for row in rows]


async def list_due(
    reader: Reader, org_id: OrgId, campaign_id: CampaignId, *, now: datetime, limit: int
) -> list[CaseId]:
    """Return the first open cases of a campaign that have waited long enough, not locked."""
    rows = await reader.fetch(statements.LIST_DUE, org_id, campaign_id, now, limit)
    return [CaseId(row["id"]) for row in rows]


async def put_off(tx: Tx, case_id: CaseId, *, until: datetime) -> None:
    """Let a case that waits begin no sooner than then."""
    await tx.execute(statements.PUT_OFF, tx.org_id, case_id, until)


def begin(tx: Tx, case: Case) -> None:
    """Note that a locked case begins; its version has grown by one."""
    tx.note(statements.BEGUN, case.org_id, case.id, case.begun_at, case.version)


async def reschedule(tx: Tx, campaign: Campaign, *, begins_at: datetime) -> None:
    """Write a locked campaign's new start, also to everybody who waits for it; its version has grown by one."""
    await tx.execute(
        statements.RESCHEDULE,
        tx.org_id,
        campaign.id,
        campaign.starts_on,
        campaign.updated_at,
        campaign.version,
    )
    await move_waiting(tx, campaign.id, begins_at=begins_at)


async def move_waiting(tx: Tx, campaign_id: CampaignId, *, begins_at: datetime) -> None:
    """Write to everybody who waits for a locked campaign's start when it is."""
    await tx.execute(statements.MOVE_WAITING, tx.org_id, campaign_id, begins_at)
