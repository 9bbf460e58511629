"""Write an employee's record anew."""

from datetime import datetime

import msgspec

from backhaul.domain.directory import tables
from backhaul.domain.directory.events import EmployeeUpdated
from backhaul.domain.directory.model import Details, Employee, EmployeeRef
from backhaul.domain.directory.operations.recording import columns_of, note
from backhaul.domain.directory.spelling import check_details, clean_details
from backhaul.domain.directory.tables import Named, manager_unknown
from backhaul.domain.identity.model import Actor, Right
from backhaul.kernel.errors import InvalidInput
from backhaul.storage.database import Database


async def update_employee(
    db: Database, *, actor: Actor, employee: EmployeeRef, details: Details, now: datetime
) -> Employee:
    """Replace what is written down about an employee; only what the details leave UNSET stays (contract §2.3).

    The same details again change nothing. Refused like `add_employee`, and for an unknown employee.
    """
    scope = actor.scope(Right.DIRECTORY_WRITE)
    problems = check_details(details)
    if problems:
        raise InvalidInput(problems)
    clean = clean_details(details)
    columns = columns_of(clean)
    async with db.transaction(scope) as tx:
        before, named = await tables.lock(tx, employee, clean, at=now)
        after = msgspec.structs.replace(before, **columns, **_named(clean, named))
        if after == before:
            return before
        if after.manager_id == after.id:
            raise InvalidInput([manager_unknown("manager_email")])
        fields = [name for name in after.__struct_fields__ if getattr(after, name) != getattr(before, name)]
        after = msgspec.structs.replace(after, updated_at=now, version=before.version + 1)
        tables.save(tx, after)
        note(tx, actor.author, after.id, action="updated", happened=EmployeeUpdated, at=now, fields=fields)
        await tables.write_saved(tx, after)
    return after


def _named(details: Details, named: Named) -> dict[str, object]:
    found: dict[str, object] = {"location_id": named.location_id}
    if details.department_name is not msgspec.UNSET:
        found["department_id"] = named.department_id
    if details.manager_email is not msgspec.UNSET:
        found["manager_id"] = named.manager_id
    return found
