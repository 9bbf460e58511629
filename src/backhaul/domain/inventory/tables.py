"""Writing assets and the custody ledger: each is found and locked in one statement, and written in another."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from backhaul.domain.directory.model import EmployeeId
from backhaul.domain.inventory.answers import AssetDetail, Holder, Named
from backhaul.domain.inventory.errors import AssetAmbiguous, AssetUnknown, SerialTaken
from backhaul.domain.inventory.locking import statements
from backhaul.domain.inventory.model import Asset, AssetId, CustodyEvent, StatusLabel, number_of
from backhaul.domain.inventory.spelling import searchable
from backhaul.domain.inventory.statements import COLUMNS
from backhaul.storage.database import Tx
from backhaul.storage.facts import FactKind
from backhaul.storage.rows import record

_TYPES = {
    "id": "uuid", "org_id": "uuid", "number": "bigint", "tag": "text", "serial_number": "text", "model_id": "uuid",
    "model_number": "text", "sku": "text", "status_id": "uuid", "condition": "text", "purchased_on": "date",
    "purchase_cost_minor": "bigint", "purchase_currency": "text", "purchase_type": "text",
    "warranty_starts_on": "date", "warranty_ends_on": "date", "warranty_type": "text", "department_id": "uuid",
    "location_id": "uuid", "imei": "text", "imei2": "text", "specs": "jsonb", "custody": "text",
    "employee_id": "uuid", "shipment_id": "uuid", "custody_since": "timestamptz", "custody_count": "integer",
    "created_at": "timestamptz", "updated_at": "timestamptz", "version": "integer", "warehouse_id": "uuid",
    "is_sanitisation_due": "boolean",
}  # fmt: skip
_VALUES = ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(_TYPES.values(), 1))
_NEVER_CHANGED = {"id", "org_id", "number", "created_at"}
_GUARDED = {"version", "custody_count"}
_CHANGED = ", ".join(f"{name} = n.{name}" for name in _TYPES if name not in _NEVER_CHANGED | _GUARDED)

# An asset is written together with its hand-over, history and event: one statement (decision 0004).
ADDED = FactKind(
    name="asset_added",
    width=len(_TYPES),
    insert=f"INSERT INTO assets ({COLUMNS}) SELECT * FROM unnest({_VALUES})",
)
# The row was locked when it was read. Should anything have changed it all the same, NULL is refused where a version
# belongs, and nothing is written.
SAVED = FactKind(
    name="asset_saved",
    width=len(_TYPES),
    insert=f"""
UPDATE assets AS a SET {_CHANGED},
    custody_count = CASE WHEN n.custody_count - a.custody_count IN (0, 1) THEN n.custody_count END,
    version = CASE WHEN a.version = n.version - 1 THEN n.version END
FROM unnest({_VALUES}) AS n ({COLUMNS})
WHERE a.org_id = n.org_id AND a.id = n.id
""",
)
HANDED_OVER = FactKind(
    name="asset_handed_over",
    width=12,
    insert="""
INSERT INTO custody_events (org_id, asset_id, sequence, reason, from_custody, from_id, to_custody, to_id, at,
                            author_kind, author_id, evidence)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::text[], $6::uuid[], $7::text[],
                     $8::uuid[], $9::timestamptz[], $10::text[], $11::uuid[], $12::jsonb[])
""",
)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a new or changed asset names, as far as it is there."""

    product_type: Named | None
    manufacturer: Named | None
    model: Named | None
    department: Named | None
    location: Named | None
    employee_id: EmployeeId | None
    holder: Holder | None
    status: StatusLabel | None
    labels: tuple[StatusLabel, ...]
    is_serial_taken: bool
    is_held: bool = False  # a legal hold covers the asset


class Locked(msgspec.Struct, frozen=True, kw_only=True):
    """An asset, locked until the transaction ends, with what its next move is decided by."""

    asset: Asset
    labels: tuple[StatusLabel, ...]
    employee_id: EmployeeId | None = None
    named_status: StatusLabel | None = None
    is_begun: bool = False  # the ledger knows the shipment that is reported about
    is_over: bool = False  # and that the asset has left it
    is_held: bool = False  # a legal hold covers the asset

    @property
    def status(self) -> StatusLabel:
        """The status the asset has."""
        return next(label for label in self.labels if label.id == self.asset.status_id)


def add(tx: Tx, asset: Asset) -> None:
    """Note a new asset; `write` writes it."""
    tx.note(ADDED, *(getattr(asset, name) for name in _TYPES))


def save(tx: Tx, asset: Asset) -> None:
    """Note a locked asset's new state, its version one higher; `write` writes it."""
    tx.note(SAVED, *(getattr(asset, name) for name in _TYPES))


def append_hand_over(tx: Tx, happened: CustodyEvent) -> None:
    """Note a hand-over; `write` appends it to the ledger."""
    tx.note(HANDED_OVER, tx.org_id, *msgspec.structs.astuple(happened))


async def write(tx: Tx, asset: Asset) -> None:
    """Send everything noted in one statement; refuses a serial number that somebody was quicker to take."""
    try:
        await tx.write_facts()
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "assets_serial":
            raise SerialTaken(serial_number=asset.serial_number) from error
        raise


