"""Change where the person of an order is, before anything is made of the address."""

from datetime import datetime

import msgspec

from backhaul.domain.transfers import tables
from backhaul.domain.transfers.model import Transfer
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
