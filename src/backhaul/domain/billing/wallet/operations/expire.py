"""Give back what was set aside for too long."""

from datetime import datetime

from backhaul.domain.billing.wallet import tables
from backhaul.domain.billing.wallet.lifecycle import Action
from backhaul.domain.billing.wallet.model import Hold, HoldId, HoldStatus
from backhaul.domain.billing.wallet.operations.settling import free
from backhaul.storage import history
from backhaul.storage.database import Database, Scope


async def expire_hold(db: Database, *, scope: Scope, hold_id: HoldId, now: datetime) -> Hold:
    """Give the money of a hold back because its time is over; whoever captured or released it came first."""
    async with db.transaction(scope) as tx:
        wallet, hold = await tables.lock_of_hold(tx, hold_id)
        if hold.status is not HoldStatus.HELD or hold.expires_at > now:
            return hold
        return await free(tx, wallet, hold, Action.EXPIRE, at=now, author=history.SYSTEM)
