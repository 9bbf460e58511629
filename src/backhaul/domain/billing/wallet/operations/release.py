"""Give back what was set aside."""

from datetime import datetime

from backhaul.domain.billing.wallet import tables
from backhaul.domain.billing.wallet.lifecycle import Action
from backhaul.domain.billing.wallet.model import Hold, HoldId, HoldStatus
from backhaul.domain.billing.wallet.operations.settling import free
from backhaul.storage import history
from backhaul.storage.database import Tx


async def release_hold(
    tx: Tx, hold_id: HoldId, at: datetime, *, author: history.Author = history.SYSTEM
) -> Hold:
    """Give the money of a hold back. Safe to repeat, after its expiry too; refuses a captured one."""
    wallet, hold = await tables.lock_of_hold(tx, hold_id)
    if hold.status in (HoldStatus.RELEASED, HoldStatus.EXPIRED):
        return hold
    return await free(tx, wallet, hold, Action.RELEASE, at=at, author=author)
