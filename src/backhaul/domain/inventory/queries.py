"""Reading assets: one statement a question."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from backhaul.domain.directory.errors import EmployeeUnknown
from backhaul.domain.directory.model import Employee, EmployeeRef
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.inventory import statements
from backhaul.domain.inventory.answers import (
    AssetDetail,
    AssetHistoryLine,
    AssetPage,
    AssignedAsset,
    CustodyLine,
    Holder,
    ListedAsset,
    Manager,
    PeoplePage,
    Person,
)
from backhaul.domain.inventory.errors import AssetAmbiguous, AssetUnknown
from backhaul.domain.inventory.model import StatusLabel, number_of
from backhaul.domain.inventory.spelling import searchable
from backhaul.domain.inventory.tables import detail, meaning
from backhaul.domain.inventory.wording import describe
from backhaul.storage.database import Database
from backhaul.storage.rows import record

Row = Mapping[str, Any]

MAX_NUMBER = 2**63 - 1


async def get_asset(db: Database, *, actor: Actor, serial_number: str) -> AssetDetail:
    """Return the asset of a serial number in any spelling, with everything it refers to; refuses an unknown one."""
    scope = actor.scope(Right.INVENTORY_READ)
    async with db.read(scope) as reader:
        row = await reader.fetchrow(statements.GET_BY_SERIAL, scope.org_id, searchable(serial_number))
    if row is None:
        raise AssetUnknown
    return detail(row)


async def get_asset_with_history(
    db: Database, *, actor: Actor, serial_number: str
) -> tuple[AssetDetail, tuple[AssetHistoryLine, ...]]:
    """Return the same together with what happened to the asset, newest first."""
    scope = actor.scope(Right.INVENTORY_READ)
    async with db.read(scope) as reader:
        row = await reader.fetchrow(statements.GET_WITH_HISTORY, scope.org_id, searchable(serial_number))
    if row is None:
        raise AssetUnknown
    entries = [{**entry, "at": datetime.fromisoformat(entry["at"])} for entry in row["entries"]]
    return detail(row), _history(entries)


async def list_assets(
    db: Database,
    *,
    actor: Actor,
    page: int,
    per_page: int = 10,
    serial_number: str | None = None,
    tag: str | None = None,
    asset_number: str | None = None,
) -> AssetPage:
    """Return a page of assets, newest first, and the exact total: of those that meet everything asked for."""
    scope = actor.scope(Right.INVENTORY_READ)
    number = None if asset_number is None else number_of(asset_number)
    if asset_number is not None and number is None:  # no asset can have it
        return AssetPage(items=(), total=0)
    digits = None if asset_number is None else asset_number[-14:]
    tag = None if tag is None else searchable(tag)
    passed = _passed_over(page, per_page)
    statement = statements.LIST_ASSETS
    more: tuple[Any, ...] = ()
    if serial_number is not None:
        statement, more = statements.LIST_BY_SERIAL, (searchable(serial_number), tag, number, digits)
    elif number is not None:
        statement, more = statements.LIST_BY_NUMBER, (number, digits, tag)
    elif tag is not None:
        statement, more = statements.LIST_BY_TAG, (tag,)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statement, scope.org_id, passed, per_page, *more)
    return AssetPage(
        items=tuple(_listed(row) for row in rows if row["number"] is not None), total=rows[0]["total"]
    )


async def list_people(
    db: Database, *, actor: Actor, page: int, per_page: int = 10, email: str | None = None
) -> PeoplePage:
    """Return a page of employees, newest first, with everything they hold, and the exact total."""
    actor.require_all({Right.DIRECTORY_READ, Right.INVENTORY_READ})
    scope = actor.scope(Right.INVENTORY_READ)
    statement = statements.LIST_PEOPLE
    more: tuple[Any, ...] = ()
    if email is not None:
        statement, more = statements.LIST_PEOPLE_BY_EMAIL, (searchable(email),)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statement, scope.org_id, _passed_over(page, per_page), per_page, *more)
    return PeoplePage(
        items=tuple(_person(row) for row in rows if row["id"] is not None), total=rows[0]["total"]
    )


async def list_history(db: Database, *, actor: Actor, asset: str) -> tuple[AssetHistoryLine, ...]:
    """Return what happened to an asset (by serial number, asset number or tag), newest first."""
    scope = actor.scope(Right.INVENTORY_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.LIST_HISTORY, scope.org_id, *meaning(asset))
    _require_one(rows, asset)
    return _history([row for row in rows if row["action"] is not None])


async def list_custody(db: Database, *, actor: Actor, asset: str) -> tuple[CustodyLine, ...]:
    """Return every hand-over of an asset (by serial number, asset number or tag), oldest first."""
    scope = actor.scope(Right.INVENTORY_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.LIST_CUSTODY, scope.org_id, *meaning(asset))
    _require_one(rows, asset)
    return tuple(record(CustodyLine, row) for row in rows if row["sequence"] is not None)


async def list_custody_of_employee(
    db: Database, *, actor: Actor, employee: EmployeeRef
) -> tuple[CustodyLine, ...]:
    """Return every hand-over to or from an employee, oldest first; complete also after they were removed."""
    scope = actor.scope(Right.INVENTORY_READ)
    is_number = isinstance(employee, int)
    if isinstance(employee, int) and not 0 < employee <= MAX_NUMBER:
        raise EmployeeUnknown(employee=employee)
    statement = (
        statements.LIST_CUSTODY_OF_EMPLOYEE_NUMBER if is_number else statements.LIST_CUSTODY_OF_EMPLOYEE
    )
    async with db.read(scope) as reader:
        rows = await reader.fetch(statement, scope.org_id, employee)
    if not rows:
        raise EmployeeUnknown(employee=employee)
    return tuple(record(CustodyLine, row) for row in rows if row["sequence"] is not None)


async def list_status_labels(db: Database, *, actor: Actor) -> tuple[StatusLabel, ...]:
    """Return what the organization calls the states of its devices, oldest first."""
    scope = actor.scope(Right.INVENTORY_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.LIST_STATUS_LABELS, scope.org_id)
    return tuple(record(StatusLabel, row) for row in rows)


def _passed_over(page: int, per_page: int) -> int:
    return min(max(page - 1, 0) * per_page, MAX_NUMBER)


def _require_one(rows: list[Row], asset: str) -> None:
    if rows[0]["id"] is None:
        raise AssetUnknown
    if rows[0]["is_ambiguous"]:
        raise AssetAmbiguous(asset=asset)


def _listed(row: Row) -> ListedAsset:
    holder = None
    if row["holder_number"] is not None:
        holder = Holder(
            number=row["holder_number"],
            first_name=row["first_name"],
            last_name=row["last_name"],
            email=row["email"],
        )
    return msgspec.convert({**row, "holder": holder}, ListedAsset)


def _person(row: Row) -> Person:
    has_manager = row["manager_email"] is not None
    return Person(
        employee=record(Employee, row),
        location_name=row["location_name"],
        department_name=row["department_name"],
        manager=Manager(name=row["manager_name"], email=row["manager_email"]) if has_manager else None,
        assets=msgspec.convert(row["assets"] or (), tuple[AssignedAsset, ...]),
    )


def _history(entries: Sequence[Row]) -> tuple[AssetHistoryLine, ...]:
    lines = [_history_line(number, entry) for number, entry in enumerate(entries, 1)]
    return tuple(reversed(lines))


def _history_line(number: int, row: Row) -> AssetHistoryLine:
    names = {name: row[name] for name in ("status", "old_status", "holder", "old_holder")}
    return AssetHistoryLine(
        number=number,
        action=row["action"],
        description=describe(row["action"], row["change"], **names),
        changed=tuple(row["change"]),
        at=row["at"],
        **names,
    )
