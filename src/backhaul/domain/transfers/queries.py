"""Reading transfers: one statement a question, both parcels and the payments included."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.inventory.model import AssetId, Custody
from backhaul.domain.shipping.model import CarrierCode, Tracking
from backhaul.domain.transfers.errors import TransferUnknown
from backhaul.domain.transfers.model import Status, Transfer, TransferId
from backhaul.domain.transfers.tables import COLUMNS
from backhaul.storage.database import Database
from backhaul.storage.rows import optional, record

_SELECTED = ", ".join(f"t.{name}" for name in Transfer.__struct_fields__)

# A parcel is shown once it has a number; before that nobody outside can do anything with it.
_LEG = """
LEFT JOIN shipments AS {leg} ON {leg}.org_id = t.org_id AND {leg}.subject_kind = 'transfer'
    AND {leg}.subject_id = t.id AND {leg}.leg = '{leg}' AND {leg}.tracking_number IS NOT NULL
"""
_LEG_COLUMNS = ", ".join(
    f"{leg}.{name} AS {leg}_leg_{name}"
    for leg in ("box", "device")
    for name in (
        "id", "carrier", "status", "tracking_number", "tracking_url", "shipped_at", "delivered_at", "updated_at",
    )
)  # fmt: skip

GET_DETAIL = f"""
SELECT {_SELECTED}, {_LEG_COLUMNS},
    (SELECT jsonb_agg(jsonb_build_object(
                'amount_minor', c.amount_minor, 'currency', c.currency, 'refunded_minor', c.refunded_minor,
                'status', c.status, 'created_at', c.created_at, 'decline_code', c.decline_code)
            ORDER BY c.created_at)
     FROM charges AS c
     WHERE c.org_id = t.org_id AND c.subject_kind = 'transfer' AND c.subject_id = t.id) AS payments
FROM transfers AS t
{_LEG.format(leg="box")}{_LEG.format(leg="device")}
WHERE t.org_id = $1 AND t.id = $2
"""

LIST_RECENT = f"""
SELECT {COLUMNS} FROM transfers
WHERE org_id = $1 AND ($2::text IS NULL OR status = $2) AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4
"""


LIST_OF_ASSET = f"""
SELECT {_SELECTED} FROM asset_transfers AS l
JOIN transfers AS t ON t.org_id = l.org_id AND t.id = l.transfer_id
WHERE l.org_id = $1 AND l.asset_id = $2 AND ($3::uuid IS NULL OR l.transfer_id < $3)
ORDER BY l.transfer_id DESC LIMIT $4
"""

FIND_LINKED_ASSET = """
SELECT a.id, a.number, a.created_at, a.serial_number, a.custody, l.linked_at FROM asset_transfers AS l
JOIN assets AS a ON a.org_id = l.org_id AND a.id = l.asset_id
WHERE l.org_id = $1 AND l.transfer_id = $2
"""


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel of a transfer, as far as outsiders see it."""

    carrier: CarrierCode
    status: Tracking
    tracking_number: str
    tracking_url: str | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    updated_at: datetime


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """One charge for a transfer."""

    amount_minor: int
    currency: str
    refunded_minor: int
    status: str
    created_at: datetime
    decline_code: str | None


class LinkedAsset(msgspec.Struct, frozen=True, kw_only=True):
    """The asset a transfer carries, and who holds it at present."""

    id: AssetId
    number: int
    created_at: datetime
    serial_number: str
    custody: Custody
    linked_at: datetime


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer with its parcels and payments."""

    transfer: Transfer
    box: Leg | None
    device: Leg | None
    payments: tuple[Payment, ...]


async def get_detail(db: Database, *, actor: Actor, transfer_id: TransferId) -> Detail:
    """Return a transfer with its parcels and payments, or refuse an id that is not this organization's."""
    scope = actor.scope(Right.TRANSFERS_READ)
    async with db.read(scope) as reader:
        row = await reader.fetchrow(GET_DETAIL, scope.org_id, transfer_id)
    if row is None:
        raise TransferUnknown(transfer_id=transfer_id)
    return Detail(
        transfer=record(Transfer, row),
        box=_leg(row, "box"),
        device=_leg(row, "device"),
        payments=msgspec.convert(row["payments"] or (), tuple[Payment, ...]),
    )


def _leg(row: Mapping[str, Any], leg: str) -> Leg | None:
    if row[f"{leg}_leg_id"] is None:
        return None
    return Leg(
        carrier=CarrierCode(row[f"{leg}_leg_carrier"]),
        status=Tracking(row[f"{leg}_leg_status"]),
        tracking_number=row[f"{leg}_leg_tracking_number"],
        tracking_url=row[f"{leg}_leg_tracking_url"],
        shipped_at=row[f"{leg}_leg_shipped_at"],
        delivered_at=row[f"{leg}_leg_delivered_at"],
        updated_at=row[f"{leg}_leg_updated_at"],
    )


async def list_recent(
    db: Database,
    *,
    actor: Actor,
    status: Status | None = None,
    before: TransferId | None = None,
    limit: int = 50,
) -> list[Transfer]:
    """Return transfers, newest first, older than `before`."""
    scope = actor.scope(Right.TRANSFERS_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(LIST_RECENT, scope.org_id, status and status.value, before, limit)
    return [record(Transfer, row) for row in rows]


async def list_of_asset(
    db: Database, *, actor: Actor, asset_id: AssetId, before: TransferId | None = None, limit: int = 50
) -> list[Transfer]:
    """Return the transfers that carry an asset, whatever became of them, newest first, older than `before`."""
    scope = actor.scope(Right.TRANSFERS_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(LIST_OF_ASSET, scope.org_id, asset_id, before, limit)
    return [record(Transfer, row) for row in rows]


async def find_linked_asset(db: Database, *, actor: Actor, transfer_id: TransferId) -> LinkedAsset | None:
    """Return the asset a transfer carries; None when its serial number is not in the inventory."""
    actor.require_all({Right.TRANSFERS_READ, Right.INVENTORY_READ})
    scope = actor.scope(Right.TRANSFERS_READ)
    async with db.read(scope) as reader:
        return optional(LinkedAsset, await reader.fetchrow(FIND_LINKED_ASSET, scope.org_id, transfer_id))