async def resolve(tx: Tx, names: tuple[str | None, ...]) -> tuple[int, Wanted]:
    """Return the next asset's number, and what is there of all that it names."""
    row = await tx.fetchrow(statements.RESOLVE, tx.org_id, *names)
    return row["number"], _wanted(row)


async def lock_to_change(tx: Tx, asset: str, names: tuple[str | None, ...]) -> tuple[AssetDetail, Wanted]:
    """Return an asset by serial number, asset number or tag, locked, and what is there of all that its change names."""
    while True:
        row = _one(await tx.fetchrow(statements.LOCK_TO_CHANGE, tx.org_id, *names, *meaning(asset)), asset)
        if row["status"] is not None and row["model"] is not None:  # see `_complete`
            return detail(row), _wanted(row)


async def lock_for_person(tx: Tx, *, asset_number: str, email: str, status_name: str | None) -> Locked | None:
    """Return an asset by its public number, locked, with an employee and a status; None when there is no such asset."""
    number = number_of(asset_number)
    if number is None:
        return None
    said = searchable(email), None if status_name is None else searchable(status_name)
    while True:
        row = await tx.fetchrow(statements.LOCK_FOR_PERSON, tx.org_id, number, asset_number[-14:], *said)
        if row is None:
            return None
        locked = _locked(row)
        if _complete(locked):
            return locked


async def lock_meant(tx: Tx, asset: str) -> Locked:
    """Return an asset by serial number, asset number or tag, locked; refuses one that is unknown or ambiguous."""
    while True:
        locked = _locked(_one(await tx.fetchrow(statements.LOCK_MEANT, tx.org_id, *meaning(asset)), asset))
        if _complete(locked):
            return locked


async def lock(tx: Tx, asset_id: AssetId) -> Asset | None:
    """Return an asset by id, locked until the transaction ends, or None."""
    row = await tx.fetchrow(statements.LOCK, tx.org_id, asset_id)
    return None if row is None else record(Asset, row)


async def lock_by_serial(tx: Tx, serial_number: str) -> Asset | None:
    """Return the asset of this serial number in any spelling, locked until the transaction ends, or None."""
    row = await tx.fetchrow(statements.LOCK_BY_SERIAL, tx.org_id, searchable(serial_number))
    return None if row is None else record(Asset, row)


async def look_around(tx: Tx, asset: Asset, *, shipment_id: UUID, emails: Collection[str]) -> Locked:
    """Return a locked asset with what a report about a shipment is judged by."""
    row = await tx.fetchrow(
        statements.LOOK_AROUND, tx.org_id, asset.id, str(shipment_id), [searchable(one) for one in emails]
    )
    return Locked(
        asset=asset,
        labels=msgspec.convert(row["labels"] or (), tuple[StatusLabel, ...]),
        employee_id=row["person_id"],
        is_begun=row["is_begun"],
        is_over=row["is_over"],
        is_held=row["is_held"],
    )


def meaning(asset: str) -> tuple[str, int | None, str]:
    """Return the three values by which statements find the asset that a text means."""
    text = searchable(asset)
    return text, number_of(text), text[-14:]


def detail(row: Mapping[str, Any]) -> AssetDetail:
    """Return an asset with everything it refers to from a row of `DETAIL`."""
    referred = {name: row[name] for name in AssetDetail.__struct_fields__ if name != "asset"}
    return msgspec.convert({**referred, "asset": record(Asset, row)}, AssetDetail)


def _one(row: Mapping[str, Any] | None, asset: str) -> Mapping[str, Any]:
    if row is None:
        raise AssetUnknown
    if row["is_ambiguous"]:
        raise AssetAmbiguous(asset=asset)
    return row


def _locked(row: Mapping[str, Any]) -> Locked:
    labels = msgspec.convert(row["labels"] or (), tuple[StatusLabel, ...])
    return Locked(
        asset=record(Asset, row),
        labels=labels,
        employee_id=row.get("person_id"),
        named_status=_label(labels, row.get("named_status_id")),
        is_held=row["is_held"],
    )


def _complete(locked: Locked) -> bool:
    # Whoever waited for the lock may find a status that was made during the wait: it is seen when asked again.
    return _label(locked.labels, locked.asset.status_id) is not None


def _label(labels: tuple[StatusLabel, ...], status_id: UUID | None) -> StatusLabel | None:
    return next((label for label in labels if label.id == status_id), None)


def _wanted(row: Mapping[str, Any]) -> Wanted:
    labels = msgspec.convert(row["labels"] or (), tuple[StatusLabel, ...])
    named = ("product_type", "manufacturer", "model", "department", "location")
    person = row["wanted_holder"]
    return Wanted(
        **{name: msgspec.convert(row[f"wanted_{name}"], Named | None) for name in named},
        employee_id=None if person is None else EmployeeId(UUID(person["id"])),
        holder=msgspec.convert(person, Holder | None),
        status=_label(labels, row["named_status_id"]),
        labels=labels,
        is_serial_taken=row["is_serial_taken"],
        is_held=row.get("is_held", False),
    )
