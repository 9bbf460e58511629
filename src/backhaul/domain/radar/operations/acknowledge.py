"""Acknowledge an exception: somebody takes care of it."""

from datetime import datetime

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.radar import lifecycle, tables
from backhaul.domain.radar.events import ExceptionAcknowledged
from backhaul.domain.radar.model import MAX_NOTE_LENGTH, ParcelException
from backhaul.domain.radar.operations.look import name_of, note_closed
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage import history, outbox
from backhaul.storage.database import Database


async def acknowledge(
    db: Database, *, actor: Actor, exception: int, note: str | None, now: datetime
) -> ParcelException:
    """Note who takes care of an exception. It stays open until its cause goes, unless its transfer is over already.

    A closed one is refused. Repeating it with the same note changes nothing.
    """
    scope = actor.scope(Right.TRANSFERS_WRITE)
    text = (note or "").strip() or None
    if text is not None and len(text) > MAX_NOTE_LENGTH:
        problem = f"must have at most {MAX_NOTE_LENGTH} characters"
        raise InvalidInput([FieldProblem("note", "length", problem)])
    async with db.transaction(scope) as tx:
        before, transfer = await tables.lock(tx, exception)
        by = name_of(actor.author)
        if before.closed_at is None and (before.acknowledged_by, before.note) == (by, text):
            return before
        after = lifecycle.acknowledge(before, by=by, note=text, transfer=transfer, at=now)
        await tables.save(tx, after)
        if after.closed_at is not None:
            note_closed(tx, actor.author, before, after, action="acknowledged", at=now)
            return after
        subject = ("parcel_exception", after.id)
        history.note(
            tx, actor.author, subject=subject, action="acknowledged", at=now, before=before, after=after
        )
        outbox.record(tx, ExceptionAcknowledged(subject_id=after.id), at=now)
    return after
