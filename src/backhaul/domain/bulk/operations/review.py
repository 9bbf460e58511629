"""Check a file: what would it do? And, if it may, keep it as an import that will be applied."""

from datetime import datetime

import msgspec

from backhaul.domain.bulk import tables
from backhaul.domain.bulk.errors import RowsRefused
from backhaul.domain.bulk.importers import IMPORTERS
from backhaul.domain.bulk.model import Batch, BatchId, Kind, Review, RowProblem, Status, Verdict
from backhaul.domain.bulk.reading import Source
from backhaul.domain.bulk.staging import Progress, Report, stage
from backhaul.domain.identity.model import Actor
from backhaul.kernel.ids import new_id
from backhaul.storage import history
from backhaul.storage.database import Database, Tx


class Opened(msgspec.Struct, frozen=True):
    """A checked file."""

    review: Review
    batch: Batch | None  # None: it would change nothing, so nothing is kept


def ignore(_: RowProblem | int) -> None:
    """Tell nobody."""


async def review_file(
    db: Database,
    *,
    actor: Actor,
    kind: Kind,
    source: Source,
    report: Report = ignore,
    progress: Progress = ignore,
) -> Review:
    """Say what a file would do. Writes nothing; the verdicts are those applying it comes to."""
    importer = IMPORTERS[kind]
    async with db.transaction(actor.scope(importer.right)) as tx:
        return await stage(tx, importer, source, keep_as=None, report=report, progress=progress)


async def find_begun(db: Database, *, actor: Actor, kind: Kind, source: Source) -> Batch | None:
    """Return the import of this very file that was begun and not finished."""
    async with db.transaction(actor.scope(IMPORTERS[kind].right)) as tx:
        return await tables.find_open(tx, kind, source.fingerprint)


async def open_batch(
    db: Database,
    *,
    actor: Actor,
    kind: Kind,
    source: Source,
    now: datetime,
    skips_errors: bool = False,
    report: Report = ignore,
    progress: Progress = ignore,
) -> Opened:
    """Check a file and keep its rows as an import; `apply_batch` then writes them.

    `RowsRefused` carries the review when rows have errors, unless they are to be left out.
    """
    importer = IMPORTERS[kind]
    try:
        async with db.transaction(actor.scope(importer.right)) as tx:
            empty = await tables.add_batch(tx, _empty(actor, kind, source, now))
            review = await stage(tx, importer, source, keep_as=empty.id, report=report, progress=progress)
            _require_use(review, skips_errors=skips_errors)
            batch = await _fill(tx, actor, empty, review, now)
    except _WithoutEffect as nothing:
        return Opened(nothing.review, None)
    return Opened(review, batch)


def _require_use(review: Review, *, skips_errors: bool) -> None:
    if review.refused and not skips_errors:
        refusal = RowsRefused(count=review.refused)
        refusal.review = review
        raise refusal
    if review.is_without_effect:
        raise _WithoutEffect(review)


class _WithoutEffect(Exception):
    """Rolls back what was kept of a file that changes nothing."""

    def __init__(self, review: Review) -> None:
        self.review = review


def _empty(actor: Actor, kind: Kind, source: Source, now: datetime) -> Batch:
    return Batch(
        id=BatchId(new_id()),
        org_id=actor.org_id,
        number=0,
        kind=kind,
        file_name=source.name,
        fingerprint=source.fingerprint,
        status=Status.OPEN,
        row_count=0,
        create_count=0,
        update_count=0,
        unchanged_count=0,
        refused_count=0,
        problems=(),
        author_kind=actor.author.kind,
        author_id=actor.author.id,
        created_at=now,
        updated_at=now,
        version=1,
    )


async def _fill(tx: Tx, actor: Actor, empty: Batch, review: Review, now: datetime) -> Batch:
    batch = msgspec.structs.replace(
        empty,
        row_count=review.rows,
        create_count=review.verdicts.get(Verdict.CREATE, 0),
        update_count=review.verdicts.get(Verdict.UPDATE, 0),
        unchanged_count=review.verdicts.get(Verdict.UNCHANGED, 0),
        refused_count=review.refused,
        problems=review.problems,
    )
    await tables.fill_batch(tx, batch)
    history.note(
        tx,
        actor.author,
        subject=("import", batch.id),
        action="opened",
        at=now,
        after=msgspec.structs.replace(batch, problems=()),
    )
    return batch
