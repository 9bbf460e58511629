"""What follows for a case when its parcels move: what a carrier delivered is returned, whatever was said before."""

from backhaul.domain.inventory.operations import custody
from backhaul.domain.recovery import lifecycle, tables
from backhaul.domain.recovery.model import Ending, Item, Outcome
from backhaul.domain.recovery.operations.recording import write_ended
from backhaul.domain.shipping.events import ParcelMoved
from backhaul.domain.shipping.model import Leg, Shipment, ShipmentId
from backhaul.domain.shipping.queries import find_of_subject, find_shipment
from backhaul.domain.transfers.events import TransferMoved
from backhaul.domain.transfers.model import Status, TransferId
from backhaul.storage import history
from backhaul.storage.database import Scope, Tx
from backhaul.storage.outbox import Aftermath, reacts_to


@reacts_to(TransferMoved)
async def follow_transfer(tx: Tx, moved: TransferMoved, then: Aftermath) -> None:
    """Note that what was in a delivered parcel is returned, and end the case when nothing is expected any more."""
    if moved.after is not Status.COMPLETE:
        return
    transfer_id = TransferId(moved.subject_id)
    found = await tables.find_case_of(tx, transfer_id)
    if found is None:
        return
    case, items = await tables.lock_case(tx, found[0])
    arrived = [item for item in items if item.parcel == found[1] and lifecycle.may_arrive(item)]
    if not arrived:
        return
    shipments = await find_of_subject(tx, Scope(tx.org_id), kind="transfer", subject_id=transfer_id)
    ending = Ending(
        at=then.now,
        author_kind=history.SYSTEM.kind,
        author_id=history.SYSTEM.id,
        reason="The carrier delivered the parcel.",
        evidence=_evidence(transfer_id, shipments.get(Leg.DEVICE)),
    )
    ended = [lifecycle.end_item(item, Outcome.RETURNED, ending) for item in arrived]
    write_ended(tx, history.SYSTEM, case, items, ended=ended, ending=ending, at=then.now)


@reacts_to(ParcelMoved)
async def follow_devices(tx: Tx, moved: ParcelMoved, _then: Aftermath) -> None:
    """Bring custody of every known device in a case's parcel to what its scans show by now.

    A transfer follows the one device whose serial number it names, a parcel of a case may hold several. Repeating
    changes nothing.
    """
    if moved.leg is not Leg.DEVICE:
        return
    transfer_id = TransferId(moved.subject_id)
    found = await tables.find_case_of(tx, transfer_id)
    shipment = await find_shipment(tx, Scope(tx.org_id), shipment_id=ShipmentId(moved.shipment_id))
    if found is None or shipment is None or shipment.shipped_at is None:
        return
    _, items = await tables.lock_case(tx, found[0])
    for item in items:
        if item.parcel == found[1] and item.asset_id is not None:
            await _hand_over(tx, item, shipment, moved, _evidence(transfer_id, shipment))


async def _hand_over(
    tx: Tx, item: Item, shipment: Shipment, moved: ParcelMoved, evidence: dict[str, str]
) -> None:
    assert item.asset_id is not None
    assert shipment.shipped_at is not None
    asset = await custody.lock(tx, item.asset_id)
    if asset is None:
        return
    shipped_at, delivered_at = shipment.shipped_at, shipment.delivered_at
    if delivered_at is None:
        at = shipped_at if shipped_at >= asset.custody_since else moved.moved_at
        await custody.ship(tx, history.SYSTEM, asset, shipment_id=shipment.id, at=at, evidence=evidence)
        return
    if shipped_at < delivered_at:
        asset = await custody.ship(
            tx, history.SYSTEM, asset, shipment_id=shipment.id, at=shipped_at, evidence=evidence
        )
    await custody.deliver_to_organization(
        tx, history.SYSTEM, asset, shipment_id=shipment.id, at=delivered_at, evidence=evidence
    )


def _evidence(transfer_id: TransferId, shipment: Shipment | None) -> dict[str, str]:
    known = {"transfer_id": str(transfer_id)}
    if shipment is not None and shipment.tracking_number is not None:
        known["tracking_number"] = shipment.tracking_number
    if shipment is not None and shipment.carrier is not None:
        known["carrier"] = shipment.carrier.value
    return known
