"""What follows for a reshipment when its parcel moves, and when its money is no longer set aside."""

from backhaul.domain.billing.wallet.events import HoldExpired
from backhaul.domain.reshipping import tables
from backhaul.domain.reshipping.model import HOLD_SUBJECT, Policy, ReshipmentId
from backhaul.domain.reshipping.operations.dispatch import dispatch_scanned
from backhaul.domain.reshipping.operations.following import follow_devices
from backhaul.domain.reshipping.operations.reopen import reopen
from backhaul.domain.shipping import tables as shipping_tables
from backhaul.domain.shipping.events import ParcelMoved
from backhaul.domain.shipping.model import Leg, ShipmentId, Tracking
from backhaul.storage.database import Tx
from backhaul.storage.history import SYSTEM
from backhaul.storage.outbox import Aftermath, reacts_to


@reacts_to(ParcelMoved)
async def follow_parcel(tx: Tx, moved: ParcelMoved, then: Aftermath) -> None:
    """Bring custody to what the parcel's scans show; a parcel that no carrier takes is asked about again.

    A first scan is the dispatch, if nobody noted one: the parcel has left, and its money must not come free.
    """
    if moved.leg is not Leg.ONWARD:
        return
    shipment_id = ShipmentId(moved.shipment_id)
    one = await tables.lock_by_shipment(tx, shipment_id)
    if one is None:
        return
    shipment = await shipping_tables.lock(tx, shipment_id)  # the next scan waits: it may be written to here
    if one.dispatched_at is not None:
        around = await tables.look_around(tx, one.return_numbers, one.warehouse_id)
        await follow_devices(tx, SYSTEM, one, shipment, around.asset_ids)
    elif shipment.shipped_at is not None:
        await dispatch_scanned(tx, one, shipment, at=then.now, policy=then.port(Policy))
    elif shipment.status is Tracking.FAILURE and not shipment.has_label:
        reason = "No carrier takes the parcel."
        await reopen(tx, SYSTEM, one, policy=then.port(Policy), at=then.now, reason=reason)


@reacts_to(HoldExpired)
async def ask_again(tx: Tx, expired: HoldExpired, then: Aftermath) -> None:
    """Ask again about an approved reshipment whose money was set aside for too long.

    If its parcel has left by then, the money is set aside once more and charged: there is nothing left to ask. A wallet
    that does not cover it by now has this tried again later.
    """
    if expired.subject_kind != HOLD_SUBJECT:
        return
    one = await tables.lock_by_id(tx, ReshipmentId(expired.subject_id))
    if one is None or one.hold_id != expired.hold_id or one.dispatched_at is not None:
        return
    shipment = None if one.shipment_id is None else await shipping_tables.lock(tx, one.shipment_id)
    if shipment is not None and shipment.shipped_at is not None:
        await dispatch_scanned(tx, one, shipment, at=then.now, policy=then.port(Policy))
        return
    reason = "The money was set aside for too long."
    await reopen(tx, SYSTEM, one, policy=then.port(Policy), at=then.now, reason=reason)
