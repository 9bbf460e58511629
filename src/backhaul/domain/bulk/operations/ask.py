"""Have a worker write an import or take it back: whoever asks at a screen does not wait for it."""

from datetime import datetime

import msgspec

from backhaul.domain.bulk import lifecycle, tables, tasks
from backhaul.domain.bulk.importers import IMPORTERS
from backhaul.domain.bulk.model import Action, Batch, Status
from backhaul.domain.bulk.operations.undo import begin_undo
from backhaul.domain.bulk.queries import get_batch
from backhaul.domain.identity.model import Actor
from backhaul.storage import history
from backhaul.storage.database import Database


async def ask_to_apply(db: Database, *, actor: Actor, number: int, now: datetime) -> Batch:
    """Have an import written in the background. Asked again, it stays asked for; refused once it is not open."""
    batch = await get_batch(db, actor=actor, number=number)
    async with db.transaction(actor.scope(IMPORTERS[batch.kind].right)) as tx:
        before = await tables.lock_batch(tx, number)
        if before.status is not Status.OPEN:
            lifecycle.advance(before, Action.APPLY, at=now)  # refuses: only what is open moves by it
        if before.asked_at is not None:
            return before
        after = msgspec.structs.replace(before, asked_at=now, updated_at=now, version=before.version + 1)
        await tables.save_batch(tx, after)
        history.note(
            tx,
            actor.author,
            subject=("import", after.id),
            action="asked_for",
            at=now,
            before=before,
            after=after,
        )
        author = actor.author
        tasks.apply_import.enqueue(
            tx, key=str(number), number=number, author_kind=author.kind, author_id=author.id
        )
    return after


async def ask_to_undo(db: Database, *, actor: Actor, number: int, now: datetime) -> Batch:
    """Have an import taken back in the background; nothing more of it is written from now on."""
    batch = await get_batch(db, actor=actor, number=number)
    async with db.transaction(actor.scope(IMPORTERS[batch.kind].right)) as tx:
        after = await begin_undo(tx, actor, batch, now)
        author = actor.author
        tasks.undo_import.enqueue(
            tx, key=str(number), number=number, author_kind=author.kind, author_id=author.id
        )
    return after
