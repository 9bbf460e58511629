"""What follows for the device's asset: in the parcel it is in transit, delivered it is with whoever receives it.

What a carrier reports is a fact, whatever was decided about the order: custody follows the parcel also after a label
that was cancelled is used, and also from an employee other than the sender. It never runs ahead of the parcel: an
order, its cancellation and its end by the calendar change nothing here.
"""

from datetime import datetime

from backhaul.domain.inventory.model import Asset
from backhaul.domain.inventory.operations import custody
from backhaul.domain.shipping.events import ParcelMoved
from backhaul.domain.shipping.model import Leg, Shipment, ShipmentId
from backhaul.domain.shipping.queries import find_shipment
from backhaul.domain.transfers import tables
from backhaul.domain.transfers.events import AssetLinked, TransferPlaced
from backhaul.domain.transfers.model import AssetLink, Direction, Transfer, TransferId
from backhaul.storage import history, outbox
from backhaul.storage.database import Scope, Tx
from backhaul.storage.outbox import Aftermath, reacts_to


@reacts_to(TransferPlaced)
async def link_asset(tx: Tx, placed: TransferPlaced, then: Aftermath) -> None:
    """Note which asset the transfer carries, if its serial number is known."""
    transfer = await tables.lock(tx, TransferId(placed.subject_id))
    await _link(tx, transfer, at=then.now)


@reacts_to(ParcelMoved)
async def follow_device(tx: Tx, moved: ParcelMoved, then: Aftermath) -> None:
    """Bring custody to what all scans of the device's parcel show by now; late and repeated reports change nothing.

    A parcel that is lost, damaged or going back to its sender stays a parcel: neither end has the device, until a
    delivery is reported or somebody takes the asset in. Carriers do not tell when a refused parcel is back.
    """
    if moved.leg is not Leg.DEVICE:
        return
    shipment = await find_shipment(tx, Scope(tx.org_id), shipment_id=ShipmentId(moved.shipment_id))
    if shipment is None or shipment.shipped_at is None:
        return  # never handed over: no carrier takes it, or the number it was reported under has been replaced
    transfer = await tables.lock(tx, TransferId(moved.subject_id))
    link = await _link(tx, transfer, at=then.now)
    asset = None if link is None else await custody.lock(tx, link.asset_id)
    if asset is None:
        return
    shipped_at, delivered_at = shipment.shipped_at, shipment.delivered_at
    if delivered_at is None:
        # What people wrote down after the first scan counts until the next one: a parcel that moves on has the device.
        at = shipped_at if shipped_at >= asset.custody_since else moved.moved_at
        await _ship(tx, asset, transfer, shipment, at=at)
        return
    if shipped_at < delivered_at:  # otherwise the delivery is all that was scanned
        asset = await _ship(tx, asset, transfer, shipment, at=shipped_at)
    await _deliver(tx, asset, transfer, shipment, at=delivered_at)


async def _link(tx: Tx, transfer: Transfer, *, at: datetime) -> AssetLink | None:
    """Return which asset a locked transfer carries. The first that has its serial number stays the one."""
    if transfer.device_serial_number is None:
        return None
    link, is_new = await tables.link_asset(
        tx, transfer.id, serial_number=transfer.device_serial_number, at=at
    )
    if link is not None and is_new:
        subject = ("transfer", transfer.id)
        history.note(tx, history.SYSTEM, subject=subject, action="asset_linked", at=at, after=link)
        outbox.record(tx, AssetLinked(subject_id=transfer.id, asset_id=link.asset_id), at=at)
    return link


async def _ship(tx: Tx, asset: Asset, transfer: Transfer, shipment: Shipment, *, at: datetime) -> Asset:
    evidence = _evidence(transfer, shipment)
    return await custody.ship(tx, history.SYSTEM, asset, shipment_id=shipment.id, at=at, evidence=evidence)


async def _deliver(tx: Tx, asset: Asset, transfer: Transfer, shipment: Shipment, *, at: datetime) -> None:
    evidence = _evidence(transfer, shipment)
    if transfer.direction is Direction.RETURN:
        await custody.deliver_to_organization(
            tx, history.SYSTEM, asset, shipment_id=shipment.id, at=at, evidence=evidence
        )
        return
    await custody.deliver_to_person(
        tx,
        history.SYSTEM,
        asset,
        shipment_id=shipment.id,
        emails=transfer.employee_address.notification_emails,
        at=at,
        evidence=evidence,
    )


def _evidence(transfer: Transfer, shipment: Shipment) -> dict[str, str]:
    known = {
        "transfer_id": str(transfer.id),
        "tracking_number": shipment.tracking_number,
        "carrier": shipment.carrier and shipment.carrier.value,
    }
    return {name: value for name, value in known.items() if value is not None}
