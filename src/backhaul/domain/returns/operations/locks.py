"""What follows from a device being found locked to somebody's account."""

from collections.abc import Sequence
from datetime import datetime

from backhaul.domain.inventory.model import Asset, Custody
from backhaul.domain.inventory.operations import custody
from backhaul.domain.returns import matching, tables
from backhaul.domain.returns.model import Return, ReturnItem, Verdict
from backhaul.storage.author import Author
from backhaul.storage.database import Tx


async def note_locked(
    tx: Tx, author: Author, one: Return, asset: Asset, *, since: datetime, at: datetime
) -> None:
    """Have an asset that was found locked in a return sanitised before it is deployed, as long as it lies there.

    Not one that is somewhere else by now, or came back in another parcel since: that one's opening says how it is.
    """
    is_here = asset.custody is Custody.WAREHOUSE and asset.warehouse_id == one.warehouse_id
    if is_here and not await tables.is_back_since(tx, asset.id, since, number=one.number):
        await custody.note_locked(tx, author, asset, at=at)


def scans_of(items: Sequence[ReturnItem], item: ReturnItem) -> list[ReturnItem]:
    """Return a device's lines in a return, the given one among them: it may have been scanned more than once."""
    key = matching.serial_key(item.serial_number)
    return [
        other
        for other in items
        if other.verdict is not Verdict.MISSING
        and (
            matching.serial_key(other.serial_number) == key
            or (item.asset_id is not None and other.asset_id == item.asset_id)
        )
    ]
