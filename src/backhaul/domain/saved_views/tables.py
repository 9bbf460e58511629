"""Writing saved views: steps in the caller's transaction."""

import msgspec
from asyncpg import UniqueViolationError

from backhaul.domain.saved_views.errors import TooManyViews, ViewNameTaken, ViewUnknown
from backhaul.domain.saved_views.model import MOST_VIEWS, SavedView, ViewId
from backhaul.storage.database import Tx
from backhaul.storage.rows import record

VIEW = ", ".join(SavedView.__struct_fields__)
# Nothing is added to a person's hundredth view. Two at once may make a hundred and one: nobody is harmed.
ADD = f"""
INSERT INTO saved_views ({VIEW})
SELECT $2, $1, $3, $4, $5, $6, $7, $8, NULL, 1
WHERE (SELECT count(*) FROM saved_views WHERE org_id = $1 AND user_id = $3 AND removed_at IS NULL) < {MOST_VIEWS}
RETURNING id
"""
LOCK = f"SELECT {VIEW} FROM saved_views WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE"
SAVE = """
UPDATE saved_views SET name = $3, query = $4, is_shared = $5, removed_at = $6, version = $7
WHERE org_id = $1 AND id = $2
"""


async def add(tx: Tx, view: SavedView) -> None:
    """Write a view down. Refuses a name that its owner has, and more views than a person can keep."""
    values = (view.user_id, view.list.value, view.name, view.query, view.is_shared, view.created_at)
    try:
        added = await tx.fetchval(ADD, tx.org_id, view.id, *values)
    except UniqueViolationError as taken:
        raise ViewNameTaken(name=view.name) from taken
    if added is None:
        raise TooManyViews(most=MOST_VIEWS)


async def lock(tx: Tx, view_id: ViewId) -> SavedView:
    """Return a view, locked until the commit, or refuse an unknown one."""
    row = await tx.fetchrow(LOCK, tx.org_id, view_id)
    if row is None:
        raise ViewUnknown
    return record(SavedView, row)


async def save(tx: Tx, view: SavedView) -> SavedView:
    """Write a changed view and return it. Refuses a name that its owner has."""
    after = msgspec.structs.replace(view, version=view.version + 1)
    values = (after.name, after.query, after.is_shared, after.removed_at, after.version)
    try:
        await tx.execute(SAVE, tx.org_id, after.id, *values)
    except UniqueViolationError as taken:
        raise ViewNameTaken(name=view.name) from taken
    return after
