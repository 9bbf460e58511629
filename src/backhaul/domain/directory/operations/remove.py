"""Remove an employee's personal record."""

from datetime import datetime

from backhaul.domain.directory import tables
from backhaul.domain.directory.events import EmployeeRemoved, EmployeeUpdated
from backhaul.domain.directory.model import EmployeeRef
from backhaul.domain.directory.operations.recording import note
from backhaul.domain.identity.model import Actor, Right
from backhaul.storage.database import Database


async def remove_employee(db: Database, *, actor: Actor, employee: EmployeeRef, now: datetime) -> None:
    """Remove whatever is personal about an employee; custody and history go on naming the id and the number.

    Those they managed have no manager then. Refused while they hold devices or are on legal hold, and the second
    time.
    """
    scope = actor.scope(Right.DIRECTORY_WRITE)
    async with db.transaction(scope) as tx:
        removed_id, freed_ids = await tables.remove(tx, employee, at=now)
        for freed_id in freed_ids:
            note(
                tx,
                actor.author,
                freed_id,
                action="updated",
                happened=EmployeeUpdated,
                at=now,
                fields=["manager_id"],
            )
        note(tx, actor.author, removed_id, action="removed", happened=EmployeeRemoved, at=now)
