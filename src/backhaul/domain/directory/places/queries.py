"""Reading locations and departments: one statement a question."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from backhaul.domain.directory.errors import LocationUnknown
from backhaul.domain.directory.model import LocationType
from backhaul.domain.directory.places.model import (
    Department,
    ListedDepartment,
    ListedLocation,
    Location,
)
from backhaul.domain.directory.places.tables import DEPARTMENT, HIGHEST_NUMBER, LOCATION
from backhaul.domain.identity.model import Actor, Right
from backhaul.storage.database import Database
from backhaul.storage.rows import record

PAGE_ROWS = 50
MOST_ADDRESSES = 200  # that somebody can choose from in one list
MOST_COUNTED = 1000  # counting stops here: a page says "1,000 or more"

_COUNTS = f"""
(SELECT count(*) FROM (SELECT FROM assets AS a WHERE a.org_id = $1 AND a.{{column}} = p.id
    LIMIT {MOST_COUNTED}) AS o) AS assets,
(SELECT count(*) FROM (SELECT FROM employees AS e WHERE e.org_id = $1 AND e.{{column}} = p.id
    LIMIT {MOST_COUNTED}) AS o) AS people
"""
GET_LOCATION = f"SELECT {LOCATION} FROM locations WHERE org_id = $1 AND number = $2"
LIST_LOCATIONS = f"""
SELECT p.*, {_COUNTS.format(column="location_id")}
FROM (
    SELECT {LOCATION}, name_key FROM locations
    WHERE org_id = $1 AND ($2::text IS NULL OR name_key > name_key($2)) AND ($3::text IS NULL OR type = $3)
        AND ($4::text IS NULL OR strpos(name_key, name_key($4)) > 0)
    ORDER BY name_key LIMIT $5
) AS p
ORDER BY p.name_key
"""
LIST_ADDRESSES = f"""
SELECT {LOCATION} FROM locations
WHERE org_id = $1 AND address IS NOT NULL AND ($2::text IS NULL OR type = $2) ORDER BY name_key LIMIT $3
"""
# $2 how a name begins, $3 at most so many; and those with the numbers $4, whatever they are called.
FIND_ADDRESSES = f"""
SELECT {LOCATION} FROM (
    (SELECT * FROM locations WHERE org_id = $1 AND address IS NOT NULL
        AND name_key >= coalesce(name_key($2::text), '')
        AND name_key < coalesce(name_key($2), '') || chr(1114111) ORDER BY name_key LIMIT $3)
    UNION ALL
    (SELECT * FROM locations WHERE org_id = $1 AND address IS NOT NULL AND number = ANY ($4::bigint[]))
) AS found ORDER BY name_key
"""
LIST_DEPARTMENTS = f"""
SELECT p.*, {_COUNTS.format(column="department_id")}
FROM (
    SELECT {DEPARTMENT}, name_key FROM departments
    WHERE org_id = $1 AND ($2::text IS NULL OR name_key > name_key($2))
        AND ($3::text IS NULL OR strpos(name_key, name_key($3)) > 0)
    ORDER BY name_key LIMIT $4
) AS p
ORDER BY p.name_key
"""


async def get_location(db: Database, *, actor: Actor, number: int) -> Location:
    """Return a location, or refuse a number that is not this organization's."""
    scope = actor.scope(Right.DIRECTORY_READ)
    row = None
    if 0 < number <= HIGHEST_NUMBER:
        async with db.read(scope) as reader:
            row = await reader.fetchrow(GET_LOCATION, scope.org_id, number)
    if row is None:
        raise LocationUnknown(location=number)
    return record(Location, row)


async def list_locations(
    db: Database,
    *,
    actor: Actor,
    kind: LocationType | None = None,
    text: str | None = None,
    after: str | None = None,
    limit: int = PAGE_ROWS,
) -> list[ListedLocation]:
    """Return locations by name with what is there; `after` is the last name seen, `text` a part of a name."""
    scope = actor.scope(Right.DIRECTORY_READ)
    chosen = None if kind is None else kind.value
    async with db.read(scope) as reader:
        rows = await reader.fetch(LIST_LOCATIONS, scope.org_id, after, chosen, text, limit)
    return [
        ListedLocation(location=_location(row), assets=row["assets"], people=row["people"]) for row in rows
    ]


async def list_addresses(
    db: Database, *, actor: Actor, kind: LocationType | None = None, limit: int = MOST_ADDRESSES
) -> list[Location]:
    """Return the locations that parcels can be sent to, by name: what an address is chosen from."""
    scope = actor.scope(Right.DIRECTORY_READ)
    chosen = None if kind is None else kind.value
    async with db.read(scope) as reader:
        rows = await reader.fetch(LIST_ADDRESSES, scope.org_id, chosen, limit)
    return [record(Location, row) for row in rows]


class Addresses(msgspec.Struct, frozen=True, kw_only=True):
    """Locations to choose an address from."""

    places: tuple[Location, ...]
    has_more: bool  # the rest is found by how its names begin


async def find_addresses(
    db: Database,
    *,
    actor: Actor,
    text: str | None = None,
    numbers: Sequence[int] = (),
    limit: int = MOST_ADDRESSES,
) -> Addresses:
    """Return the locations that parcels can be sent to whose names begin with a text, and those with some numbers."""
    scope = actor.scope(Right.DIRECTORY_READ)
    wanted = (text or "").replace("\x00", "").strip() or None
    known = [number for number in numbers if 0 < number <= HIGHEST_NUMBER]
    async with db.read(scope) as reader:
        rows = await reader.fetch(FIND_ADDRESSES, scope.org_id, wanted, limit + 1 + len(known), known)
    found = {one.number: one for one in (record(Location, row) for row in rows)}
    others = [number for number in found if number not in known]
    cut = set(others[limit:])
    return Addresses(
        places=tuple(one for one in found.values() if one.number not in cut), has_more=len(others) > limit
    )


async def list_departments(
    db: Database,
    *,
    actor: Actor,
    text: str | None = None,
    after: str | None = None,
    limit: int = PAGE_ROWS,
) -> list[ListedDepartment]:
    """Return departments by name with what belongs to each."""
    scope = actor.scope(Right.DIRECTORY_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(LIST_DEPARTMENTS, scope.org_id, after, text, limit)
    return [
        ListedDepartment(
            department=record(Department, {name: row[name] for name in Department.__struct_fields__}),
            assets=row["assets"],
            people=row["people"],
        )
        for row in rows
    ]


def _location(row: Mapping[str, Any]) -> Location:
    return record(Location, {name: row[name] for name in Location.__struct_fields__})
