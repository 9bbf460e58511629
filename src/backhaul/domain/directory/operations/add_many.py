"""Add a list of people: all of it is right, or nothing is written."""

from datetime import datetime

import msgspec

from backhaul.domain.directory import tables
from backhaul.domain.directory.events import EmployeeAdded
from backhaul.domain.directory.model import Details, Employee, EmployeeId
from backhaul.domain.directory.operations.add import FIRST_COLUMNS
from backhaul.domain.directory.operations.recording import columns_of, note
from backhaul.domain.directory.spelling import check_details, clean_details
from backhaul.domain.directory.tables import Look, manager_unknown
from backhaul.domain.identity.model import Actor, Right
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import new_id
from backhaul.storage.database import Database

MAX_LISTED = 500  # contract §2.3


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a list."""

    created: tuple[Employee, ...]  # in the list's order
    skipped: tuple[str, ...]  # addresses that employees have already, as the list has them


async def add_employees(db: Database, *, actor: Actor, many: list[Details], now: datetime) -> Added:
    """Add up to 500 employees at once; whose address an employee has already is passed over and named.

    Refused with everything that is wrong in the whole list, under paths like `employees[3].email`. A manager may be
    another entry of the list. The same list again adds nobody.
    """
    scope = actor.scope(Right.DIRECTORY_WRITE)
    if not 1 <= len(many) <= MAX_LISTED:
        text = f"must list 1 to {MAX_LISTED} employees"
        raise InvalidInput([FieldProblem("employees", "directory.list_length", text)])
    problems = [
        msgspec.structs.replace(problem, path=_path(position, problem.path))
        for position, details in enumerate(many)
        for problem in check_details(details)
    ]
    clean = [clean_details(details) for details in many]
    entries = [(EmployeeId(new_id()), details, {**FIRST_COLUMNS, **columns_of(details)}) for details in clean]
    async with db.transaction(scope) as tx:
        looks = await tables.look_at_many(tx, clean)
        problems += _seen(looks)
        if problems:
            raise InvalidInput(problems)
        new = {position: entries[position] for position, look in enumerate(looks) if not look.is_known}
        created = await tables.add_many(tx, new, at=now)
        for employee in created:
            note(tx, actor.author, employee.id, action="added", happened=EmployeeAdded, at=now)
    created_ids = {employee.id for employee in created}
    skipped = (details.email for employee_id, details, _ in entries if employee_id not in created_ids)
    return Added(created=created, skipped=tuple(skipped))


def _seen(looks: list[Look]) -> list[FieldProblem]:
    """Return what only the database can tell is wrong."""
    problems = []
    for position, look in enumerate(looks):
        if look.is_repeated:
            text = "stands in this list before"
            problems.append(FieldProblem(_path(position, "email"), "directory.email_repeated", text))
        if not look.has_good_manager:
            problems.append(manager_unknown(_path(position, "manager_email")))
    return problems


def _path(position: int, below: str) -> str:
    return f"employees[{position}].{below}"
