"""Writing the directory: steps in the caller's transaction."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from backhaul.domain.directory import statements
from backhaul.domain.directory.errors import EmailTaken, EmployeeHoldsDevices, EmployeeUnknown
from backhaul.domain.directory.model import (
    DepartmentId,
    Details,
    Employee,
    EmployeeId,
    EmployeeRef,
    LocationId,
)
from backhaul.domain.holds.errors import HeldLegally
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import new_id
from backhaul.storage.database import Tx
from backhaul.storage.rows import record

HIGHEST_NUMBER = 2**63 - 1  # what the column holds

Entry = tuple[
    EmployeeId, Details, dict[str, Any]
]  # of a list: the new id, the details, the columns made of them


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Whom and what an employee's details name; None where they name nothing."""

    location_id: LocationId | None
    department_id: DepartmentId | None
    manager_id: EmployeeId | None


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What the database knows of one entry of a list before it is written."""

    is_repeated: bool  # an entry before it has the same address
    is_known: bool  # an employee has the address
    has_good_manager: bool  # an employee, or another entry


async def ensure_location(tx: Tx, name: str, at: datetime) -> LocationId:
    """Return the location of this name, in whatever letter case, and make it if there is none.

    Where both are needed, ask for the location before the department: everybody in the same order.
    """
    return LocationId(await _ensure(tx, statements.ENSURE_LOCATION, name, at))


async def ensure_department(tx: Tx, name: str, at: datetime) -> DepartmentId:
    """Return the department of this name, in whatever letter case, and make it if there is none."""
    return DepartmentId(await _ensure(tx, statements.ENSURE_DEPARTMENT, name, at))


async def _ensure(tx: Tx, statement: str, name: str, at: datetime) -> UUID:
    while True:  # the second time only when somebody else has just made it
        found: UUID | None = await tx.fetchval(statement, tx.org_id, new_id(), name, at)
        if found is not None:
            return found


async def add(
    tx: Tx, employee_id: EmployeeId, details: Details, columns: dict[str, Any], *, at: datetime
) -> Employee:
    """Add an employee with the columns made of the details; refuses a taken address and an unknown manager."""
    with _taken_addresses_named(details.email):
        while True:  # the second time only when somebody else has just made a place that is named
            row = await tx.fetchrow(
                statements.ADD, *_names(tx, details, at), employee_id, *(columns[name] for name in _ADDED)
            )
            if row["id"] is not None:
                return record(Employee, row)
            _require_manager(row, details)


async def lock(tx: Tx, employee: EmployeeRef, details: Details, *, at: datetime) -> tuple[Employee, Named]:
    """Return an employee, locked until the commit, and whom and what their new details name."""
    statement, key = _by(employee, statements.LOCK_BY_ID, statements.LOCK_BY_NUMBER)
    while True:  # as above
        row = await tx.fetchrow(statement, *_names(tx, details, at), key)
        if row is None:
            raise EmployeeUnknown(employee=employee)
        _require_manager(row, details)
        if bool(details.location_name) is (row["named_location_id"] is not None) and bool(
            details.department_name
        ) is (row["named_department_id"] is not None):
            named = Named(**{name: row[f"named_{name}"] for name in Named.__struct_fields__})
            return record(Employee, row), named


def save(tx: Tx, employee: Employee) -> None:
    """Note a locked employee's new state; `write_saved` writes it."""
    tx.note(statements.SAVED, *(getattr(employee, name) for name in statements.SAVED_COLUMNS))


async def write_saved(tx: Tx, employee: Employee) -> None:
    """Write what was saved and noted; refuses a taken address."""
    with _taken_addresses_named(employee.email):
        await tx.write_facts()


async def remove(tx: Tx, employee: EmployeeRef, *, at: datetime) -> tuple[EmployeeId, tuple[EmployeeId, ...]]:
    """Take a person's row away, keep id and number; returns the id and those of who lose their manager.

    Refused while a device is in the person's hands or a legal hold names them.
    """
    statement, key = _by(employee, statements.REMOVE_BY_ID, statements.REMOVE_BY_NUMBER)
    try:
        row = await tx.fetchrow(statement, tx.org_id, key, at)
    except asyncpg.ForeignKeyViolationError as error:
        if error.table_name == "assets":
            raise EmployeeHoldsDevices(employee=employee) from error
        raise
    if row is None:
        held, _ = _by(employee, statements.HELD_BY_ID, statements.HELD_BY_NUMBER)
        number = await tx.fetchval(held, tx.org_id, key)
        if number is not None:
            raise HeldLegally(what=f"Employee {number}", doing="erased")
        raise EmployeeUnknown(employee=employee)
    return EmployeeId(row["id"]), tuple(row["freed"])


