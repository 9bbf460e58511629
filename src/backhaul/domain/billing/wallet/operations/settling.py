"""How releasing and expiring end a hold: the same, but for its name."""

from datetime import datetime

from backhaul.domain.billing import tables as ledger
from backhaul.domain.billing.wallet import bookkeeping, lifecycle, tables
from backhaul.domain.billing.wallet.events import HoldExpired, HoldReleased
from backhaul.domain.billing.wallet.lifecycle import Action
from backhaul.domain.billing.wallet.model import Hold, Wallet
from backhaul.storage import history, outbox
from backhaul.storage.database import Tx

TOLD = {Action.RELEASE: HoldReleased, Action.EXPIRE: HoldExpired}


async def free(
    tx: Tx, wallet: Wallet, hold: Hold, action: Action, *, at: datetime, author: history.Author
) -> Hold:
    """End a hold whose wallet is locked, so that its money can be spent again."""
    after = lifecycle.advance(hold, action, at=at)
    await tables.settle_hold(tx, lifecycle.give_back(wallet, hold.amount_minor), after, ())
    ledger.post(tx, bookkeeping.settled(hold), at=at)
    history.note(
        tx, author, subject=("hold", hold.id), action=after.status.value, at=at, before=hold, after=after
    )
    told = TOLD[action](
        subject_id=hold.subject_id,
        subject_kind=hold.subject_kind,
        hold_id=hold.id,
        amount_minor=hold.amount_minor,
        currency=hold.currency,
    )
    outbox.record(tx, told, at=at)
    return after
