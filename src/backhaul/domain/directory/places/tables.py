"""Writing locations and departments."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import asyncpg

from backhaul.domain.directory.errors import DepartmentUnknown, LocationUnknown, PlaceNameTaken
from backhaul.domain.directory.model import DepartmentId, LocationId
from backhaul.domain.directory.places.model import Department, Location, LocationDetails
from backhaul.kernel.ids import new_id
from backhaul.storage.database import Tx
from backhaul.storage.rows import record

LOCATION = ", ".join(Location.__struct_fields__)
DEPARTMENT = ", ".join(Department.__struct_fields__)
HIGHEST_NUMBER = 2**63 - 1

ADD_LOCATION = f"""
INSERT INTO locations (org_id, id, name, type, address, created_at) VALUES ($1, $2, $3, $4, $5, $6)
RETURNING {LOCATION}
"""
LOCK_LOCATION = f"SELECT {LOCATION} FROM locations WHERE org_id = $1 AND number = $2 FOR NO KEY UPDATE"
SAVE_LOCATION = """
UPDATE locations SET name = $3, type = $4, address = $5, version = $6
WHERE org_id = $1 AND id = $2 AND version = $6 - 1
"""
ADD_DEPARTMENT = f"""
INSERT INTO departments (org_id, id, name, created_at) VALUES ($1, $2, $3, $4) RETURNING {DEPARTMENT}
"""
LOCK_DEPARTMENT = f"SELECT {DEPARTMENT} FROM departments WHERE org_id = $1 AND number = $2 FOR NO KEY UPDATE"
SAVE_DEPARTMENT = """
UPDATE departments SET name = $3, version = $4 WHERE org_id = $1 AND id = $2 AND version = $4 - 1
"""


async def add_location(tx: Tx, details: LocationDetails, *, at: datetime) -> Location:
    """Add a location; refuses a name that is taken."""
    kind = None if details.type is None else details.type.value
    with _taken_names_refused("location", details.name):
        row = await tx.fetchrow(
            ADD_LOCATION, tx.org_id, LocationId(new_id()), details.name, kind, details.address, at
        )
    return record(Location, row)


async def lock_location(tx: Tx, number: int) -> Location:
    """Return a location, locked until the transaction ends, or refuse an unknown one."""
    row = None
    if 0 < number <= HIGHEST_NUMBER:
        row = await tx.fetchrow(LOCK_LOCATION, tx.org_id, number)
    if row is None:
        raise LocationUnknown(location=number)
    return record(Location, row)


async def save_location(tx: Tx, location: Location) -> None:
    """Write a locked location's new state; refuses a name that is taken."""
    kind = None if location.type is None else location.type.value
    with _taken_names_refused("location", location.name):
        await tx.execute(
            SAVE_LOCATION, tx.org_id, location.id, location.name, kind, location.address, location.version
        )


async def add_department(tx: Tx, name: str, *, at: datetime) -> Department:
    """Add a department; refuses a name that is taken."""
    with _taken_names_refused("department", name):
        row = await tx.fetchrow(ADD_DEPARTMENT, tx.org_id, DepartmentId(new_id()), name, at)
    return record(Department, row)


async def lock_department(tx: Tx, number: int) -> Department:
    """Return a department, locked until the transaction ends, or refuse an unknown one."""
    row = None
    if 0 < number <= HIGHEST_NUMBER:
        row = await tx.fetchrow(LOCK_DEPARTMENT, tx.org_id, number)
    if row is None:
        raise DepartmentUnknown(department=number)
    return record(Department, row)


async def save_department(tx: Tx, department: Department) -> None:
    """Write a locked department's new name; refuses one that is taken."""
    with _taken_names_refused("department", department.name):
        await tx.execute(SAVE_DEPARTMENT, tx.org_id, department.id, department.name, department.version)


@contextmanager
def _taken_names_refused(sort: str, name: str) -> Iterator[None]:
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name in {"locations_name", "departments_name"}:
            raise PlaceNameTaken(sort=sort, name=name) from error
        raise
