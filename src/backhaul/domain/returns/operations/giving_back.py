"""What becomes of a device whose receipt in a return was a mistake."""

from datetime import datetime

from backhaul.domain.inventory.model import AssetId
from backhaul.domain.inventory.operations import custody
from backhaul.domain.inventory.operations.taking_back import pass_receipt_on, take_back_receipt
from backhaul.domain.returns.mistakes import tables
from backhaul.domain.returns.model import Return
from backhaul.domain.returns.operations.receive import evidence
from backhaul.storage.author import Author
from backhaul.storage.database import Tx


async def give_back(
    tx: Tx, author: Author, one: Return, asset_id: AssetId, *, is_locked: bool = False, at: datetime
) -> None:
    """Give a device back to whoever had it before a return's receipt; it stays where another parcel has it.

    Nothing changes for one that has changed hands since. `is_locked`: somebody's account was found to lock it.
    """
    asset = await custody.lock(tx, asset_id)
    if asset is None:
        return
    # Behind the lock: whoever scans it in another parcel at this moment is seen, or receives it anew.
    other = await tables.find_other(tx, one, asset_id)
    if other is None:
        await take_back_receipt(
            tx, author, asset, return_number=one.number, is_locked=is_locked, at=at, evidence=evidence(one)
        )
    else:
        await pass_receipt_on(tx, author, asset, return_number=one.number, at=at, evidence=evidence(other))
