"""Reading returns and warehouses: one statement a question."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.returns import statements
from backhaul.domain.returns.errors import ReturnUnknown, WarehouseUnknown
from backhaul.domain.returns.matching import readings
from backhaul.domain.returns.model import (
    MAX_NUMBER,
    Intake,
    IntakeId,
    ListedReturn,
    Return,
    ReturnId,
    ReturnItem,
    ReturnMessage,
    ReturnPhoto,
    ScannedDevice,
    Status,
    Warehouse,
)
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Database, Reader, Scope
from backhaul.storage.rows import optional, record

LONGEST_SCAN = 200
MOST_DEVICES = 5  # that one text may be: of more than one customer, or by another's tag
_PAGE = msgspec.json.Decoder(tuple[ListedReturn, ...])


class Order(StrEnum):
    """In which order numbers are listed."""

    ASCENDING = "asc"
    DESCENDING = "desc"


class ReturnDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A return with everything that belongs to it."""

    one: Return
    reshipment_number: int | None  # of the reshipment it is in
    messages: tuple[ReturnMessage, ...]  # newest first
    photos: tuple[ReturnPhoto, ...]
    items: tuple[ReturnItem, ...]


class ReturnPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some returns, and behind which number the next ones are."""

    items: tuple[ListedReturn, ...]
    next_after: int | None  # None: that was all


async def list_warehouses(db: Database) -> tuple[Warehouse, ...]:
    """Return every warehouse, by its id; anybody may know them."""
    async with db.lookup() as reader:
        rows = await reader.fetch(statements.LIST_WAREHOUSES)
    return tuple(record(Warehouse, row) for row in rows)


async def get_warehouse(db: Database, *, code: str) -> Warehouse:
    """Return a warehouse by its id of eight characters, or refuse."""
    async with db.lookup() as reader:
        found = optional(Warehouse, await reader.fetchrow(statements.FIND_WAREHOUSE, code.strip().upper()))
    if found is None:
        raise WarehouseUnknown(warehouse=code[:64])
    return found


async def list_numbers(db: Database, *, actor: Actor, return_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return the number of each of these returns that its owner may open."""
    scope = actor.scope(Right.RETURNS_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.NUMBERS, scope.org_id, list(return_ids))
    return {row["id"]: row["number"] for row in rows}


async def get_return(db: Database, *, actor: Actor, number: int) -> ReturnDetail:
    """Return one of the organization's returns; refuses what is not processed yet, and what was discarded."""
    scope = actor.scope(Right.RETURNS_READ)
    async with db.read(scope) as reader:
        return await _detail(reader, scope, number, statement=statements.GET)


async def get_any_return(db: Database, *, scope: Scope, number: int) -> ReturnDetail:
    """Return a return in whatever status, for whoever works on it in the warehouse."""
    async with db.read(scope) as reader:
        return await _detail(reader, scope, number, statement=statements.GET_ANY)


async def list_returns(
    db: Database,
    *,
    actor: Actor,
    tracking_number: str | None = None,
    status: Status | None = None,
    order: Order = Order.DESCENDING,
    after: int | None = None,
    limit: int = 50,
) -> ReturnPage:
    """Return a page of the organization's returns behind the number `after`, in the order of their numbers.

    Without what is not processed yet, and what was discarded. The tracking number is the sender's, in any spelling.
    """
    scope = actor.scope(Right.RETURNS_READ)
    is_newest_first = order is Order.DESCENDING
    start = after if after is not None else (MAX_NUMBER if is_newest_first else 0)
    more: tuple[Any, ...] = ()
    if tracking_number is not None:
        statement = (
            statements.LIST_BY_TRACKING_NEWEST if is_newest_first else statements.LIST_BY_TRACKING_OLDEST
        )
        more = (tracking_number.replace("\x00", ""), status)
    elif status is not None:
        statement = statements.LIST_BY_STATUS_NEWEST if is_newest_first else statements.LIST_BY_STATUS_OLDEST
        more = (status,)
    else:
        statement = statements.LIST_NEWEST if is_newest_first else statements.LIST_OLDEST
    async with db.read(scope) as reader:
        text = await reader.fetchval(statement, scope.org_id, start, limit + 1, *more)
    found = _PAGE.decode(text)
    items = found[:limit]
    return ReturnPage(items=items, next_after=items[-1].number if len(found) > limit else None)


async def list_unidentified(
    db: Database, *, scope: Scope, before: int | None = None, limit: int = 50
) -> tuple[Intake, ...]:
    """Return the parcels that nobody has identified, newest first, of the operator's organization."""
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.LIST_UNIDENTIFIED, scope.org_id, before, limit)
    return tuple(record(Intake, row) for row in rows)


async def get_intake(db: Database, *, scope: Scope, number: int) -> Intake:
    """Return the operator's side of a parcel, or refuse."""
    if not 0 < number <= MAX_NUMBER:
        raise ReturnUnknown(number=number)
    async with db.read(scope) as reader:
        found = optional(Intake, await reader.fetchrow(statements.GET_INTAKE, scope.org_id, number))
    if found is None:
        raise ReturnUnknown(number=number)
    return found


async def find_intake_by_id(db: Database, *, org_id: OrgId, intake_id: IntakeId) -> Intake | None:
    """Return the operator's side of a parcel; None once it was dropped."""
    async with db.read(Scope(org_id)) as reader:
        return optional(Intake, await reader.fetchrow(statements.GET_INTAKE_BY_ID, org_id, intake_id))


async def find_intake(db: Database, *, scope: Scope, tracking_number: str) -> Intake | None:
    """Return the operator's side of the parcel of a tracking number, if it was received."""
    async with db.read(scope) as reader:
        return optional(Intake, await reader.fetchrow(statements.FIND_INTAKE, scope.org_id, tracking_number))


async def list_scanned_devices(db: Database, *, scope: Scope, scan: str) -> tuple[ScannedDevice, ...]:
    """Return the customers' devices whose serial number, tag or IMEI a scan is: for the operator's scope alone."""
    text = scan.replace("\x00", "").strip()[:LONGEST_SCAN]
    wanted = list(dict.fromkeys([text, *readings(text)])) if text else []
    if not wanted:
        return ()
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.LIST_DEVICES, scope.org_id, wanted, MOST_DEVICES)
    return tuple(record(ScannedDevice, row) for row in rows)


async def photos_of_discarded(db: Database, *, scope: Scope, return_id: ReturnId) -> list[UUID]:
    """Return the pictures of a discarded return whose files are still to be removed."""
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.PHOTOS_OF_DISCARDED, scope.org_id, return_id)
    return [row["id"] for row in rows]


async def _detail(reader: Reader, scope: Scope, number: int, *, statement: str) -> ReturnDetail:
    if not 0 < number <= MAX_NUMBER:
        raise ReturnUnknown(number=number)
    row: Mapping[str, Any] | None = await reader.fetchrow(statement, scope.org_id, number)
    if row is None:
        raise ReturnUnknown(number=number)
    return ReturnDetail(
        one=record(Return, row),
        reshipment_number=row["reshipment_number"],
        messages=msgspec.convert(row["messages"], tuple[ReturnMessage, ...]),
        photos=msgspec.convert(row["photos"], tuple[ReturnPhoto, ...]),
        items=msgspec.convert(row["items"], tuple[ReturnItem, ...]),
    )
