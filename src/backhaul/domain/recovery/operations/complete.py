"""Complete a campaign: nobody is added any more."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.recovery import tables
from backhaul.domain.recovery.errors import CampaignHasOpenCases, CampaignMoveRefused
from backhaul.domain.recovery.events import CampaignCompleted
from backhaul.domain.recovery.model import Campaign, CampaignStatus
from backhaul.storage import history, outbox
from backhaul.storage.database import Database


async def complete_campaign(db: Database, *, actor: Actor, campaign_number: str, now: datetime) -> Campaign:
    """Complete a campaign; refused while a recovery of it is open."""
    scope = actor.scope(Right.RECOVERY_WRITE)
    async with db.transaction(scope) as tx:
        before = await tables.lock_campaign(tx, campaign_number)
        if before.status is CampaignStatus.COMPLETED:
            raise CampaignMoveRefused(status=before.status.value, action="be completed again")
        if open_cases := await tables.count_open(tx, before.id):
            raise CampaignHasOpenCases(count=open_cases, campaign=campaign_number)
        after = msgspec.structs.replace(
            before, status=CampaignStatus.COMPLETED, updated_at=now, version=before.version + 1
        )
        await tables.complete(tx, after)
        subject = ("recovery_campaign", after.id)
        history.note(
            tx, actor.author, subject=subject, action="completed", at=now, before=before, after=after
        )
        outbox.record(tx, CampaignCompleted(subject_id=after.id), at=now)
    return after
