"""Charge a fee."""

from datetime import datetime
from uuid import UUID

from backhaul.domain.billing import tables as ledger
from backhaul.domain.billing.wallet import bookkeeping, lifecycle, tables
from backhaul.domain.billing.wallet.errors import InsufficientFunds, OnceKeyReused
from backhaul.domain.billing.wallet.events import FeeCharged
from backhaul.domain.billing.wallet.model import Fee, FeeId, FeeKind
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money
from backhaul.storage import history, outbox
from backhaul.storage.database import Tx

TEXTS = {
    FeeKind.PROCESS: "Processing of a return",
    FeeKind.VERIFY: "Verification of a return",
    FeeKind.RESHIP: "Reshipment",
    FeeKind.RESHIP_DIFFERENCE: "Difference from the estimate",
    FeeKind.STORAGE: "Storage",
    FeeKind.OTHER: "Fee",
}


async def charge_fee(
    tx: Tx,
    *,
    kind: FeeKind,
    amount: Money,
    subject: tuple[str, UUID],
    once_key: str,
    at: datetime,
    text: str | None = None,  # what stands on the invoice
    author: history.Author = history.SYSTEM,
) -> Fee:
    """Take a fee from the wallet, once for its key; refuses what the wallet does not cover.

    A repeat returns the fee there is and changes nothing. A fee of nothing is noted and not booked.
    """
    if amount.amount_minor < 0:
        raise ValueError("a fee is never less than nothing")
    fee = Fee(
        id=FeeId(new_id()),
        org_id=tx.org_id,
        once_key=once_key,
        kind=kind,
        text=text or TEXTS[kind],
        subject_kind=subject[0],
        subject_id=subject[1],
        hold_id=None,
        amount_minor=amount.amount_minor,
        currency=amount.currency,
        charged_at=at,
        refunded_at=None,
        refund_reason=None,
    )
    wallet = await tables.lock(tx, amount.currency)
    try:
        after = lifecycle.spend(wallet, amount.amount_minor)
    except InsufficientFunds:
        earlier = await _earlier(tx, fee)
        if earlier is None:  # a repeat asks for nothing more
            raise
        return earlier
    if not await tables.add_fee(tx, after, fee):
        earlier = await _earlier(tx, fee)
        assert earlier is not None
        return earlier
    if fee.amount_minor:
        ledger.post(tx, bookkeeping.charged(fee), at=at)
    history.note(tx, author, subject=("fee", fee.id), action="charged", at=at, after=fee)
    charged = FeeCharged(
        subject_id=fee.subject_id,
        subject_kind=fee.subject_kind,
        fee_id=fee.id,
        kind=fee.kind.value,
        amount_minor=fee.amount_minor,
        currency=fee.currency,
    )
    outbox.record(tx, charged, at=at)
    return fee


async def _earlier(tx: Tx, fee: Fee) -> Fee | None:
    found = await tables.find_fee(tx, fee.once_key)
    if found is not None and (found.amount_minor, found.currency) != (fee.amount_minor, fee.currency):
        raise OnceKeyReused(once_key=found.once_key, booked_minor=found.amount_minor, currency=found.currency)
    return found
