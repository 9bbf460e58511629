"""Reading imports: one statement a question."""

import msgspec

from backhaul.domain.bulk.errors import BatchUnknown
from backhaul.domain.bulk.model import Batch, Kind, Standing
from backhaul.domain.bulk.tables import COLUMNS, batch_of
from backhaul.domain.identity.model import Actor, Right
from backhaul.storage.database import Database, Reader
from backhaul.storage.scope import Scope

GET_BATCH = f"SELECT {COLUMNS} FROM import_batches WHERE org_id = $1 AND number = $2"
LIST_BATCHES = f"""
SELECT {COLUMNS} FROM import_batches
WHERE org_id = $1 AND kind = ANY ($4::text[]) AND ($2::bigint IS NULL OR number < $2)
ORDER BY number DESC LIMIT $3
"""
GET_STANDING = """
SELECT count(*) AS chunks, count(applied_at) AS applied_chunks, count(undone_at) AS undone_chunks,
    coalesce(sum(cardinality(created_ids)), 0)::bigint AS created,
    coalesce(sum(changed_count), 0)::bigint AS updated,
    coalesce(sum(unchanged_count), 0)::bigint AS unchanged,
    coalesce(sum(undone_count), 0)::bigint AS undone,
    coalesce((SELECT jsonb_agg(one ORDER BY c.sequence, (one->>'row')::integer)
        FROM import_chunks AS c, jsonb_array_elements(c.problems) AS one
        WHERE c.org_id = $1 AND c.batch_id = $2), '[]') AS problems,
    coalesce((SELECT jsonb_agg(k.one || jsonb_build_object('key', coalesce(a.serial_number, e.email, ''))
            ORDER BY k.sequence)
        FROM (SELECT c.sequence, one, (one->>'id')::uuid AS id
            FROM import_chunks AS c, jsonb_array_elements(c.kept) AS one
            WHERE c.org_id = $1 AND c.batch_id = $2) AS k
        LEFT JOIN assets AS a ON a.org_id = $1 AND a.id = k.id
        LEFT JOIN employees AS e ON e.org_id = $1 AND e.id = k.id), '[]') AS kept
FROM import_chunks WHERE org_id = $1 AND batch_id = $2
"""

PAGE_ROWS = 50
# What an import tells of rows is what the rows tell.
READING = {Kind.ASSETS: Right.INVENTORY_READ, Kind.EMPLOYEES: Right.DIRECTORY_READ}


async def get_batch(db: Database, *, actor: Actor, number: int) -> Batch:
    """Return an import by its number; refuses one of a kind that the caller may not read."""
    async with db.read(_scope(actor)) as reader:
        row = await reader.fetchrow(GET_BATCH, actor.org_id, number)
    if row is None:
        raise BatchUnknown(number=number)
    batch = batch_of(row)
    actor.scope(READING[batch.kind])
    return batch


async def list_batches(db: Database, *, actor: Actor, before: int | None = None) -> list[Batch]:
    """Return a page of imports, newest first: those below a number, of the kinds the caller may read."""
    kinds = [kind.value for kind, right in READING.items() if right in actor.rights]
    async with db.read(_scope(actor)) as reader:
        rows = await reader.fetch(LIST_BATCHES, actor.org_id, before, PAGE_ROWS, kinds)
    return [batch_of(row) for row in rows]


def _scope(actor: Actor) -> Scope:
    """Refuse callers who may read no kind at all."""
    return actor.scope(
        next((right for right in READING.values() if right in actor.rights), Right.INVENTORY_READ)
    )


async def get_standing(db: Database, *, actor: Actor, batch: Batch) -> Standing:
    """Return how far an import is."""
    async with db.read(actor.scope(READING[batch.kind])) as reader:
        return await read_standing(reader, batch)


async def read_standing(reader: Reader, batch: Batch) -> Standing:
    """Return how far an import is, to whoever may write it."""
    row = await reader.fetchrow(GET_STANDING, batch.org_id, batch.id)
    return msgspec.convert(dict(row), Standing)
