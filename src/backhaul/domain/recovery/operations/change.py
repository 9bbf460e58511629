"""Change a campaign: its name and words, its deadline, its owner, its ladder of reminders."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.recovery import tables
from backhaul.domain.recovery.errors import CampaignChangedMeanwhile, CampaignMoveRefused
from backhaul.domain.recovery.events import CampaignChanged
from backhaul.domain.recovery.model import Campaign, CampaignChanges, CampaignStatus, NewCampaign
from backhaul.domain.recovery.spelling import clean_campaign, require_order
from backhaul.storage import history, outbox
from backhaul.storage.database import Database


async def change_campaign(
    db: Database, *, actor: Actor, campaign_number: str, version: int, changes: CampaignChanges, now: datetime
) -> Campaign:
    """Write an active campaign's details anew; refused when it is not of this version any more.

    Country, start and return addresses stay: parcels were packed by them. Reminders that are not taken yet follow the
    new deadline and ladder, parcels that are not ordered yet the new owner.
    """
    scope = actor.scope(Right.RECOVERY_WRITE)
    clean = clean_campaign(
        NewCampaign(
            name=changes.name,
            description=changes.description,
            deadline_on=changes.deadline_on,
            helpdesk_email=changes.helpdesk_email,
            owner_email=changes.owner_email,
        )
    )
    async with db.transaction(scope) as tx:
        before = await tables.lock_campaign(tx, campaign_number)
        if before.status is not CampaignStatus.ACTIVE:
            raise CampaignMoveRefused(status=before.status.value, action="be changed any more")
        if before.version != version:
            raise CampaignChangedMeanwhile(campaign=before.name)
        parties = await tables.find_parties(tx, clean.owner_email or "", changes.ladder)
        require_order(before.starts_on, clean.deadline_on)
        changed = msgspec.structs.replace(
            before,
            name=clean.name,
            description=clean.description,
            deadline_on=clean.deadline_on,
            helpdesk_email=clean.helpdesk_email,
            owner_id=parties.owner_id,
            owner_email=parties.owner_email,
            ladder_id=parties.ladder_id,
        )
        if changed == before:
            return before
        after = msgspec.structs.replace(changed, updated_at=now, version=before.version + 1)
        with tables.taken_names_refused(name=after.name):
            await tables.change(tx, after)
        subject = ("recovery_campaign", after.id)
        history.note(tx, actor.author, subject=subject, action="changed", at=now, before=before, after=after)
        outbox.record(tx, CampaignChanged(subject_id=after.id), at=now)
    return after
