"""Take an import back: what it created is removed, what it changed is restored, what others touched is kept."""

from datetime import datetime

from backhaul.domain.bulk import lifecycle, tables
from backhaul.domain.bulk.events import ImportUndone
from backhaul.domain.bulk.importer import Stamp
from backhaul.domain.bulk.importers import IMPORTERS
from backhaul.domain.bulk.model import Action, Batch, Standing, Status
from backhaul.domain.bulk.operations.retrying import retrying
from backhaul.domain.bulk.operations.review import ignore
from backhaul.domain.bulk.queries import read_standing
from backhaul.domain.bulk.staging import Progress
from backhaul.domain.identity.model import Actor
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Tx


async def undo_batch(
    db: Database, *, actor: Actor, batch: Batch, now: datetime, progress: Progress = ignore
) -> Standing:
    """Take back an import, or what was written of it, and return what came of it.

    The last chunk first, each in a transaction of its own. Safe to repeat and to interrupt. Rows that were changed
    since, or that something else stands on, stay as they are; `Standing.kept` names them, and undoing again tries them
    again. A change that was undone in its turn does not count.
    """
    await retrying(batch, lambda: _begin(db, actor, batch, now))
    rows = 0
    while (undone := await retrying(batch, lambda: _undo_chunk(db, actor, batch, now))) is not None:
        rows += undone
        progress(rows)
    async with db.read(actor.scope(IMPORTERS[batch.kind].right)) as reader:
        return await read_standing(reader, batch)


async def _begin(db: Database, actor: Actor, batch: Batch, now: datetime) -> None:
    async with db.transaction(actor.scope(IMPORTERS[batch.kind].right)) as tx:
        await begin_undo(tx, actor, batch, now)


async def begin_undo(tx: Tx, actor: Actor, batch: Batch, now: datetime) -> Batch:
    """Close an import for writing, so that what was written can be taken back chunk by chunk. May run twice."""
    before = await tables.lock_batch(tx, batch.number)
    after = lifecycle.advance(before, Action.START_UNDO, at=now)
    await tables.save_batch(tx, after)
    await tx.execute(tables.FORGET_STAGED, tx.org_id, batch.id)
    if before.status is Status.UNDONE_PARTLY:
        await tx.execute(tables.TRY_KEPT_AGAIN, tx.org_id, batch.id)
    if before.status is not Status.UNDOING:
        history.note(
            tx,
            actor.author,
            subject=("import", after.id),
            action="undo_begun",
            at=now,
            before=before,
            after=after,
        )
    return after


async def _undo_chunk(db: Database, actor: Actor, batch: Batch, now: datetime) -> int | None:
    """Take the last chunk back and return how many rows that were; with none left, close the import: None."""
    importer = IMPORTERS[batch.kind]
    async with db.transaction(actor.scope(importer.right)) as tx:
        present = await tables.lock_batch(tx, batch.number)
        if present.status is not Status.UNDOING:
            return None  # somebody else was quicker
        chunk = await tables.claim_undo(tx, batch.id)
        if chunk is not None:
            undone = await importer.undo(tx, Stamp(at=now, author=actor.author, batch=batch), chunk)
            await tables.save_undone(
                tx, batch.id, chunk.sequence, undone=undone.rows, kept=undone.kept, at=now
            )
            return undone.rows
        has_kept = await tx.fetchval(tables.HAS_KEPT, tx.org_id, batch.id)
        finish = Action.FINISH_UNDO_PARTLY if has_kept else Action.FINISH_UNDO
        after = lifecycle.advance(present, finish, at=now)
        await tables.save_batch(tx, after)
        counts = await tx.fetchrow(tables.COUNT_UNDONE, tx.org_id, batch.id)
        history.note(
            tx,
            actor.author,
            subject=("import", after.id),
            action="undone",
            at=now,
            before=present,
            after=after,
        )
        outbox.record(tx, ImportUndone(subject_id=after.id, kind=after.kind, **counts), at=now)
    return None
