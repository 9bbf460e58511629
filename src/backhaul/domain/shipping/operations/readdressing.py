"""Send a parcel somewhere else while it is still with its sender."""

from datetime import datetime

import msgspec

from backhaul.domain.shipping import lifecycle, tables
from backhaul.domain.shipping.errors import ShipmentMoveRefused
from backhaul.domain.shipping.model import Parcel, Shipment, Tracking
from backhaul.domain.shipping.operations.labels import give_back_label, note_change
from backhaul.domain.shipping.operations.pickups import cancel_pickup
from backhaul.domain.shipping.tasks import buy_label
from backhaul.storage import history
from backhaul.storage.database import Tx


async def readdress_shipment(
    tx: Tx, *, author: history.Author, shipment: Shipment, parcel: Parcel, at: datetime
) -> Shipment:
    """Give a locked parcel other addresses: its label is voided and another one bought. Refused once handed over.

    A label that is being bought at this moment is voided when it arrives. A pickup booked with the old label is
    cancelled.
    """
    if parcel == shipment.parcel:
        return shipment
    is_waiting = shipment.status is Tracking.PRE_TRANSIT
    if not is_waiting or not lifecycle.is_cancellable(shipment.status, shipped_at=shipment.shipped_at):
        raise ShipmentMoveRefused(status=shipment.status.value, action="go to another address")
    after = msgspec.structs.replace(
        shipment,
        parcel=parcel,
        adapter=None,
        service=None,
        tracking_number=None,
        tracking_url=None,
        carrier_shipment_id=None,
        cost_minor=None,
        cost_currency=None,
        labelled_at=None,
        next_look_at=None,
        looks=0,
        updated_at=at,
        version=shipment.version + 1,
        readdressed=shipment.readdressed + 1,
    )
    await tables.save(tx, after)
    await tables.readdress(tx, after)
    note_change(tx, author, "readdressed", shipment, after, at=at)
    give_back_label(tx, shipment)
    await cancel_pickup(tx, author=author, shipment=shipment, at=at)
    buy_label.enqueue(tx, shipment_id=after.id)
    return after
