"""Writing shipments, labels, scans and pickups."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from backhaul.domain.shipping.errors import PickupRefused, ShipmentUnknown
from backhaul.domain.shipping.model import (
    LabelFile,
    Leg,
    LinkPurpose,
    Pickup,
    PickupId,
    Shipment,
    ShipmentId,
    TrackingEvent,
)
from backhaul.storage.database import Tx
from backhaul.storage.rows import optional, record

COLUMNS = """
id, org_id, subject_kind, subject_id, leg, adapter, carrier, parcel, status, fault, service, tracking_number,
tracking_url, carrier_shipment_id, cost_minor, cost_currency, ready_at, shipped_at, delivered_at, next_look_at,
looks, created_at, updated_at, version, labelled_at, readdressed
"""

INSERT = """
INSERT INTO shipments (org_id, id, subject_kind, subject_id, leg, carrier, parcel, reference, status, ready_at,
                       looks, created_at, updated_at, version)
SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::jsonb[], $8::text[],
                         $9::text[], $10::timestamptz[], $11::int[], $12::timestamptz[], $13::timestamptz[],
                         $14::int[])
"""

LOCK = f"SELECT {COLUMNS} FROM shipments WHERE org_id = $1 AND id = $2 FOR UPDATE"

LOCK_OF_SUBJECT = f"""
SELECT {COLUMNS} FROM shipments
WHERE org_id = $1 AND subject_kind = $2 AND subject_id = $3 ORDER BY leg FOR UPDATE
"""

SAVE = """
UPDATE shipments SET adapter = $3, carrier = $4, status = $5, fault = $6, service = $7, tracking_number = $8,
    tracking_url = $9, carrier_shipment_id = $10, cost_minor = $11, cost_currency = $12, ready_at = $13,
    shipped_at = $14, delivered_at = $15, next_look_at = $16, looks = $17, updated_at = $18, version = $19,
    labelled_at = $20
WHERE org_id = $1 AND id = $2 AND version = $19 - 1
"""

READDRESS = """
UPDATE shipments SET parcel = $3, reference = $4, readdressed = $5 WHERE org_id = $1 AND id = $2
"""

LOOK_AGAIN = "UPDATE shipments SET next_look_at = $3, looks = $4 WHERE org_id = $1 AND id = $2"

KEEP_LABELS = """
INSERT INTO label_files (org_id, shipment_id, tracking_number, format, content)
SELECT $1, $2, $3, * FROM unnest($4::text[], $5::bytea[])
ON CONFLICT (org_id, shipment_id, tracking_number, format) DO NOTHING
"""

KEEP_LINK = """
INSERT INTO parcel_links (org_id, token_hash, shipment_id, purpose, expires_at) VALUES ($1, $2, $3, $4, $5)
"""

ADD_EVENTS = """
INSERT INTO tracking_events (org_id, shipment_id, tracking_number, fingerprint, status, fault, at, carrier_status,
                             text, place, received_at)
SELECT $1, $2, $3, *, $11 FROM unnest($4::bytea[], $5::text[], $6::text[], $7::timestamptz[], $8::text[],
                                      $9::text[], $10::text[])
ON CONFLICT (org_id, shipment_id, tracking_number, fingerprint) DO NOTHING
RETURNING fingerprint
"""

# $3 is a number, or NULL for the scans of every number the parcel has had.
EVENTS = """
SELECT status, fault, at, carrier_status, text, place FROM tracking_events
WHERE org_id = $1 AND shipment_id = $2 AND ($3::text IS NULL OR tracking_number = $3) ORDER BY at, received_at
"""

# A worker that dies holding a claim leaves a parcel that is due again five minutes later.
CLAIM_DUE = """
UPDATE shipments SET next_look_at = $1 + interval '5 minutes'
WHERE (org_id, id) IN (
    SELECT org_id, id FROM shipments WHERE next_look_at <= $1 ORDER BY next_look_at LIMIT $2
    FOR UPDATE SKIP LOCKED)
