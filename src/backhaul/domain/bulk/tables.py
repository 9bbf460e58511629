"""Writing imports: the batch, and its chunks as they are staged, applied and taken back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from backhaul.domain.bulk.errors import BatchUnknown, FileBegun
from backhaul.domain.bulk.model import Batch, BatchId, Kept, Kind, RowProblem
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Reader, Tx
from backhaul.storage.rows import record

COLUMNS = ", ".join(Batch.__struct_fields__)
_INSERTED = [name for name in Batch.__struct_fields__ if name != "number"]

ADD_BATCH = f"""
INSERT INTO import_batches ({", ".join(_INSERTED)}) VALUES ({", ".join(f"${n}" for n, _ in enumerate(_INSERTED, 1))})
RETURNING number
"""
FILL_BATCH = """
UPDATE import_batches SET row_count = $3, create_count = $4, update_count = $5, unchanged_count = $6,
    refused_count = $7, problems = $8
WHERE org_id = $1 AND id = $2
"""
ADD_CHUNK = """
INSERT INTO import_chunks (org_id, batch_id, sequence, row_count, staged) VALUES ($1, $2, $3, $4, $5)
"""
FIND_OPEN = f"""
SELECT {COLUMNS} FROM import_batches WHERE org_id = $1 AND kind = $2 AND fingerprint = $3 AND status = 'open'
"""
LOCK_BATCH = f"SELECT {COLUMNS} FROM import_batches WHERE org_id = $1 AND number = $2 FOR NO KEY UPDATE"
# Whoever applies a chunk holds the batch in common with others who do; undoing and finishing wait for them.
SHARE_BATCH = f"SELECT {COLUMNS} FROM import_batches WHERE org_id = $1 AND id = $2 FOR SHARE"
SAVE_BATCH = """
UPDATE import_batches SET status = $3, updated_at = $4, version = $5, asked_at = $6
WHERE org_id = $1 AND id = $2 AND version = $5 - 1
"""

CLAIM_NEXT_CHUNK = """
SELECT sequence, staged FROM import_chunks WHERE org_id = $1 AND batch_id = $2 AND applied_at IS NULL
ORDER BY sequence LIMIT 1 FOR UPDATE
"""
CLAIM_FREE_CHUNK = f"{CLAIM_NEXT_CHUNK} SKIP LOCKED"
HAS_UNAPPLIED = """
SELECT EXISTS (SELECT FROM import_chunks WHERE org_id = $1 AND batch_id = $2 AND applied_at IS NULL)
"""
SAVE_APPLIED = """
WITH remembered AS (
    INSERT INTO import_images (org_id, batch_id, sequence, subject_id, kind, version, image)
    SELECT $1, $2, $3, i.id, b.kind, i.version, i.image
    FROM (SELECT unnest($6::uuid[]) AS id, unnest($7::integer[]) AS version, jsonb_array_elements($8::jsonb) AS image)
        AS i
    JOIN import_batches AS b ON b.org_id = $1 AND b.id = $2
)
UPDATE import_chunks SET staged = NULL, applied_at = $4, created_ids = $5, changed_count = cardinality($6),
    unchanged_count = $9, problems = $10
WHERE org_id = $1 AND batch_id = $2 AND sequence = $3
"""
FORGET_STAGED = """
UPDATE import_chunks SET staged = NULL WHERE org_id = $1 AND batch_id = $2 AND applied_at IS NULL
"""
COUNT_WRITTEN = """
SELECT coalesce(sum(cardinality(created_ids)), 0)::bigint AS created,
    coalesce(sum(changed_count), 0)::bigint AS updated
