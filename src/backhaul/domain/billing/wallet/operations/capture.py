"""Charge what money was set aside for."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from backhaul.domain.billing import tables as ledger
from backhaul.domain.billing.wallet import bookkeeping, lifecycle, tables
from backhaul.domain.billing.wallet.events import HoldCaptured
from backhaul.domain.billing.wallet.lifecycle import Action
from backhaul.domain.billing.wallet.model import Fee, FeeId, FeeLine, Hold, HoldId, HoldStatus
from backhaul.kernel.ids import new_id
from backhaul.storage import history, outbox
from backhaul.storage.database import Tx


async def capture_hold(
    tx: Tx,
    hold_id: HoldId,
    lines: Sequence[FeeLine],
    at: datetime,
    *,
    author: history.Author = history.SYSTEM,
) -> Hold:
    """Charge the lines, each a fee of its own, out of a hold; what is left of it can be spent again.

    The lines may come to less than was held, or to more if the wallet covers the difference. A hold whose time
    is over can be captured until somebody gives it back. Safe to repeat: a captured hold stays as it is.
    """
    total = sum(line.amount_minor for line in lines)
    if total < 0:
        raise ValueError("what is charged out of a hold is never less than nothing")
    wallet, hold = await tables.lock_of_hold(tx, hold_id)
    if hold.status is HoldStatus.CAPTURED and hold.captured_minor == total:
        return hold
    after = msgspec.structs.replace(lifecycle.advance(hold, Action.CAPTURE, at=at), captured_minor=total)
    spent = lifecycle.spend(lifecycle.give_back(wallet, hold.amount_minor), total)
    fees = [_fee(hold, n, line, at=at) for n, line in enumerate(lines, start=1) if line.amount_minor]
    await tables.settle_hold(tx, spent, after, fees)
    ledger.post(tx, bookkeeping.settled(hold), at=at)
    for fee in fees:
        ledger.post(tx, bookkeeping.charged(fee), at=at)
    history.note(tx, author, subject=("hold", hold.id), action="captured", at=at, before=hold, after=after)
    captured = HoldCaptured(
        subject_id=hold.subject_id,
        subject_kind=hold.subject_kind,
        hold_id=hold.id,
        amount_minor=hold.amount_minor,
        captured_minor=total,
        currency=hold.currency,
    )
    outbox.record(tx, captured, at=at)
    return after


def _fee(hold: Hold, number: int, line: FeeLine, *, at: datetime) -> Fee:
    return Fee(
        id=FeeId(new_id()),
        org_id=hold.org_id,
        once_key=f"hold:{hold.id}:{number}",
        kind=line.kind,
        text=line.text,
        subject_kind=hold.subject_kind,
        subject_id=hold.subject_id,
        hold_id=hold.id,
        amount_minor=line.amount_minor,
        currency=hold.currency,
        charged_at=at,
        refunded_at=None,
        refund_reason=None,
    )
