"""Add somebody to the directory."""

from datetime import datetime

from backhaul.domain.directory import tables
from backhaul.domain.directory.events import EmployeeAdded
from backhaul.domain.directory.model import Details, Employee, EmployeeId, EmployeeStatus
from backhaul.domain.directory.operations.recording import columns_of, note
from backhaul.domain.directory.spelling import check_details, clean_details
from backhaul.domain.identity.model import Actor, Right
from backhaul.kernel.errors import InvalidInput
from backhaul.kernel.ids import new_id
from backhaul.storage.database import Database


async def add_employee(db: Database, *, actor: Actor, details: Details, now: datetime) -> Employee:
    """Add an employee; a location or department that is named and new is made.

    Refuses an address that an employee of the organization has (`EmailTaken`), and wrong values, an unknown manager
    among them, all at once.
    """
    scope = actor.scope(Right.DIRECTORY_WRITE)
    problems = check_details(details)
    if problems:
        raise InvalidInput(problems)
    clean = clean_details(details)
    columns = {**FIRST_COLUMNS, **columns_of(clean)}
    async with db.transaction(scope) as tx:
        added = await tables.add(tx, EmployeeId(new_id()), clean, columns, at=now)
        note(tx, actor.author, added.id, action="added", happened=EmployeeAdded, at=now)
    return added


FIRST_COLUMNS = {"status": EmployeeStatus.ACTIVE, "starts_on": None}
