"""Reading returns as their owner looks at them: one statement a question."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.returns.browsing import statements
from backhaul.domain.returns.browsing.model import (
    LONGEST_TEXT,
    Change,
    ContactedTransfer,
    ListedDevice,
    ListedReturn,
    ReturnFilter,
    ReturnLines,
    ReturnSheet,
    SheetItem,
    ShownFee,
    ShownMessage,
    ShownPhoto,
)
from backhaul.domain.returns.errors import FileUnknown, ReturnUnknown
from backhaul.domain.returns.matching import Expected
from backhaul.domain.returns.model import MAX_NUMBER, Return, photo_key
from backhaul.domain.returns.sanitisation import Sanitisation
from backhaul.storage.database import Database, Reader, Scope
from backhaul.storage.rows import record

PAGE_ROWS = 50

_PARTS: dict[str, Any] = {
    "items": tuple[SheetItem, ...],
    "expected": tuple[Expected, ...],
    "messages": tuple[ShownMessage, ...],
    "photos": tuple[ShownPhoto, ...],
    "sanitisations": tuple[Sanitisation, ...],
    "fees": tuple[ShownFee, ...],
    "transfer": ContactedTransfer | None,
    "history": tuple[Change, ...],
}


class StoredPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """Where a picture's file lies, and what it is."""

    key: str
    media_type: str


async def browse_returns(
    db: Database, *, actor: Actor, wanted: ReturnFilter, before: int | None = None, limit: int = PAGE_ROWS
) -> ReturnLines:
    """Return a page of the organization's returns, newest first, below the number `before`.

    Without what is not processed yet, and what was discarded.
    """
    scope = actor.scope(Right.RETURNS_READ)
    statement, more = _prepared(wanted)
    start = MAX_NUMBER if before is None else before
    async with db.read(scope) as reader:
        rows = await reader.fetch(statement, scope.org_id, start, limit + 1, *more)
    lines = tuple(_line(row) for row in rows[:limit])
    return ReturnLines(lines=lines, next_before=lines[-1].one.number if len(rows) > limit else None)


async def list_of_numbers(
    db: Database, *, actor: Actor, numbers: Collection[int]
) -> tuple[ListedReturn, ...]:
    """Return those of these returns that the organization has, newest first."""
    scope = actor.scope(Right.RETURNS_READ)
    known = [number for number in numbers if 0 < number <= MAX_NUMBER]
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.LIST_OF_NUMBERS, scope.org_id, known)
    return tuple(_line(row) for row in rows)


async def get_return_sheet(db: Database, *, actor: Actor, number: int) -> ReturnSheet:
    """Return one of the organization's returns with all that belongs to it, or refuse."""
    scope = actor.scope(Right.RETURNS_READ)
    async with db.read(scope) as reader:
        return await read_sheet(reader, scope, number, statement=statements.GET_SHEET)


async def read_sheet(reader: Reader, scope: Scope, number: int, *, statement: str) -> ReturnSheet:
    """Return a return with all that belongs to it, by one of the statements for that; or refuse."""
    row = None
    if 0 < number <= MAX_NUMBER:
        row = await reader.fetchrow(statement, scope.org_id, number)
    if row is None:
        raise ReturnUnknown(number=number)
    return ReturnSheet(
        one=_return(row),
        owner_name=row["owner_name"],
        warehouse_name=row["warehouse_name"],
        reshipment_number=row["reshipment_number"],
        **{name: msgspec.convert(row[name], kind) for name, kind in _PARTS.items()},
    )


async def find_photo(db: Database, *, actor: Actor, number: int, photo_id: UUID) -> StoredPhoto:
    """Return where a picture of one of the organization's returns lies, or refuse."""
    scope = actor.scope(Right.RETURNS_READ)
    return await read_photo(db, scope, number=number, photo_id=photo_id)


async def read_photo(db: Database, scope: Scope, *, number: int, photo_id: UUID) -> StoredPhoto:
    """Return where a picture lies, in a scope that whoever asks may read."""
    row = None
    if 0 < number <= MAX_NUMBER:
        async with db.read(scope) as reader:
            row = await reader.fetchrow(statements.FIND_PHOTO, scope.org_id, number, photo_id)
    if row is None:
        raise FileUnknown
    return StoredPhoto(key=photo_key(scope.org_id, row["return_id"], row["id"]), media_type=row["media_type"])


def _prepared(wanted: ReturnFilter) -> tuple[str, tuple[Any, ...]]:
    """Return the statement that has an index for what is asked, and what it is told besides the page."""
    if wanted.can_be_sent_on:
        return statements.LIST_TO_SEND_ON, ()
    status = None if wanted.status is None else wanted.status.value
    warehouse = wanted.warehouse_code
    text = " ".join((wanted.text or "").replace("\x00", "").split())[:LONGEST_TEXT]
    if text:
        digits = text.removeprefix("#")
        number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else None  # noqa: PLR2004 -- below 2**63
        return statements.LIST_BY_TEXT, (text, number, status, warehouse)
    if status is not None and warehouse is not None:
        return statements.LIST_BY_BOTH, (status, warehouse)
    if status is not None:
        return statements.LIST_BY_STATUS, (status,)
    if warehouse is not None:
        return statements.LIST_BY_WAREHOUSE, (warehouse,)
    return statements.LIST_ALL, ()


def _line(row: Mapping[str, Any]) -> ListedReturn:
    return ListedReturn(
        one=_return(row),
        devices=msgspec.convert(row["devices"], tuple[ListedDevice, ...]),
        device_count=row["device_count"],
        photo_count=row["photo_count"],
    )


def _return(row: Mapping[str, Any]) -> Return:
    return record(Return, {name: row[name] for name in Return.__struct_fields__})
