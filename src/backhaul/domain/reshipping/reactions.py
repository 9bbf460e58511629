"""What follows for a reshipment when its parcel moves, and when its money is no longer set aside."""

from backhaul.domain.billing.wallet.events import HoldExpired
from backhaul.domain.reshipping import tables
from backhaul.domain.reshipping.model import HOLD_SUBJECT, Policy, ReshipmentId
from backhaul.domain.reshipping.operations.dispatch import dispatch_scanned
from backhaul.domain.reshipping.operations.following import follow_devices
from backhaul.domain.reshipping.operations.reopen import reopen
from backhaul.domain.shipping.events import ParcelMoved
from backhaul.domain.shipping.model import Leg, ShipmentId, Tracking
from backhaul.domain.shipping.queries import find_shipment
from backhaul.storage.database import Scope, Tx
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
    shipment = await find_shipment(tx, Scope(tx.org_id), shipment_id=shipment_id)
    if one is None or shipment is None:
        return
    if one.dispatched_at is not None:
        around = await tables.look_around(tx, one.return_numbers, one.warehouse_id)
        await follow_devices(tx, SYSTEM, one, shipment, around.asset_ids)
    elif shipment.shipped_at is not None:
        await dispatch_scanned(tx, one, shipment, at=then.now)
    elif shipment.status is Tracking.FAILURE and not shipment.has_label:
        reason = "No carrier takes the parcel."
        await reopen(tx, SYSTEM, one, policy=then.port(Policy), at=then.now, reason=reason)


@reacts_to(HoldExpired)
async def ask_again(tx: Tx, expired: HoldExpired, then: Aftermath) -> None:
    """Ask again about an approved reshipment whose money was set aside for too long."""
    if expired.subject_kind != HOLD_SUBJECT:
        return
    one = await tables.lock_by_id(tx, ReshipmentId(expired.subject_id))
    if one is None or one.hold_id != expired.hold_id or one.dispatched_at is not None:
        return
    reason = "The money was set aside for too long."
    await reopen(tx, SYSTEM, one, policy=then.port(Policy), at=then.now, reason=reason)
