"""What follows for a case when its parcels move: what a carrier delivered is returned, whatever was said before."""

from collections.abc import Sequence
from datetime import datetime

from backhaul.domain.inventory.model import AssetId
from backhaul.domain.inventory.operations import custody
from backhaul.domain.recovery import jobs, lifecycle, tables
from backhaul.domain.recovery.inspecting import tables as inspecting_tables
from backhaul.domain.recovery.model import Ending, Item, Outcome
from backhaul.domain.recovery.operations.recording import write_ended
from backhaul.domain.recovery.person import tables as person_tables
from backhaul.domain.shipping.events import ParcelMoved
from backhaul.domain.shipping.model import Leg, Shipment, ShipmentId, Tracking
from backhaul.domain.shipping.queries import find_shipment
from backhaul.domain.transfers import tables as transfer_tables
from backhaul.domain.transfers.model import TransferId
from backhaul.storage import history
from backhaul.storage.database import Scope, Tx
from backhaul.storage.outbox import Aftermath, reacts_to


@reacts_to(ParcelMoved)
async def follow_devices(tx: Tx, moved: ParcelMoved, _then: Aftermath) -> None:
    """Bring custody of every known device in a case's parcel to what its scans show by now.

    A transfer follows the one device whose serial number it names, a parcel of a case may hold several. Repeating
    changes nothing. The transfer is locked first, then devices in the order of their ids, as everybody does; the case
    not at all: what it expects never changes.
    """
    if moved.leg is not Leg.DEVICE:
        return
    transfer_id = TransferId(moved.subject_id)
    found = await tables.find_case_of(tx, transfer_id)
    shipment = await find_shipment(tx, Scope(tx.org_id), shipment_id=ShipmentId(moved.shipment_id))
    if found is None or shipment is None or shipment.shipped_at is None:
        return
    await transfer_tables.lock(tx, transfer_id)
    items = await tables.list_items(tx, found[0])
    inside = await _inside(tx, items, found[1], handed_over_at=shipment.shipped_at)
    for asset_id in sorted({item.asset_id for item in inside if item.asset_id is not None}):
        await _hand_over(tx, asset_id, shipment, moved, _evidence(transfer_id, shipment))


@reacts_to(ParcelMoved)
async def follow_delivery(tx: Tx, moved: ParcelMoved, then: Aftermath) -> None:
    """Note that what was in a delivered parcel is returned, and end the case when nothing is expected any more.

    What arrives is back whatever became of its transfer: a label that was called off may be used all the same. What
    the person had claimed to be gone before they handed the parcel over was not in it, and stays open. Once a warehouse
    has opened the parcel, its word on the contents counts instead (`inspecting`); what somebody corrected stays so when
    the same delivery is told once more.
    """
    if moved.leg is not Leg.DEVICE or moved.after is not Tracking.DELIVERED:
        return
    transfer_id = TransferId(moved.subject_id)
    found = await tables.find_case_of(tx, transfer_id)
    if found is None:
        return
    await transfer_tables.lock(tx, transfer_id)
    case, items = await tables.lock_case(tx, found[0])
    if await inspecting_tables.is_opened(tx, transfer_id):
        return
    shipment = await find_shipment(tx, Scope(tx.org_id), shipment_id=ShipmentId(moved.shipment_id))
    shipped_at = None if shipment is None else shipment.shipped_at
    inside = await _inside(tx, items, found[1], handed_over_at=shipped_at or moved.moved_at)
    arrived = [item for item in inside if lifecycle.may_arrive(item, **_evidence(transfer_id, shipment))]
    if not arrived:
        return
    ending = Ending(
        at=then.now,
        author_kind=history.SYSTEM.kind,
        author_id=history.SYSTEM.id,
        reason="The carrier delivered the parcel.",
        evidence=_evidence(transfer_id, shipment),
    )
    ended = [lifecycle.end_item(item, Outcome.RETURNED, ending) for item in arrived]
    write_ended(tx, history.SYSTEM, case, items, ended=ended, ending=ending, at=then.now)


@reacts_to(ParcelMoved)
async def follow_replaced(tx: Tx, moved: ParcelMoved, _then: Aftermath) -> None:
    """Have called off what was sent in the place of a delivered parcel. A job does it, since transfers come first."""
    if moved.leg is not Leg.DEVICE or moved.after is not Tracking.DELIVERED:
        return
    transfer_id = TransferId(moved.subject_id)
    found = await tables.find_case_of(tx, transfer_id)
    if found is not None and await tables.has_replacement(tx, transfer_id):
        jobs.call_off.enqueue(tx, case_id=found[0])


async def _inside(tx: Tx, items: Sequence[Item], parcel: int, *, handed_over_at: datetime) -> list[Item]:
    """Return what a parcel holds: nothing that its person had said by then to be gone, unless nothing else is left."""
    meant = [item for item in items if item.parcel == parcel]
    gone = await person_tables.gone_at(tx, meant[0].case_id, handed_over_at)
    return [item for item in meant if item.id not in gone] or meant


async def _hand_over(
    tx: Tx, asset_id: AssetId, shipment: Shipment, moved: ParcelMoved, evidence: dict[str, str]
) -> None:
    assert shipment.shipped_at is not None
    asset = await custody.lock(tx, asset_id)
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
