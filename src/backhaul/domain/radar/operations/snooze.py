"""Put an exception off: nobody needs to look at it before an instant."""

from datetime import datetime

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.radar import lifecycle, tables
from backhaul.domain.radar.events import ExceptionSnoozed, ExceptionWoken
from backhaul.domain.radar.model import MAX_SNOOZE, ParcelException
from backhaul.domain.radar.operations.look import name_of
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage import history, outbox
from backhaul.storage.database import Database


async def snooze(
    db: Database, *, actor: Actor, exception: int, until: datetime, now: datetime
) -> ParcelException:
    """Put an open exception off until an instant, at most `MAX_SNOOZE` ahead; then it needs somebody again.

    It closes meanwhile if its cause goes. Whoever took care of it does not any more. A closed one is refused.
    Repeating it changes nothing.
    """
    scope = actor.scope(Right.TRANSFERS_WRITE)
    if not now < until <= now + MAX_SNOOZE:
        text = f"must be a day to come, at most {MAX_SNOOZE.days} days ahead"
        raise InvalidInput([FieldProblem("until", "range", text)])
    async with db.transaction(scope) as tx:
        before, _ = await tables.lock(tx, exception)
        after = lifecycle.snooze(before, until=until, by=name_of(actor.author))
        if (before.snoozed_until, before.snoozed_by) == (after.snoozed_until, after.snoozed_by):
            return before
        await tables.save(tx, after)
        subject = ("parcel_exception", after.id)
        history.note(tx, actor.author, subject=subject, action="snoozed", at=now, before=before, after=after)
        outbox.record(tx, ExceptionSnoozed(subject_id=after.id, until=until), at=now)
    return after


async def wake(db: Database, *, actor: Actor, exception: int, now: datetime) -> ParcelException:
    """Have a snoozed exception need somebody at once. A closed one is refused; one that is awake stays as it is."""
    scope = actor.scope(Right.TRANSFERS_WRITE)
    async with db.transaction(scope) as tx:
        before, _ = await tables.lock(tx, exception)
        after = lifecycle.wake(before)
        if before.snoozed_until is None:
            return before
        await tables.save(tx, after)
        subject = ("parcel_exception", after.id)
        history.note(tx, actor.author, subject=subject, action="woken", at=now, before=before, after=after)
        outbox.record(tx, ExceptionWoken(subject_id=after.id), at=now)
    return after
