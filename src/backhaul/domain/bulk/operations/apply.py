"""Write an import: chunk after chunk, each in a transaction of its own that also notes that the chunk is done."""

import asyncio
from datetime import datetime

from backhaul.domain.bulk import lifecycle, tables
from backhaul.domain.bulk.columns import lay_out
from backhaul.domain.bulk.events import ImportApplied
from backhaul.domain.bulk.importer import Importer, Stamp
from backhaul.domain.bulk.importers import IMPORTERS
from backhaul.domain.bulk.model import Action, Batch, RowProblem, Status, Verdict
from backhaul.domain.bulk.operations.retrying import retrying
from backhaul.domain.bulk.operations.review import ignore
from backhaul.domain.bulk.parsing import NOTHING
from backhaul.domain.bulk.queries import read_standing
from backhaul.domain.bulk.staging import Progress, Wording, copy, judge
from backhaul.domain.bulk.tables import Applied, Claimed
from backhaul.domain.identity.model import Actor
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Tx

AT_ONCE = 2  # chunks: while one waits for its commit the other works


async def apply_batch(
    db: Database, *, actor: Actor, batch: Batch, now: datetime, progress: Progress = ignore
) -> Batch:
    """Write what is left of an import, and return it as it stands then.

    Safe to repeat, to interrupt anywhere and to run several times at once: each chunk is written exactly once, in one
    transaction. Rows that have become wrong since the check are left out and noted with the import. Refused for what
    is undone or abandoned, also when that happens meanwhile.
    """
    rows = await retrying(batch, lambda: _rows_done(db, actor, batch, now))
    progress(rows)

    async def work() -> None:
        nonlocal rows
        while (written := await retrying(batch, lambda: _apply_once(db, actor, batch, now))) is not None:
            rows += written
            progress(rows)

    while (finished := await retrying(batch, lambda: _finish(db, actor, batch, now))) is None:
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(1 if IMPORTERS[batch.kind].is_in_order else AT_ONCE):
                    group.create_task(work())
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from None  # a refusal stays one
    _require_use(finished, now)  # somebody may have undone it meanwhile
    return finished


def _require_use(batch: Batch, now: datetime) -> None:
    if batch.status is not Status.APPLIED:
        lifecycle.advance(batch, Action.APPLY, at=now)  # refuses


async def _rows_done(db: Database, actor: Actor, batch: Batch, now: datetime) -> int:
    async with db.transaction(actor.scope(IMPORTERS[batch.kind].right)) as tx:
        _require_use(await tables.share_batch(tx, batch.id), now)
        return (await read_standing(tx, batch)).done


async def _apply_once(db: Database, actor: Actor, batch: Batch, now: datetime) -> int | None:
    """Write the next chunk and return how many rows it had; None when there is none left to claim."""
    importer = IMPORTERS[batch.kind]
    async with db.transaction(actor.scope(importer.right)) as tx:
        present = await tables.share_batch(tx, batch.id)
        claimed = None
        if present.status is Status.OPEN:
            claimed = await tables.claim_chunk(tx, batch.id, is_in_order=importer.is_in_order)
        if claimed is None:
            return None
        verdicts, problems = await _judge(tx, importer, claimed)
        written = await importer.write(tx, Stamp(at=now, author=actor.author, batch=batch))
        done = Applied(
            created_ids=written.created_ids,
            changed_ids=written.changed_ids,
            changed_versions=written.changed_versions,
            images=written.images,
            unchanged=verdicts.get(Verdict.UNCHANGED, 0),
            problems=problems,
        )
        await tables.save_applied(tx, batch.id, claimed.sequence, done, at=now)
    return sum(verdicts.values())


async def _judge(tx: Tx, importer: Importer, claimed: Claimed) -> tuple[dict[Verdict, int], list[RowProblem]]:
    for definition in importer.temporary:
        await tx.execute(definition)
    await copy(tx, importer, claimed.staged, importer.kept_columns)
    await tx.fetchval(importer.lock, tx.org_id)
    if importer.spread is not None:
        await tx.execute(importer.claim_keys)
    await judge(tx, importer)
    verdicts = {Verdict(row["verdict"]): row["rows"] for row in await tx.fetch(importer.verdicts)}
    if Verdict.ERROR not in verdicts:
        return verdicts, []
    # The file is not at hand any more: its rows are worded from their lines, with the columns' own names.
    names = ["", *(column.name for column in importer.columns)]
    wording = Wording(importer, lay_out(names, importer.columns), await importer.hints(tx))
    lines = {
        int(cells[0]): ["" if cell == NOTHING else cell.replace("\\\\", "\\") for cell in cells]
        for cells in (line.split("\t") for line in claimed.staged.decode().split("\n") if line)
    }
    problems = [
        wording.stored(wording.problem(row["row_number"], lines[row["row_number"]], fault))
        for row in await tx.fetch(importer.problems)
        for fault in row["problems"]
    ]
    return verdicts, problems


async def _finish(db: Database, actor: Actor, batch: Batch, now: datetime) -> Batch | None:
    """Close an import whose chunks are all written, and return it; None while some are not."""
    async with db.transaction(actor.scope(IMPORTERS[batch.kind].right)) as tx:
        before = await tables.lock_batch(tx, batch.number)
        if before.status is not Status.OPEN:
            return before
        if await tx.fetchval(tables.HAS_UNAPPLIED, tx.org_id, batch.id):
            return None
        after = lifecycle.advance(before, Action.APPLY, at=now)
        await tables.save_batch(tx, after)
        counts = await tx.fetchrow(tables.COUNT_WRITTEN, tx.org_id, batch.id)
        history.note(
            tx,
            actor.author,
            subject=("import", after.id),
            action="applied",
            at=now,
            before=before,
            after=after,
        )
        outbox.record(tx, ImportApplied(subject_id=after.id, kind=after.kind, **counts), at=now)
    return after
