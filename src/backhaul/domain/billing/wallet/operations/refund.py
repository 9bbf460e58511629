"""Give a fee back to the wallet."""

from datetime import datetime

import msgspec

from backhaul.domain.billing import tables as ledger
from backhaul.domain.billing.wallet import bookkeeping, lifecycle, tables
from backhaul.domain.billing.wallet.events import FeeRefunded
from backhaul.domain.billing.wallet.model import Fee, FeeId
from backhaul.storage import history, outbox
from backhaul.storage.database import Tx


async def refund(
    tx: Tx, *, fee_id: FeeId, reason: str, at: datetime, author: history.Author = history.SYSTEM
) -> Fee:
    """Give the whole of a fee back, by a reversing transaction. Repeating changes nothing."""
    wallet, before = await tables.lock_of_fee(tx, fee_id)
    if before.refunded_at is not None:
        return before
    after = msgspec.structs.replace(before, refunded_at=at, refund_reason=reason)
    await tables.refund_fee(tx, lifecycle.spend(wallet, -before.amount_minor), after)
    if before.amount_minor:
        ledger.post(tx, bookkeeping.refunded(before), at=at)
    history.note(tx, author, subject=("fee", before.id), action="refunded", at=at, before=before, after=after)
    refunded = FeeRefunded(
        subject_id=before.subject_id,
        subject_kind=before.subject_kind,
        fee_id=before.id,
        kind=before.kind.value,
        amount_minor=before.amount_minor,
        currency=before.currency,
    )
    outbox.record(tx, refunded, at=at)
    return after