FROM import_chunks WHERE org_id = $1 AND batch_id = $2
"""
COUNT_UNDONE = """
SELECT coalesce(sum(undone_count), 0)::bigint AS undone, coalesce(sum(jsonb_array_length(kept)), 0)::bigint AS kept
FROM import_chunks WHERE org_id = $1 AND batch_id = $2
"""
# What came last is taken back first: later chunks may stand on earlier ones.
# What was tried before, only what was kept is tried again.
CLAIM_UNDO = """
SELECT c.sequence,
    CASE WHEN c.kept IS NULL THEN c.created_ids ELSE ARRAY(
        SELECT created.id FROM unnest(c.created_ids) AS created (id)
        WHERE created.id IN (SELECT (one->>'id')::uuid FROM jsonb_array_elements(c.kept) AS one)) END AS created_ids,
    coalesce(i.ids, '{}') AS changed_ids, coalesce(i.versions, '{}') AS changed_versions,
    coalesce(i.images, '[]') AS images
FROM (
    SELECT sequence, created_ids, kept FROM import_chunks
    WHERE org_id = $1 AND batch_id = $2 AND applied_at IS NOT NULL AND undone_at IS NULL
    ORDER BY sequence DESC LIMIT 1 FOR UPDATE
) AS c
LEFT JOIN LATERAL (
    SELECT array_agg(subject_id ORDER BY subject_id) AS ids, array_agg(version ORDER BY subject_id) AS versions,
        jsonb_agg(image ORDER BY subject_id) AS images
    FROM import_images WHERE org_id = $1 AND batch_id = $2 AND sequence = c.sequence AND image IS NOT NULL
) AS i ON true
"""
SAVE_UNDONE = """
WITH kept AS MATERIALIZED (SELECT (one->>'id')::uuid AS id FROM jsonb_array_elements($6::jsonb) AS one),
forgotten AS (
    UPDATE import_images SET image = NULL
    WHERE org_id = $1 AND batch_id = $2 AND sequence = $3 AND image IS NOT NULL
        AND subject_id NOT IN (SELECT id FROM kept)
)
UPDATE import_chunks SET undone_at = $4, undone_count = coalesce(undone_count, 0) + $5, kept = $6
WHERE org_id = $1 AND batch_id = $2 AND sequence = $3
"""
# Rows that are gone will not come back; everything else that was kept may be tried again.
TRY_KEPT_AGAIN = """
UPDATE import_chunks SET undone_at = NULL
WHERE org_id = $1 AND batch_id = $2 AND kept @? '$[*] ? (@.reason != "gone")'
"""
HAS_KEPT = """
SELECT EXISTS (SELECT FROM import_chunks
    WHERE org_id = $1 AND batch_id = $2 AND kept @? '$[*] ? (@.reason != "gone")')
"""

IDLE = """
SELECT b.org_id, b.number FROM import_batches AS b
WHERE b.status = 'open' AND b.updated_at < $1 AND NOT EXISTS (
    SELECT FROM import_chunks AS c WHERE c.org_id = b.org_id AND c.batch_id = b.id AND c.applied_at >= $1)
ORDER BY b.updated_at LIMIT $2
"""
WAS_WRITTEN_SINCE = """
SELECT EXISTS (SELECT FROM import_chunks WHERE org_id = $1 AND batch_id = $2 AND applied_at >= $3)
"""


class Claimed(msgspec.Struct, frozen=True):
    """A chunk that is being applied."""

    sequence: int
    staged: bytes


class Undoing(msgspec.Struct, frozen=True, kw_only=True):
    """A chunk that is being taken back."""

    sequence: int
    created_ids: tuple[UUID, ...]
    changed_ids: tuple[UUID, ...]
    changed_versions: tuple[int, ...]
    images: list[dict[str, Any]]


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """What applying a chunk came to."""

    created_ids: list[UUID]
    changed_ids: list[UUID]
    changed_versions: list[int]
    images: list[dict[str, Any]]
    unchanged: int
    problems: list[RowProblem]


async def add_batch(tx: Tx, batch: Batch) -> Batch:
    """Add an import and return it with its number; refuses a file whose import is not finished."""
    values = [_plain(getattr(batch, name)) for name in _INSERTED]
    try:
        number: int = await tx.fetchval(ADD_BATCH, *values)
    except (
        asyncpg.UniqueViolationError,
        asyncpg.LockNotAvailableError,
    ) as error:  # or is being begun right now
        raise FileBegun(file=batch.file_name) from error
    return msgspec.structs.replace(batch, number=number)


def _plain(value: object) -> object:
    return msgspec.to_builtins(value) if isinstance(value, tuple | str) else value


async def fill_batch(tx: Tx, batch: Batch) -> None:
    """Write what the check of an import's file came to."""
    await tx.execute(
        FILL_BATCH, tx.org_id, batch.id, batch.row_count, batch.create_count, batch.update_count,
        batch.unchanged_count, batch.refused_count, msgspec.to_builtins(batch.problems),
    )  # fmt: skip


