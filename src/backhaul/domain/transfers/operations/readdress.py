"""Change where the person of an order is: before anything is made of the address, or with the labels made of it."""

from datetime import datetime

import msgspec

from backhaul.domain.shipping import tables as shipping_tables
from backhaul.domain.shipping.model import Leg, Parcel, Shipment
from backhaul.domain.shipping.operations import readdress_shipment
from backhaul.domain.transfers import tables
from backhaul.domain.transfers.model import Direction, Transfer
from backhaul.kernel.addresses import Address
from backhaul.storage import history
from backhaul.storage.database import Tx


async def readdress_order(
    tx: Tx, *, author: history.Author, transfer: Transfer, employee_address: Address, at: datetime
) -> Transfer:
    """Write the person's address to a locked transfer. The caller knows that its parcels are not opened yet."""
    after = msgspec.structs.replace(
        transfer, employee_address=employee_address, updated_at=at, version=transfer.version + 1
    )
    await tables.readdress(tx, after)
    subject = ("transfer", after.id)
    history.note(tx, author, subject=subject, action="readdressed", at=at, before=transfer, after=after)
    return after


async def readdress_parcels(
    tx: Tx, *, author: history.Author, transfer: Transfer, employee_address: Address, at: datetime
) -> Transfer:
    """Write the person's address to a locked transfer and its parcels: labels are voided, and others bought.

    The caller knows that the address is still open.
    """
    after = await readdress_order(
        tx, author=author, transfer=transfer, employee_address=employee_address, at=at
    )
    for shipment in (await shipping_tables.lock_of_subject(tx, "transfer", transfer.id)).values():
        await readdress_shipment(tx, author=author, shipment=shipment, parcel=_parcel(after, shipment), at=at)
    return after


def _parcel(transfer: Transfer, shipment: Shipment) -> Parcel:
    """Return a parcel with the addresses its transfer has now."""
    if shipment.leg is Leg.DEVICE:
        return msgspec.structs.replace(shipment.parcel, origin=transfer.sender, destination=transfer.receiver)
    if transfer.direction is Direction.RETURN:
        return msgspec.structs.replace(shipment.parcel, destination=transfer.sender)
    return shipment.parcel  # the box of a deployment goes to the organization
