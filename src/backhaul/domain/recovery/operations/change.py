"""Change a campaign: its name and words, its deadline, its owner, its ladder of reminders."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.recovery import tables
from backhaul.domain.recovery.errors import CampaignChangedMeanwhile, CampaignMoveRefused
from backhaul.domain.recovery.events import CampaignChanged
from backhaul.domain.recovery.model import (
    Campaign,
    CampaignChanges,
    CampaignStatus,
    NewCampaign,
    ReturnAddress,
)
from backhaul.domain.recovery.spelling import clean_campaign, require_order
from backhaul.domain.recovery.starting import tables as starting_tables
from backhaul.domain.recovery.starting.days import first_instant, is_waiting, today_of
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage import history, outbox
from backhaul.storage.database import Database


async def change_campaign(
    db: Database, *, actor: Actor, campaign_number: str, version: int, changes: CampaignChanges, now: datetime
) -> Campaign:
    """Write an active campaign's details anew; refused when it is not of this version any more.

    Country and start stay; only where the start day is still to come once things go elsewhere, a campaign that has
    begun starts on the day it is there, so that nobody waits for it anew. How many return addresses there are, their
    countries and their boxes stay, too: parcels were packed by them. Reminders that are not taken yet follow the new
    deadline and ladder, parcels that are not ordered yet the new owner and return addresses.
    """
    scope = actor.scope(Right.RECOVERY_WRITE)
    clean = clean_campaign(
        NewCampaign(
            name=changes.name,
            description=changes.description,
            deadline_on=changes.deadline_on,
            helpdesk_email=changes.helpdesk_email,
            owner_email=changes.owner_email,
            return_addresses=changes.return_addresses or (),
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
        places = _packed_alike(before, changes)
        changed = msgspec.structs.replace(
            before,
            name=clean.name,
            description=clean.description,
            deadline_on=clean.deadline_on,
            helpdesk_email=clean.helpdesk_email,
            owner_id=parties.owner_id,
            owner_email=parties.owner_email,
            ladder_id=parties.ladder_id,
            return_addresses=places,
        )
        if is_waiting(changed, now) and not is_waiting(before, now):
            changed = msgspec.structs.replace(changed, starts_on=today_of(changed, now))
        if changed == before:
            return before
        after = msgspec.structs.replace(changed, updated_at=now, version=before.version + 1)
        with tables.taken_names_refused(name=after.name):
            await tables.change(tx, after)
        if first_instant(after) != first_instant(before):  # it begins by the clock of where things go
            await starting_tables.move_waiting(tx, after.id, begins_at=first_instant(after))
        subject = ("recovery_campaign", after.id)
        history.note(tx, actor.author, subject=subject, action="changed", at=now, before=before, after=after)
        outbox.record(tx, CampaignChanged(subject_id=after.id), at=now)
    return after


def _packed_alike(before: Campaign, changes: CampaignChanges) -> tuple[ReturnAddress, ...]:
    """Return where things go from now on, or refuse what would have packed them otherwise."""
    if changes.return_addresses is None:
        return before.return_addresses
    if [_packing(place) for place in changes.return_addresses] != [
        _packing(place) for place in before.return_addresses
    ]:
        text = "must be as many as they were, each in its country and with its boxes: parcels were packed by them"
        raise InvalidInput([FieldProblem("return_addresses", "recovery.packed_otherwise", text)])
    return changes.return_addresses


def _packing(place: ReturnAddress) -> tuple[object, ...]:
    return place.address.country_code, place.packages