async def find_open(tx: Tx, kind: Kind, fingerprint: bytes) -> Batch | None:
    """Return the import of this very file that was begun and not finished."""
    row = await tx.fetchrow(FIND_OPEN, tx.org_id, kind.value, fingerprint)
    return None if row is None else batch_of(row)


async def lock_batch(tx: Tx, number: int) -> Batch:
    """Return an import, locked until the transaction ends; refuses an unknown one."""
    row = await tx.fetchrow(LOCK_BATCH, tx.org_id, number)
    if row is None:
        raise BatchUnknown(number=number)
    return batch_of(row)


async def share_batch(tx: Tx, batch_id: BatchId) -> Batch:
    """Return an import that is not moved meanwhile."""
    return batch_of(await tx.fetchrow(SHARE_BATCH, tx.org_id, batch_id))


async def save_batch(tx: Tx, batch: Batch) -> None:
    """Write a locked import's next status."""
    await tx.execute(
        SAVE_BATCH,
        tx.org_id,
        batch.id,
        batch.status.value,
        batch.updated_at,
        batch.version,
        batch.asked_at,
    )


async def claim_chunk(tx: Tx, batch_id: BatchId, *, is_in_order: bool) -> Claimed | None:
    """Return the next chunk, locked; None when there is none left, or somebody else has just written it.

    Out of order, chunks that somebody is writing at this moment are passed over; in order, they are waited for.
    """
    statement = CLAIM_NEXT_CHUNK if is_in_order else CLAIM_FREE_CHUNK
    row = await tx.fetchrow(statement, tx.org_id, batch_id)
    return None if row is None else Claimed(row["sequence"], row["staged"])


async def save_applied(tx: Tx, batch_id: BatchId, sequence: int, done: Applied, *, at: datetime) -> None:
    """Write down what a chunk came to, and with that that it is applied."""
    await tx.execute(
        SAVE_APPLIED, tx.org_id, batch_id, sequence, at, done.created_ids, done.changed_ids, done.changed_versions,
        done.images, done.unchanged, msgspec.to_builtins(done.problems),
    )  # fmt: skip


async def claim_undo(tx: Tx, batch_id: BatchId) -> Undoing | None:
    """Return the last chunk that is not taken back yet, locked; None when there is none."""
    row = await tx.fetchrow(CLAIM_UNDO, tx.org_id, batch_id)
    return None if row is None else record(Undoing, row)


async def save_undone(
    tx: Tx, batch_id: BatchId, sequence: int, *, undone: int, kept: list[Kept], at: datetime
) -> None:
    """Write down that a chunk is taken back; what its restored rows held before is forgotten.

    Of kept rows only the id is written: what they are called may be personal, and is looked up when it is read.
    """
    left = [{"id": str(one.id), "reason": one.reason} for one in kept]
    await tx.execute(SAVE_UNDONE, tx.org_id, batch_id, sequence, at, undone, left)


async def idle(reader: Reader, *, since: datetime, limit: int) -> list[tuple[OrgId, int]]:
    """Return the open imports, of any organization, that nobody has gone on with since."""
    return [(OrgId(row["org_id"]), row["number"]) for row in await reader.fetch(IDLE, since, limit)]


def batch_of(row: Mapping[str, Any]) -> Batch:
    """Return the import of a row."""
    return record(Batch, row)
