"""Reading shipments: one statement a question."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from backhaul.domain.shipping.errors import LabelUnknown, ShipmentUnknown
from backhaul.domain.shipping.model import (
    CarrierCode,
    LabelFormat,
    Leg,
    Pickup,
    PickupId,
    Shipment,
    ShipmentId,
    Tracking,
    TrackingEvent,
)
from backhaul.domain.shipping.tables import COLUMNS, EVENTS, PICKUP_COLUMNS
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Database, Reader, Scope
from backhaul.storage.rows import optional, record

GET = f"SELECT {COLUMNS} FROM shipments WHERE org_id = $1 AND id = $2"
OF_SUBJECT = f"SELECT {COLUMNS} FROM shipments WHERE org_id = $1 AND subject_kind = $2 AND subject_id = $3 ORDER BY leg"
# A label whose number was replaced is void, and must not be printed any more.
LABEL = """
SELECT f.content FROM label_files AS f
JOIN shipments AS s ON s.org_id = f.org_id AND s.id = f.shipment_id AND s.tracking_number = f.tracking_number
WHERE f.org_id = $1 AND f.shipment_id = $2 AND f.format = $3
"""
LIVE_PICKUP = f"""
SELECT {PICKUP_COLUMNS} FROM pickups
WHERE org_id = $1 AND shipment_id = $2 AND status IN ('requested', 'booked')
    AND ($3::date IS NULL OR on_date >= $3)
"""
GET_PICKUP = f"SELECT {PICKUP_COLUMNS} FROM pickups WHERE org_id = $1 AND id = $2"
FIND_LINK = "SELECT org_id, shipment_id, expires_at FROM find_parcel_link($1, $2)"
FIND_TRACKED = "SELECT org_id, shipment_id FROM find_tracked_parcels($1)"


class PublicTracking(msgspec.Struct, frozen=True, kw_only=True):
    """What anyone holding a tracking number may see: movement, no people, no addresses."""

    tracking_number: str
    carrier: CarrierCode
    tracking_url: str | None
    status: Tracking
    shipped_at: datetime | None
    delivered_at: datetime | None
    is_simulated: bool
    events: list[TrackingEvent]


async def find_shipment(reader: Reader, scope: Scope, *, shipment_id: ShipmentId) -> Shipment | None:
    """Return one shipment, or None."""
    return optional(Shipment, await reader.fetchrow(GET, scope.org_id, shipment_id))


async def get_shipment(db: Database, *, org_id: OrgId, shipment_id: ShipmentId) -> Shipment:
    """Return one shipment, or refuse."""
    scope = Scope(org_id)
    async with db.read(scope) as reader:
        found = await find_shipment(reader, scope, shipment_id=shipment_id)
    if found is None:
        raise ShipmentUnknown(shipment_id=shipment_id)
    return found


async def find_of_subject(
    reader: Reader, scope: Scope, *, kind: str, subject_id: UUID
) -> dict[Leg, Shipment]:
    """Return what belongs to a subject, by leg."""
    rows = await reader.fetch(OF_SUBJECT, scope.org_id, kind, subject_id)
    found = (record(Shipment, row) for row in rows)
    return {shipment.leg: shipment for shipment in found}


async def get_label(reader: Reader, scope: Scope, *, shipment_id: ShipmentId, form: LabelFormat) -> bytes:
    """Return a printable label, or refuse when none is bought yet."""
    content: bytes | None = await reader.fetchval(LABEL, scope.org_id, shipment_id, form.value)
    if content is None:
        raise LabelUnknown(shipment_id=shipment_id)
    return content


async def find_live_pickup(
    reader: Reader, scope: Scope, *, shipment_id: ShipmentId, today: date | None = None
) -> Pickup | None:
    """Return the pickup that is requested or booked for a parcel; with `today`, only one still to come."""
    return optional(Pickup, await reader.fetchrow(LIVE_PICKUP, scope.org_id, shipment_id, today))


async def list_events(
    reader: Reader, scope: Scope, *, shipment_id: ShipmentId, tracking_number: str | None = None
) -> list[TrackingEvent]:
    """Return a shipment's scans, oldest first: under every number it has had, or under one of them."""
    rows = await reader.fetch(EVENTS, scope.org_id, shipment_id, tracking_number)
    return [record(TrackingEvent, row) for row in rows]


async def find_public_tracking(db: Database, *, tracking_number: str) -> PublicTracking | None:
    """Return what the public tracking page shows, or None for a number that is not ours."""
    async with db.lookup() as reader:
        found = await reader.fetchrow(FIND_TRACKED, tracking_number)
    if found is None:
        return None
    scope = Scope(found["org_id"])
    async with db.read(scope) as reader:
        shipment = record(Shipment, await reader.fetchrow(GET, scope.org_id, found["shipment_id"]))
        events = await list_events(reader, scope, shipment_id=shipment.id, tracking_number=tracking_number)
    assert shipment.carrier is not None
    return PublicTracking(
        tracking_number=tracking_number,
        carrier=shipment.carrier,
        tracking_url=shipment.tracking_url,
        status=shipment.status,
        shipped_at=shipment.shipped_at,
        delivered_at=shipment.delivered_at,
        is_simulated=shipment.adapter == "simulated",
        events=events,
    )


async def get_pickup(db: Database, *, org_id: OrgId, pickup_id: PickupId) -> Pickup:
    """Return one pickup; jobs only ask for one that exists."""
    async with db.read(Scope(org_id)) as reader:
        return record(Pickup, await reader.fetchrow(GET_PICKUP, org_id, pickup_id))
