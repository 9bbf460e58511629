"""Writing returns: each statement's rows, and nothing decided."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from backhaul.domain.inventory.model import AssetId
from backhaul.domain.returns import statements
from backhaul.domain.returns.errors import ReturnUnknown
from backhaul.domain.returns.matching import Expected, readings
from backhaul.domain.returns.model import (
    Checklist,
    Intake,
    Return,
    ReturnId,
    ReturnItem,
    ReturnMessage,
    ReturnPhoto,
    Warehouse,
)
from backhaul.domain.transfers.model import TransferId
from backhaul.kernel.ids import OrgId
from backhaul.storage.author import Author
from backhaul.storage.database import Reader, Tx
from backhaul.storage.rows import optional, record

_SAVED = (
    "id", "status", "status_before_reshipping", "reshipment_id", "rma_number", "weight_grams", "process_fee_minor",
    "is_process_fee_due", "verify_fee_minor", "currency", "message_count", "processed_at", "verified_at",
    "discarded_at", "updated_at", "version",
)  # fmt: skip


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a scanned serial number."""

    asset_id: AssetId | None
    serial_key: str | None  # the reading of the scan by which it is known
    is_of_others: bool


async def add_warehouse(tx: Tx, one: Warehouse) -> bool:
    """Add a warehouse; False when its code is taken."""
    added = await tx.fetchval(
        statements.ADD_WAREHOUSE, tx.org_id, one.id, one.code, one.name, msgspec.to_builtins(one.address),
        one.entry_point, one.language, one.language_code, one.created_at,
    )  # fmt: skip
    return added is not None


async def note_intake(tx: Tx, new: Intake) -> tuple[Intake, bool]:
    """Return the intake of a tracking number, and whether it is the new one."""
    while True:
        row = await tx.fetchrow(
            statements.NOTE_INTAKE, tx.org_id, new.id, new.warehouse_id, new.tracking_number, new.owner_org_id,
            new.return_id, new.shipment_id, new.transfer_id, new.received_at,
        )  # fmt: skip
        if row is not None:
            return record(Intake, row), row["is_new"]


async def lock_intake(tx: Tx, number: int) -> Intake:
    """Return an intake, locked until the transaction ends; refuses an unknown number."""
    row = await tx.fetchrow(statements.LOCK_INTAKE, tx.org_id, number)
    if row is None:
        raise ReturnUnknown(number=number)
    return record(Intake, row)


async def save_intake(tx: Tx, one: Intake) -> None:
    """Write a locked intake back; its version has grown by one."""
    await tx.execute(
        statements.SAVE_INTAKE, tx.org_id, one.id, one.owner_org_id, one.return_id, one.rma_number,
        one.identified_at, one.version,
    )  # fmt: skip


async def drop_intake(tx: Tx, one: Intake) -> None:
    """Remove a locked intake's row."""
    await tx.execute(statements.DROP_INTAKE, tx.org_id, one.id)


async def open_return(tx: Tx, one: Return) -> bool:
    """Add a return; False when it is there already."""
    values = [_plain(getattr(one, name)) for name in Return.__struct_fields__ if name not in {"id", "org_id"}]
    return await tx.fetchval(statements.OPEN, tx.org_id, one.id, *values) is not None


async def lock(tx: Tx, number: int) -> Return:
    """Return a return by its number, locked until the transaction ends; refuses an unknown one."""
    row = await tx.fetchrow(statements.LOCK, tx.org_id, number)
    if row is None:
        raise ReturnUnknown(number=number)
    return record(Return, row)


async def lock_by_id(tx: Tx, return_id: ReturnId) -> Return | None:
    """Return a return by its id, locked, or None."""
    return optional(Return, await tx.fetchrow(statements.LOCK_BY_ID, tx.org_id, return_id))


async def lock_many(tx: Tx, numbers: Sequence[int]) -> list[Return]:
    """Return those of these returns that there are, locked in the order of their numbers."""
    rows = await tx.fetch(statements.LOCK_MANY, tx.org_id, list(numbers))
    return [record(Return, row) for row in rows]


async def lock_of_reshipment(tx: Tx, reshipment_id: UUID) -> list[Return]:
    """Return what a reshipment holds, locked in the order of the numbers."""
    rows = await tx.fetch(statements.LOCK_OF_RESHIPMENT, tx.org_id, reshipment_id)
    return [record(Return, row) for row in rows]


async def save(tx: Tx, returns: Sequence[Return]) -> None:
    """Write locked returns back, their versions one higher."""
    if not returns:
        return
    columns = [[_plain(getattr(one, name)) for one in returns] for name in _SAVED]
    saved = await tx.fetch(statements.SAVE, tx.org_id, *columns)
    assert len(saved) == len(returns), "a return was written that was not locked"