async def look_at_many(tx: Tx, many: Sequence[Details]) -> list[Look]:
    """Return what the database knows of each entry."""
    emails = [details.email for details in many]
    managers = [details.manager_email or None for details in many]
    rows = await tx.fetch(statements.LOOK_AT_MANY, tx.org_id, emails, managers)
    return [record(Look, row) for row in rows]


async def add_many(tx: Tx, entries: Mapping[int, Entry], *, at: datetime) -> tuple[Employee, ...]:
    """Add everybody whose address nobody has, in the order given; makes the places they name.

    The keys are positions in the caller's list, for refusals.
    """
    if not entries:
        return ()
    for statement, names in (
        (statements.ENSURE_LOCATIONS, [details.location_name for _, details, _ in entries.values()]),
        (statements.ENSURE_DEPARTMENTS, [details.department_name for _, details, _ in entries.values()]),
    ):
        named = [name for name in names if name]
        if named:
            await tx.execute(statement, tx.org_id, [new_id() for _ in named], named, at)
    listed = [
        {
            "id": employee_id,
            "location_name": details.location_name,
            "department_name": details.department_name or None,
            "manager_email": details.manager_email or None,
            **columns,
        }
        for employee_id, details, columns in entries.values()
    ]
    rows = await tx.fetch(statements.ADD_MANY, tx.org_id, listed, at)
    added = {row["id"]: record(Employee, row) for row in rows}
    led = _led(entries, added)
    if led:
        ids, emails = zip(*((entries[n][0], entries[n][1].manager_email) for n in led), strict=True)
        for row in await tx.fetch(statements.SET_MANAGERS, tx.org_id, ids, emails):
            added[row["id"]] = msgspec.structs.replace(added[row["id"]], manager_id=row["manager_id"])
    gone = _led(entries, added)
    if gone:  # right a moment ago: somebody has removed a manager since the list was looked at
        raise InvalidInput([manager_unknown(f"employees[{position}].manager_email") for position in gone])
    return tuple(added[employee_id] for employee_id, _, _ in entries.values() if employee_id in added)


def _led(entries: Mapping[int, Entry], added: Mapping[UUID, Employee]) -> list[int]:
    """Return the positions of those who should have a manager and have none yet."""
    return [
        position
        for position, (employee_id, details, _) in entries.items()
        if details.manager_email and employee_id in added and added[employee_id].manager_id is None
    ]


_ADDED = (
    "first_name", "last_name", "email", "phone", "phone_country", "status", "starts_on", "location_type", "line_1",
    "line_2", "city", "state", "postal_code", "country_code", "normalized_address", "address_warnings",
)  # fmt: skip


def _names(tx: Tx, details: Details, at: datetime) -> tuple[Any, ...]:
    """Return the first seven values of every statement that finds or makes what is named."""
    return (
        tx.org_id,
        details.location_name,
        new_id(),
        details.department_name or None,
        new_id(),
        details.manager_email or None,
        at,
    )


def _require_manager(row: Any, details: Details) -> None:
    if details.manager_email and row["named_manager_id"] is None:
        raise InvalidInput([manager_unknown("manager_email")])


def manager_unknown(path: str) -> FieldProblem:
    """Return the problem of a manager who is not in the directory."""
    text = "must be the e-mail address of another employee in the directory"
    return FieldProblem(path, "directory.manager_unknown", text)


def _by(employee: EmployeeRef, by_id: str, by_number: str) -> tuple[str, UUID | int]:
    if isinstance(employee, int):
        if not 0 < employee <= HIGHEST_NUMBER:
            raise EmployeeUnknown(employee=employee)
        return by_number, employee
    return by_id, employee


@contextmanager
def _taken_addresses_named(email: str) -> Iterator[None]:
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "employees_email":
            raise EmailTaken(email=email) from error
        raise