RETURNING org_id, id
"""

PICKUP_COLUMNS = """
id, org_id, shipment_id, on_date, instructions, status, confirmation, refusal, created_at, updated_at, version
"""

INSERT_PICKUP = """
INSERT INTO pickups (org_id, id, shipment_id, on_date, instructions, status, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT DO NOTHING RETURNING id
"""

LOCK_PICKUP = f"SELECT {PICKUP_COLUMNS} FROM pickups WHERE org_id = $1 AND id = $2 FOR UPDATE"

LOCK_LIVE_PICKUP = f"""
SELECT {PICKUP_COLUMNS} FROM pickups
WHERE org_id = $1 AND shipment_id = $2 AND status IN ('requested', 'booked') FOR UPDATE
"""

SAVE_PICKUP = """
UPDATE pickups SET status = $3, confirmation = $4, refusal = $5, updated_at = $6, version = $7
WHERE org_id = $1 AND id = $2 AND version = $7 - 1
"""


async def insert(tx: Tx, shipments: Sequence[Shipment]) -> None:
    """Add shipments of one tenant, in one statement."""
    rows = [
        (
            s.id, s.subject_kind, s.subject_id, s.leg.value, s.carrier and s.carrier.value,
            msgspec.to_builtins(s.parcel), s.parcel.reference, s.status.value, s.ready_at, s.looks, s.created_at,
            s.updated_at, s.version,
        )
        for s in shipments
    ]  # fmt: skip
    await tx.execute(INSERT, shipments[0].org_id, *(list(column) for column in zip(*rows, strict=True)))


async def lock(tx: Tx, shipment_id: ShipmentId) -> Shipment:
    """Return a shipment, locked until the transaction ends."""
    row = await tx.fetchrow(LOCK, tx.org_id, shipment_id)
    if row is None:
        raise ShipmentUnknown(shipment_id=shipment_id)
    return record(Shipment, row)


async def lock_of_subject(tx: Tx, kind: str, subject_id: Any) -> dict[Leg, Shipment]:
    """Return what belongs to a subject by leg, locked until the transaction ends."""
    rows = await tx.fetch(LOCK_OF_SUBJECT, tx.org_id, kind, subject_id)
    found = (record(Shipment, row) for row in rows)
    return {shipment.leg: shipment for shipment in found}


async def save(tx: Tx, s: Shipment) -> None:
    """Write a locked shipment back; its version has grown by one."""
    await tx.execute(
        SAVE, tx.org_id, s.id, s.adapter, s.carrier and s.carrier.value, s.status.value, s.fault and s.fault.value,
        s.service, s.tracking_number, s.tracking_url, s.carrier_shipment_id, s.cost_minor, s.cost_currency,
        s.ready_at, s.shipped_at, s.delivered_at, s.next_look_at, s.looks, s.updated_at, s.version,
        s.labelled_at,
    )  # fmt: skip


async def readdress(tx: Tx, s: Shipment) -> None:
    """Write where a locked shipment, which is being saved, goes from now on."""
    parcel = msgspec.to_builtins(s.parcel)
    await tx.execute(READDRESS, tx.org_id, s.id, parcel, s.parcel.reference, s.readdressed)


async def look_again(tx: Tx, shipment_id: ShipmentId, *, at: datetime | None, looks: int) -> None:
    """Note when to look next; not a change of the shipment itself."""
    await tx.execute(LOOK_AGAIN, tx.org_id, shipment_id, at, looks)


async def keep_labels(
    tx: Tx, shipment_id: ShipmentId, tracking_number: str, labels: Sequence[LabelFile]
) -> None:
    """Keep the printable labels of one number."""
    formats, contents = [x.format.value for x in labels], [x.content for x in labels]
    await tx.execute(KEEP_LABELS, tx.org_id, shipment_id, tracking_number, formats, contents)


async def keep_link(
    tx: Tx, shipment_id: ShipmentId, *, token_hash: bytes, purpose: LinkPurpose, expires_at: datetime
) -> None:
    """Keep a link by its token's hash."""
    await tx.execute(KEEP_LINK, tx.org_id, token_hash, shipment_id, purpose.value, expires_at)


async def add_events(
    tx: Tx, shipment_id: ShipmentId, tracking_number: str, events: Sequence[TrackingEvent], *, at: datetime
) -> int:
    """Add scans of a number that are new and return how many were."""
    rows = [
        (fingerprint(e), e.status.value, e.fault and e.fault.value, e.at, e.carrier_status, e.text, e.place)
        for e in events
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    return len(await tx.fetch(ADD_EVENTS, tx.org_id, shipment_id, tracking_number, *columns, at))


def fingerprint(event: TrackingEvent) -> bytes:
    """Return what makes a scan the same scan when the carrier reports it again."""
    at = event.at.astimezone(UTC).isoformat()  # one instant, whatever zone the carrier tells it in
    parts = (at, event.carrier_status, event.text, event.place or "")
    return hashlib.sha256("\x1f".join(parts).encode()).digest()[:16]


async def events_of(tx: Tx, shipment_id: ShipmentId, tracking_number: str) -> list[TrackingEvent]:
    """Return every scan of a shipment under one number."""
    rows = await tx.fetch(EVENTS, tx.org_id, shipment_id, tracking_number)
    return [record(TrackingEvent, row) for row in rows]


async def insert_pickup(tx: Tx, pickup: Pickup) -> None:
    """Add a pickup; refuses when one is booked already."""
    added = await tx.fetchval(
        INSERT_PICKUP, tx.org_id, pickup.id, pickup.shipment_id, pickup.on_date, pickup.instructions,
        pickup.status.value, pickup.created_at,
    )  # fmt: skip
    if added is None:
        raise PickupRefused(reason="a pickup is booked already. Cancel it first.")


async def lock_pickup(tx: Tx, pickup_id: PickupId) -> Pickup | None:
    """Return a pickup, locked."""
    return optional(Pickup, await tx.fetchrow(LOCK_PICKUP, tx.org_id, pickup_id))


async def lock_live_pickup(tx: Tx, shipment_id: ShipmentId) -> Pickup | None:
    """Return the pickup that is requested or booked for a parcel, locked."""
    return optional(Pickup, await tx.fetchrow(LOCK_LIVE_PICKUP, tx.org_id, shipment_id))


async def save_pickup(tx: Tx, p: Pickup) -> None:
    """Write a locked pickup back."""
    await tx.execute(
        SAVE_PICKUP, tx.org_id, p.id, p.status.value, p.confirmation, p.refusal, p.updated_at, p.version
    )