async def drop(tx: Tx, one: Return) -> None:
    """Remove a locked return's row."""
    await tx.execute(statements.DROP, tx.org_id, one.id)


async def list_traces(tx: Tx, return_id: ReturnId) -> list[str]:
    """Return what a return has that keeps it from being dropped, each in a word."""
    return [row["what"] for row in await tx.fetch(statements.TRACES, tx.org_id, return_id)]


async def list_expected(tx: Tx, transfer_id: TransferId | None) -> list[Expected]:
    """Return what a transfer's parcel should hold."""
    if transfer_id is None:
        return []
    return [record(Expected, row) for row in await tx.fetch(statements.EXPECTED, tx.org_id, transfer_id)]


async def find_known(tx: Tx, serial_number: str, *, transfer_id: TransferId | None) -> Known:
    """Return what is known of a scanned serial number, other than that it is expected."""
    read = list(readings(serial_number))
    return record(Known, await tx.fetchrow(statements.KNOWN, tx.org_id, read, transfer_id))


async def list_items(tx: Tx, return_id: ReturnId) -> list[ReturnItem]:
    """Return what was noted of a return's contents, in order."""
    return [record(ReturnItem, row) for row in await tx.fetch(statements.ITEMS, tx.org_id, return_id)]


async def add_items(tx: Tx, items: Sequence[ReturnItem]) -> None:
    """Add lines to a return's contents."""
    if items:
        names = ReturnItem.__struct_fields__
        columns = [[_plain(getattr(item, name)) for item in items] for name in names]
        await tx.execute(statements.ADD_ITEMS, tx.org_id, *columns)


async def remove_item(tx: Tx, item_id: UUID) -> None:
    """Remove a line from a return's contents."""
    await tx.execute(statements.REMOVE_ITEM, tx.org_id, item_id)


async def save_matched(tx: Tx, item_ids: Sequence[UUID]) -> None:
    """Write that lines of a return's contents were expected after all."""
    await tx.execute(statements.SAVE_MATCHED, tx.org_id, list(item_ids))


async def is_proven(tx: Tx, item: ReturnItem) -> bool:
    """Tell whether there is a record that a line's device was sanitised in its return."""
    proven: bool = await tx.fetchval(
        statements.IS_PROVEN, tx.org_id, item.return_id, item.serial_number, item.asset_id
    )
    return proven


async def save_checklist(tx: Tx, item_id: UUID, seen: Checklist) -> None:
    """Write what was looked at on a device."""
    await tx.execute(
        statements.SAVE_CHECKLIST, tx.org_id, item_id, seen.has_charger, seen.is_powering_on,
        seen.is_lock_removed, seen.grade,
    )  # fmt: skip


async def is_back_since(tx: Tx, asset_id: UUID, since: datetime, *, number: int) -> bool:
    """Tell whether a warehouse received a device since then in another parcel than that of a return's number."""
    is_back: bool = await tx.fetchval(statements.IS_BACK_SINCE, tx.org_id, asset_id, since, str(number))
    return is_back


async def add_message(tx: Tx, one: Return, message: ReturnMessage, author: Author) -> ReturnMessage:
    """Add a message to a locked return, which has counted it already, and return it with its number."""
    row = await tx.fetchrow(
        statements.ADD_MESSAGE, tx.org_id, message.id, one.id, message.author.value, author.id, message.body,
        message.created_at, one.message_count, one.version,
    )  # fmt: skip
    assert row is not None, "a return was written that was not locked"
    return record(ReturnMessage, row)


async def count_photos(tx: Tx, return_id: ReturnId) -> int:
    """Return how many pictures a return has."""
    return int(await tx.fetchval(statements.COUNT_PHOTOS, tx.org_id, return_id))


async def add_photo(tx: Tx, photo: ReturnPhoto) -> None:
    """Add a picture whose file is stored."""
    await tx.execute(statements.ADD_PHOTO, tx.org_id, *msgspec.structs.astuple(photo))


async def mark_removed(tx: Tx, return_id: ReturnId, photo_ids: Sequence[UUID], *, at: datetime) -> None:
    """Note that the files of pictures are gone."""
    await tx.execute(statements.MARK_REMOVED, tx.org_id, return_id, list(photo_ids), at)


async def list_fees_due(reader: Reader, *, after: tuple[UUID, int], limit: int) -> list[tuple[OrgId, int]]:
    """Return (org_id, number) of returns whose processing is not paid yet, those behind `after`, across tenants.

    Needs the worker role.
    """
    rows = await reader.fetch(statements.FEES_DUE, limit, *after)
    return [(row["org_id"], row["number"]) for row in rows]


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value) if isinstance(value, Mapping | msgspec.Struct) else value
