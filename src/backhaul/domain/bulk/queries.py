"""Reading imports: one statement a question."""

import msgspec

from backhaul.domain.bulk.errors import BatchUnknown
from backhaul.domain.bulk.model import Batch, Standing
from backhaul.domain.bulk.tables import COLUMNS, batch_of
from backhaul.domain.identity.model import Actor, Right
from backhaul.storage.database import Database

GET_BATCH = f"SELECT {COLUMNS} FROM import_batches WHERE org_id = $1 AND number = $2"
LIST_BATCHES = f"""
SELECT {COLUMNS} FROM import_batches WHERE org_id = $1 AND ($2::bigint IS NULL OR number < $2)
ORDER BY number DESC LIMIT $3
"""
GET_STANDING = """
SELECT count(*) AS chunks, count(applied_at) AS applied_chunks, count(undone_at) AS undone_chunks,
    coalesce(sum(cardinality(created_ids)), 0)::bigint AS created,
    coalesce(sum(cardinality(changed_ids)), 0)::bigint AS updated,
    coalesce(sum(unchanged_count), 0)::bigint AS unchanged,
    coalesce(sum(undone_count), 0)::bigint AS undone,
    coalesce((SELECT jsonb_agg(one ORDER BY c.sequence, (one->>'row')::integer)
        FROM import_chunks AS c, jsonb_array_elements(c.problems) AS one
        WHERE c.org_id = $1 AND c.batch_id = $2), '[]') AS problems,
    coalesce((SELECT jsonb_agg(one ORDER BY c.sequence)
        FROM import_chunks AS c, jsonb_array_elements(c.kept) AS one
        WHERE c.org_id = $1 AND c.batch_id = $2), '[]') AS kept
FROM import_chunks WHERE org_id = $1 AND batch_id = $2
"""

PAGE_ROWS = 50


async def get_batch(db: Database, *, actor: Actor, number: int) -> Batch:
    """Return an import by its number, or refuse."""
    async with db.read(actor.scope(Right.INVENTORY_READ)) as reader:
        row = await reader.fetchrow(GET_BATCH, actor.org_id, number)
    if row is None:
        raise BatchUnknown(number=number)
    return batch_of(row)


async def list_batches(db: Database, *, actor: Actor, before: int | None = None) -> list[Batch]:
    """Return a page of imports, newest first: those below a number."""
    async with db.read(actor.scope(Right.INVENTORY_READ)) as reader:
        return [batch_of(row) for row in await reader.fetch(LIST_BATCHES, actor.org_id, before, PAGE_ROWS)]


async def get_standing(db: Database, *, actor: Actor, batch: Batch) -> Standing:
    """Return how far an import is."""
    async with db.read(actor.scope(Right.INVENTORY_READ)) as reader:
        row = await reader.fetchrow(GET_STANDING, actor.org_id, batch.id)
    return msgspec.convert(dict(row), Standing)
