"""Put into a wallet what the gateway took for it: a step of the transaction that writes the gateway's answer down."""

from datetime import datetime

import msgspec

from backhaul.domain.billing.wallet import tables
from backhaul.kernel.money import Money
from backhaul.storage import history
from backhaul.storage.database import Tx


async def credit(tx: Tx, amount: Money, *, reason: str, at: datetime) -> None:
    """Add what was paid in. Its charge, locked, sees to it that this happens once."""
    before = await tables.lock_or_add(tx, amount.currency, at=at)
    after = msgspec.structs.replace(before, available_minor=before.available_minor + amount.amount_minor)
    await tables.save(tx, after, at=at)
    history.note(
        tx, history.SYSTEM, subject=("wallet", tx.org_id), action="topped_up", at=at,
        before=before, after=after, reason=reason or None,
    )  # fmt: skip
