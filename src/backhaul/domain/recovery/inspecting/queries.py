"""Reading what was found."""

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.recovery.inspecting import statements
from backhaul.domain.recovery.inspecting.model import FoundLine
from backhaul.domain.recovery.model import CaseId
from backhaul.storage.database import Database
from backhaul.storage.rows import record


async def list_found(db: Database, *, actor: Actor, case_id: CaseId) -> tuple[FoundLine, ...]:
    """Return what was in the opened parcels of a case, and what was missing there; nothing before one is opened."""
    scope = actor.scope(Right.RECOVERY_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.FOUND, scope.org_id, case_id)
    return tuple(record(FoundLine, row) for row in rows)
