"""Reading ladders: one statement a question."""

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.ladders.errors import LadderUnknown
from backhaul.domain.ladders.model import Ladder
from backhaul.domain.ladders.tables import COLUMNS
from backhaul.storage.database import Database
from backhaul.storage.rows import optional, record

LIST = f"SELECT {COLUMNS} FROM ladders WHERE org_id = $1 ORDER BY name_key"
GET = f"SELECT {COLUMNS} FROM ladders WHERE org_id = $1 AND name_key = name_key($2)"
GET_BY_NUMBER = f"SELECT {COLUMNS} FROM ladders WHERE org_id = $1 AND number = $2"
GET_DEFAULT = f"SELECT {COLUMNS} FROM ladders WHERE org_id = $1 AND is_default"


async def list_ladders(db: Database, *, actor: Actor) -> list[Ladder]:
    """Return an organization's own ladders by name; the built-in one is not among them."""
    scope = actor.scope(Right.RECOVERY_READ)
    async with db.read(scope) as reader:
        return [record(Ladder, row) for row in await reader.fetch(LIST, scope.org_id)]


async def get_ladder(db: Database, *, actor: Actor, name: str) -> Ladder:
    """Return a ladder by its name, or refuse an unknown one."""
    scope = actor.scope(Right.RECOVERY_READ)
    async with db.read(scope) as reader:
        found = optional(Ladder, await reader.fetchrow(GET, scope.org_id, name))
    if found is None:
        raise LadderUnknown(ladder=name[:100])
    return found


async def get_ladder_by_number(db: Database, *, actor: Actor, number: int) -> Ladder:
    """Return a ladder by its number, or refuse an unknown one."""
    scope = actor.scope(Right.RECOVERY_READ)
    async with db.read(scope) as reader:
        found = optional(Ladder, await reader.fetchrow(GET_BY_NUMBER, scope.org_id, number))
    if found is None:
        raise LadderUnknown(ladder=number)
    return found


async def find_default_ladder(db: Database, *, actor: Actor) -> Ladder | None:
    """Return the organization's default ladder; None: the built-in one."""
    scope = actor.scope(Right.RECOVERY_READ)
    async with db.read(scope) as reader:
        return optional(Ladder, await reader.fetchrow(GET_DEFAULT, scope.org_id))
