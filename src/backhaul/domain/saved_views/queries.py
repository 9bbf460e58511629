"""Reading saved views: one statement a question."""

from backhaul.domain.identity.model import Actor
from backhaul.domain.saved_views.errors import PersonMissing, ViewUnknown
from backhaul.domain.saved_views.model import SavedView, ViewedList, ViewId
from backhaul.domain.saved_views.tables import VIEW
from backhaul.kernel.ids import UserId
from backhaul.storage.database import Database
from backhaul.storage.rows import record
from backhaul.storage.scope import Scope

MOST_SHOWN = 200

_SEEN = "org_id = $1 AND (user_id = $2 OR is_shared) AND removed_at IS NULL"
GET_VIEW = f"SELECT {VIEW} FROM saved_views WHERE {_SEEN} AND id = $3"
LIST_VIEWS = f"""
SELECT {VIEW} FROM saved_views
WHERE {_SEEN} AND ($3::text IS NULL OR list = $3) ORDER BY list, name_key(name), id LIMIT {MOST_SHOWN}
"""


def owner_of(actor: Actor) -> tuple[Scope, UserId]:
    """Return whose views these are; every member has views, whatever their role. Refuses who is no person."""
    if actor.user_id is None:
        raise PersonMissing
    return Scope(actor.org_id), actor.user_id


async def list_views(db: Database, *, actor: Actor, viewed: ViewedList | None = None) -> list[SavedView]:
    """Return the views that the caller sees, by list and name: their own and the shared ones."""
    scope, user_id = owner_of(actor)
    async with db.read(scope) as reader:
        rows = await reader.fetch(LIST_VIEWS, scope.org_id, user_id, viewed and viewed.value)
    return [record(SavedView, row) for row in rows]


async def get_view(db: Database, *, actor: Actor, view_id: ViewId) -> SavedView:
    """Return a view that the caller sees, or refuse an unknown one."""
    scope, user_id = owner_of(actor)
    async with db.read(scope) as reader:
        row = await reader.fetchrow(GET_VIEW, scope.org_id, user_id, view_id)
    if row is None:
        raise ViewUnknown
    return record(SavedView, row)
