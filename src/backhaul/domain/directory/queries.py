"""Reading the directory: one statement a question."""

from collections.abc import Mapping
from typing import Any

import msgspec

from backhaul.domain.directory.errors import EmployeeUnknown
from backhaul.domain.directory.model import Details, Employee, EmployeeRef, PostalAddress
from backhaul.domain.directory.tables import HIGHEST_NUMBER
from backhaul.domain.identity.model import Actor, Right
from backhaul.storage.database import Database
from backhaul.storage.rows import record

_SELECTED = ", ".join(f"e.{name}" for name in Employee.__struct_fields__)
_DETAIL = f"""
{_SELECTED}, l.name AS location_name, d.name AS department_name,
    m.first_name || ' ' || m.last_name AS manager_name, m.email AS manager_email
"""
_REFERRED = """
LEFT JOIN locations AS l ON l.org_id = e.org_id AND l.id = e.location_id
LEFT JOIN departments AS d ON d.org_id = e.org_id AND d.id = e.department_id
LEFT JOIN employees AS m ON m.org_id = e.org_id AND m.id = e.manager_id
"""
GET_BY_ID = f"SELECT {_DETAIL} FROM employees AS e {_REFERRED} WHERE e.org_id = $1 AND e.id = $2"
GET_BY_NUMBER = f"SELECT {_DETAIL} FROM employees AS e {_REFERRED} WHERE e.org_id = $1 AND e.number = $2"
FIND_BY_EMAIL = f"""
SELECT {_DETAIL} FROM employees AS e {_REFERRED} WHERE e.org_id = $1 AND e.email_key = email_key($2)
"""

LIST_PAGE = f"""
SELECT {_DETAIL}
FROM (
    SELECT id FROM employees WHERE org_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3
) AS page
JOIN employees AS e ON e.org_id = $1 AND e.id = page.id
{_REFERRED} ORDER BY e.number DESC
"""


class EmployeeDetail(msgspec.Struct, frozen=True, kw_only=True):
    """An employee with the names of what the record refers to."""

    employee: Employee
    location_name: str | None
    department_name: str | None
    manager_name: str | None
    manager_email: str | None


def details_of(detail: EmployeeDetail) -> Details:
    """Return an employee's record as details that would write it again: what to change something in."""
    employee = detail.employee
    same = (
        "first_name",
        "last_name",
        "email",
        "phone",
        "phone_country",
        "location_type",
        "status",
        "starts_on",
    )
    return Details(
        **{name: getattr(employee, name) for name in same},
        address=PostalAddress(**{name: getattr(employee, name) for name in PostalAddress.__struct_fields__}),
        location_name=detail.location_name,
        department_name=detail.department_name,
        manager_email=detail.manager_email,
    )


async def get_employee(db: Database, *, actor: Actor, employee: EmployeeRef) -> EmployeeDetail:
    """Return an employee, or refuse an id or number that is not this organization's."""
    scope = actor.scope(Right.DIRECTORY_READ)
    if isinstance(employee, int) and not 0 < employee <= HIGHEST_NUMBER:
        raise EmployeeUnknown(employee=employee)
    statement = GET_BY_NUMBER if isinstance(employee, int) else GET_BY_ID
    async with db.read(scope) as reader:
        row = await reader.fetchrow(statement, scope.org_id, employee)
    if row is None:
        raise EmployeeUnknown(employee=employee)
    return _detail(row)


async def find_employee(db: Database, *, actor: Actor, email: str) -> EmployeeDetail | None:
    """Return the employee with this address, in whatever letter case."""
    scope = actor.scope(Right.DIRECTORY_READ)
    async with db.read(scope) as reader:
        row = await reader.fetchrow(FIND_BY_EMAIL, scope.org_id, email)
    return None if row is None else _detail(row)


async def list_employees(
    db: Database, *, actor: Actor, before: int | None = None, limit: int = 50
) -> list[EmployeeDetail]:
    """Return employees, newest first; `before` is the last number seen."""
    scope = actor.scope(Right.DIRECTORY_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(LIST_PAGE, scope.org_id, before or HIGHEST_NUMBER, limit)
    return [_detail(row) for row in rows]


def _detail(row: Mapping[str, Any]) -> EmployeeDetail:
    names = {name: row[name] for name in EmployeeDetail.__struct_fields__ if name != "employee"}
    return EmployeeDetail(employee=record(Employee, row), **names)
