"""Set money aside for what is about to cost something."""

from datetime import datetime
from uuid import UUID

from backhaul.domain.billing import tables as ledger
from backhaul.domain.billing.wallet import bookkeeping, lifecycle, tables
from backhaul.domain.billing.wallet.errors import InsufficientFunds, OnceKeyReused
from backhaul.domain.billing.wallet.events import FundsHeld
from backhaul.domain.billing.wallet.model import Hold, HoldId, HoldStatus
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money
from backhaul.storage import history, outbox
from backhaul.storage.database import Tx


async def require_and_hold(
    tx: Tx,
    *,
    amount: Money,
    reason: str,
    subject: tuple[str, UUID],
    expires_at: datetime,
    at: datetime,
    once_key: str | None = None,  # None: every call sets money aside
    author: history.Author = history.SYSTEM,
) -> Hold:
    """Set an amount aside until it is captured, released or expired; refuses what the wallet does not cover.

    Two statements. With a key, a repeat returns the hold there is, whatever became of it.
    """
    if amount.amount_minor <= 0:
        raise ValueError("a hold is more than nothing")
    hold_id = HoldId(new_id())
    hold = Hold(
        id=hold_id,
        org_id=tx.org_id,
        once_key=once_key or str(hold_id),
        reason=reason,
        subject_kind=subject[0],
        subject_id=subject[1],
        amount_minor=amount.amount_minor,
        captured_minor=None,
        currency=amount.currency,
        status=HoldStatus.HELD,
        expires_at=expires_at,
        created_at=at,
        settled_at=None,
    )
    wallet = await tables.lock(tx, amount.currency)
    try:
        after = lifecycle.hold(wallet, amount.amount_minor)
    except InsufficientFunds:
        earlier = None if once_key is None else await _earlier(tx, hold)
        if earlier is None:  # a repeat asks for nothing more
            raise
        return earlier
    if not await tables.add_hold(tx, after, hold):
        earlier = await _earlier(tx, hold)
        assert earlier is not None
        return earlier
    ledger.post(tx, bookkeeping.placed(hold), at=at)
    history.note(tx, author, subject=("hold", hold.id), action="placed", at=at, after=hold)
    outbox.record(
        tx,
        FundsHeld(
            subject_id=hold.subject_id,
            subject_kind=hold.subject_kind,
            hold_id=hold.id,
            amount_minor=hold.amount_minor,
            currency=hold.currency,
        ),
        at=at,
    )
    return hold


async def _earlier(tx: Tx, hold: Hold) -> Hold | None:
    found = await tables.find_hold(tx, hold.once_key)
    if found is not None and found.amount != hold.amount:
        raise OnceKeyReused(once_key=found.once_key, booked_minor=found.amount_minor, currency=found.currency)
    return found


async def is_held(tx: Tx, hold_id: HoldId) -> bool:
    """Whether money is still set aside; its wallet is locked, so that stays true in this transaction."""
    _, hold = await tables.lock_of_hold(tx, hold_id)
    return hold.status is HoldStatus.HELD
