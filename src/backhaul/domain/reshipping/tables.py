"""Writing reshipments: each statement's rows, and nothing decided."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from backhaul.domain.reshipping.errors import ReshipmentUnknown
from backhaul.domain.reshipping.model import LISTED, MAX_NUMBER, Reshipment, ReshipmentId, Surroundings
from backhaul.domain.shipping.model import ShipmentId
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Reader, Tx
from backhaul.storage.rows import optional, record

_SPELLED = {"to": '"to"'}  # a word of SQL's own
COLUMNS = ", ".join(_SPELLED.get(name, name) for name in Reshipment.__struct_fields__)
ADDED = tuple(name for name in Reshipment.__struct_fields__ if name not in {"org_id", "id", "number"})
SAVED = (
    "status", "estimated_fee_minor", "estimate_lines", "weight_grams", "final_fee_minor", "reship_fee_minor",
    "hold_id", "shipment_id", "service", "tracking_number", "expires_at", "answered_at", "dispatched_at",
    "ended_at", "updated_at", "version",
)  # fmt: skip

ADD = f"""
INSERT INTO reshipments (org_id, id, {", ".join(_SPELLED.get(name, name) for name in ADDED)})
VALUES ($1, $2, {", ".join(f"${n}" for n in range(3, len(ADDED) + 3))}) RETURNING number
"""
LOCK = f"SELECT {COLUMNS} FROM reshipments WHERE org_id = $1 AND number = $2 FOR NO KEY UPDATE"
LOCK_BY_ID = f"SELECT {COLUMNS} FROM reshipments WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE"
LOCK_BY_SHIPMENT = (
    f"SELECT {COLUMNS} FROM reshipments WHERE org_id = $1 AND shipment_id = $2 FOR NO KEY UPDATE"
)
SAVE = f"""
UPDATE reshipments SET {", ".join(f"{name} = ${n}" for n, name in enumerate(SAVED, start=3))}
WHERE org_id = $1 AND id = $2 AND version = ${len(SAVED) + 2} - 1 RETURNING id
"""

# What lies in the returns is the warehouse's to say; its rows are read here, so that a decision asks once.
LOOK_AROUND = """
SELECT ARRAY(
        SELECT DISTINCT i.asset_id FROM returns AS r
        JOIN return_items AS i ON i.org_id = $1 AND i.return_id = r.id
        WHERE r.org_id = $1 AND r.number = ANY ($2::bigint[]) AND i.asset_id IS NOT NULL AND i.verdict <> 'missing'
        ORDER BY 1) AS asset_ids,
    (SELECT w.address FROM known_warehouses() AS w WHERE w.id = $3) AS origin,
    (SELECT t.tolerance_percent FROM reshipping_terms AS t WHERE t.org_id = $1) AS tolerance_percent
"""
SET_TOLERANCE = """
INSERT INTO reshipping_terms (org_id, tolerance_percent, updated_at) VALUES ($1, $2, $3)
ON CONFLICT (org_id) DO UPDATE SET tolerance_percent = excluded.tolerance_percent, updated_at = excluded.updated_at
"""
# Across tenants: ids only, each is then done in its tenant's scope.
DUE = """
SELECT org_id, number, expires_at FROM reshipments
WHERE expires_at <= $1 AND (expires_at, number) > ($3, $4) ORDER BY expires_at, number LIMIT $2
"""
# What is not answered expires, so the index of what expires holds all of them.
UNQUOTED = """
SELECT org_id, number FROM reshipments
WHERE expires_at IS NOT NULL AND status = 'pending' AND estimated_fee_minor = 0 ORDER BY expires_at, number LIMIT $1
"""


async def add(tx: Tx, one: Reshipment) -> Reshipment:
    """Add a reshipment and return it with its number."""
    values = [_plain(getattr(one, name)) for name in ADDED]
    number = await tx.fetchval(ADD, tx.org_id, one.id, *values)
    return msgspec.structs.replace(one, number=number)


async def lock(tx: Tx, number: int) -> Reshipment:
    """Return a reshipment, locked until the transaction ends; refuses one that is on no list."""
    if 0 < number <= MAX_NUMBER:
        found = optional(Reshipment, await tx.fetchrow(LOCK, tx.org_id, number))
        if found is not None and found.status in LISTED:
            return found
    raise ReshipmentUnknown(number=number)


async def lock_by_id(tx: Tx, reshipment_id: ReshipmentId) -> Reshipment | None:
    """Return a reshipment in whatever status, locked, or None."""
    return optional(Reshipment, await tx.fetchrow(LOCK_BY_ID, tx.org_id, reshipment_id))


async def lock_by_shipment(tx: Tx, shipment_id: ShipmentId) -> Reshipment | None:
    """Return the reshipment whose parcel this is, locked, or None."""
    return optional(Reshipment, await tx.fetchrow(LOCK_BY_SHIPMENT, tx.org_id, shipment_id))


async def save(tx: Tx, one: Reshipment) -> None:
    """Write a locked reshipment back; its version has grown by one."""
    values = [_plain(getattr(one, name)) for name in SAVED]
    saved = await tx.fetchval(SAVE, tx.org_id, one.id, *values)
    assert saved is not None, "a reshipment was written that was not locked"


async def look_around(tx: Tx, return_numbers: Sequence[int], warehouse_id: UUID) -> Surroundings:
    """Return which devices are in these returns, where they lie, and what the organization tolerates."""
    row = await tx.fetchrow(LOOK_AROUND, tx.org_id, list(return_numbers), warehouse_id)
    return record(Surroundings, row)


async def set_tolerance(tx: Tx, percent: int, *, at: datetime) -> None:
    """Write the organization's own tolerance."""
    await tx.execute(SET_TOLERANCE, tx.org_id, percent, at)


async def list_due(
    reader: Reader, *, now: datetime, after: tuple[datetime, int], limit: int
) -> list[tuple[OrgId, int, datetime]]:
    """Return (org_id, number, expires_at) of reshipments nobody approved in time, across tenants.

    The oldest behind `after`, which is an instant and a number; needs the worker role.
    """
    rows = await reader.fetch(DUE, now, limit, *after)
    return [(row["org_id"], row["number"], row["expires_at"]) for row in rows]


async def list_unquoted(reader: Reader, *, limit: int) -> list[tuple[OrgId, int]]:
    """Return (org_id, number) of reshipments without an estimate, across tenants; needs the worker role."""
    return [(row["org_id"], row["number"]) for row in await reader.fetch(UNQUOTED, limit)]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple) and any(isinstance(each, msgspec.Struct) for each in value):
        return msgspec.to_builtins(value)
    return msgspec.to_builtins(value) if isinstance(value, Mapping | msgspec.Struct) else value
