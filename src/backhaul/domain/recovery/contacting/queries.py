"""Reading the log of contacts."""

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.recovery.contacting import statements
from backhaul.domain.recovery.contacting.model import LoggedContact
from backhaul.domain.recovery.queries import get_case
from backhaul.storage.database import Database
from backhaul.storage.rows import record

MOST_LISTED = 200


async def list_logged(
    db: Database, *, actor: Actor, case: str, page: int = 1, per_page: int = MOST_LISTED
) -> list[LoggedContact]:
    """Return a page of all that was written or left out about a recovery, by its id or code, newest first."""
    found = await get_case(db, actor=actor, ref=case)
    scope = actor.scope(Right.RECOVERY_READ)
    size = min(per_page, MOST_LISTED)
    async with db.read(scope) as reader:
        rows = await reader.fetch(
            statements.LIST_LOGGED, scope.org_id, found.detail.case.id, (page - 1) * size, size
        )
    return [record(LoggedContact, row) for row in rows]
