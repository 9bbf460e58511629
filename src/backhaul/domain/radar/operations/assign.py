"""Give an exception another owner."""

from datetime import datetime

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.identity.queries import require_member_by_email
from backhaul.domain.radar import lifecycle, tables
from backhaul.domain.radar.events import ExceptionAssigned
from backhaul.domain.radar.model import ParcelException
from backhaul.storage import history, outbox
from backhaul.storage.database import Database


async def assign(db: Database, *, actor: Actor, exception: int, owner: str, now: datetime) -> ParcelException:
    """Make an enabled member the owner of an open exception. Repeating it changes nothing."""
    scope = actor.scope(Right.TRANSFERS_WRITE)
    async with db.transaction(scope) as tx:
        member = await require_member_by_email(tx, email=owner, path="owner")
        before, _ = await tables.lock(tx, exception)
        after = lifecycle.assign(before, owner_id=member.id, owner_email=member.email)
        if before.owner_id == member.id:
            return before
        await tables.save(tx, after)
        subject = ("parcel_exception", after.id)
        history.note(tx, actor.author, subject=subject, action="assigned", at=now, before=before, after=after)
        outbox.record(tx, ExceptionAssigned(subject_id=after.id, owner_id=member.id), at=now)
    return after
