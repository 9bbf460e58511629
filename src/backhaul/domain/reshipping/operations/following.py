"""Custody follows the parcel: from the warehouse into it when it is dispatched, out of it when it is delivered."""

from collections.abc import Sequence
from uuid import UUID

from backhaul.domain.inventory.model import Asset, AssetId
from backhaul.domain.inventory.operations import custody
from backhaul.domain.reshipping.model import Reshipment
from backhaul.domain.shipping.model import Shipment
from backhaul.storage import history
from backhaul.storage.database import Tx


async def follow_devices(
    tx: Tx, author: history.Author, one: Reshipment, shipment: Shipment, asset_ids: Sequence[UUID]
) -> None:
    """Bring custody of a dispatched reshipment's devices to what its parcel shows. Repeating changes nothing.

    A device that is no longer in the warehouse, nor in this parcel, is somebody else's to follow.
    """
    assert one.dispatched_at is not None
    shipped_at = min(one.dispatched_at, shipment.shipped_at or one.dispatched_at)
    for asset_id in sorted(asset_ids):
        asset = await custody.lock(tx, AssetId(asset_id))
        if asset is None:
            continue
        if asset.warehouse_id == one.warehouse_id:
            at = max(shipped_at, asset.custody_since)
            asset = await custody.ship(
                tx, author, asset, shipment_id=shipment.id, at=at, evidence=_evidence(one, shipment)
            )
        if asset.shipment_id == shipment.id and shipment.delivered_at is not None:
            await _deliver(tx, one, asset, shipment)


async def _deliver(tx: Tx, one: Reshipment, asset: Asset, shipment: Shipment) -> None:
    assert shipment.delivered_at is not None
    await custody.deliver_to_person(
        tx,
        history.SYSTEM,
        asset,
        shipment_id=shipment.id,
        emails=one.to.address.notification_emails,
        at=max(shipment.delivered_at, asset.custody_since),
        evidence=_evidence(one, shipment),
    )


def _evidence(one: Reshipment, shipment: Shipment) -> dict[str, str]:
    known = {
        "reshipment": str(one.number),
        "tracking_number": shipment.tracking_number,
        "carrier": shipment.carrier and shipment.carrier.value,
    }
    return {name: value for name, value in known.items() if value is not None}
