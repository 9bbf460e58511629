"""Correct where the person of a transfer is, as long as nothing has left for there."""

from datetime import datetime

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.transfers import tables
from backhaul.domain.transfers.errors import TransferMoveRefused
from backhaul.domain.transfers.model import Status, Transfer, TransferId
from backhaul.domain.transfers.operations.readdress import readdress_parcels
from backhaul.domain.transfers.spelling import require_address
from backhaul.kernel.addresses import Address
from backhaul.storage.database import Database

_PATH = "employee_address"


def is_address_open(transfer: Transfer) -> bool:
    """Return whether the person's address can still be changed: before the box is on its way or the label is there."""
    if transfer.is_box_waived:
        return transfer.status is Status.PENDING_DEVICE and transfer.sender_ready_at is None
    return transfer.status is Status.PENDING_BOX


async def change_address(
    db: Database, *, actor: Actor, transfer_id: TransferId, employee_address: Address, now: datetime
) -> Transfer:
    """Write the person's address anew; labels made of the old one are voided, and others bought.

    Refused once the first parcel was handed over. The same address again changes nothing.
    """
    scope = actor.scope(Right.TRANSFERS_WRITE)
    address = require_address(employee_address, path=_PATH, needs_name=True)
    async with db.transaction(scope) as tx:
        before = await tables.lock(tx, transfer_id)
        if not is_address_open(before):
            raise TransferMoveRefused(
                transfer_id=before.id, status=before.status.value, action="go to another address"
            )
        if address == before.employee_address:
            return before
        return await readdress_parcels(
            tx, author=actor.author, transfer=before, employee_address=address, at=now
        )
