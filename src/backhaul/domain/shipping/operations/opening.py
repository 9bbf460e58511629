"""Open shipments: the parcel is known, the label is about to be bought."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from backhaul.domain.shipping import tables
from backhaul.domain.shipping.model import CarrierCode, Leg, Parcel, Shipment, ShipmentId, Tracking
from backhaul.domain.shipping.tasks import buy_label
from backhaul.kernel.ids import new_id
from backhaul.storage import history
from backhaul.storage.database import Tx


class NewShipment(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel to be sent."""

    leg: Leg
    parcel: Parcel
    carrier: CarrierCode | None  # None: the cheapest when the label is bought
    ready_at: datetime | None  # None: the sender does not have it yet


async def open_shipments(
    tx: Tx, *, author: history.Author, subject: tuple[str, UUID], parcels: Sequence[NewShipment], at: datetime
) -> dict[Leg, Shipment]:
    """Open the parcels of one subject and have their labels bought. One per leg: a repeat raises."""
    opened = {
        parcel.leg: Shipment(
            id=ShipmentId(new_id()),
            org_id=tx.org_id,
            subject_kind=subject[0],
            subject_id=subject[1],
            leg=parcel.leg,
            adapter=None,
            carrier=parcel.carrier,
            parcel=parcel.parcel,
            status=Tracking.PRE_TRANSIT,
            fault=None,
            service=None,
            tracking_number=None,
            tracking_url=None,
            carrier_shipment_id=None,
            cost_minor=None,
            cost_currency=None,
            ready_at=parcel.ready_at,
            shipped_at=None,
            delivered_at=None,
            next_look_at=None,
            looks=0,
            created_at=at,
            updated_at=at,
            version=1,
        )
        for parcel in parcels
    }
    await tables.insert(tx, list(opened.values()))
    for shipment in opened.values():
        history.note(tx, author, subject=("shipment", shipment.id), action="opened", at=at, after=shipment)
        buy_label.enqueue(tx, shipment_id=shipment.id)
    return opened


async def mark_ready(tx: Tx, shipment: Shipment, *, at: datetime) -> Shipment:
    """Note that the sender now has the parcel in hands, and watch it from here on. Repeating changes nothing."""
    if shipment.ready_at is not None:
        return shipment
    ready = msgspec.structs.replace(
        shipment,
        ready_at=at,
        next_look_at=at if shipment.has_label else None,
        updated_at=at,
        version=shipment.version + 1,
    )
    await tables.save(tx, ready)
    history.note(
        tx,
        history.SYSTEM,
        subject=("shipment", shipment.id),
        action="ready",
        at=at,
        before=shipment,
        after=ready,
    )
    return ready
