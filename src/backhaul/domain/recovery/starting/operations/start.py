"""Have a campaign that waits start now, or on another day."""

from datetime import date, datetime

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.recovery import tables as recovery_tables
from backhaul.domain.recovery.errors import CampaignMoveRefused
from backhaul.domain.recovery.events import CampaignChanged
from backhaul.domain.recovery.model import Campaign, CampaignStatus
from backhaul.domain.recovery.spelling import require_order, require_start
from backhaul.domain.recovery.starting import tables
from backhaul.domain.recovery.starting.days import first_instant, is_waiting, today_of
from backhaul.domain.recovery.starting.errors import CampaignBegun
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage import history, outbox
from backhaul.storage.database import Database


async def start_campaign(
    db: Database, *, actor: Actor, campaign_number: str, now: datetime, starts_on: date | None = None
) -> Campaign:
    """Give a campaign that waits another start; without a day, today's where its things are returned to.

    Refused once it has begun (`CampaignBegun`), and for a day that is over or after the deadline. The day that it has
    already changes nothing. Whoever waits in it is asked by `recovery.begin_due` once the day has come.
    """
    async with db.transaction(actor.scope(Right.RECOVERY_WRITE)) as tx:
        before = await recovery_tables.lock_campaign(tx, campaign_number)
        if before.status is not CampaignStatus.ACTIVE:
            raise CampaignMoveRefused(status=before.status.value, action="be started any more")
        today = today_of(before, now)
        wanted = today if starts_on is None else starts_on
        if wanted == before.starts_on:
            return before
        if not is_waiting(before, now):
            raise CampaignBegun(campaign=before.name, starts_on=before.starts_on.isoformat())
        if wanted < today:
            text = f"must not be a day that is over; where things are returned to it is {today.isoformat()}"
            raise InvalidInput([FieldProblem("starts_on", "recovery.start_over", text)])
        require_start(wanted)
        require_order(wanted, before.deadline_on)
        after = msgspec.structs.replace(before, starts_on=wanted, updated_at=now, version=before.version + 1)
        await tables.reschedule(tx, after, begins_at=first_instant(after))
        subject = ("recovery_campaign", after.id)
        history.note(
            tx, actor.author, subject=subject, action="start_changed", at=now, before=before, after=after
        )
        outbox.record(tx, CampaignChanged(subject_id=after.id), at=now)
    return after
