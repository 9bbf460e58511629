"""What a warehouse's work on a return costs, taken from its owner's wallet: steps of the transaction of the work.

The wallet is locked last: whoever calls has locked everything else before.
"""

from collections.abc import Sequence
from datetime import datetime

from backhaul.domain.billing.wallet import FeeKind, InsufficientFunds, charge_fee
from backhaul.domain.returns.model import Return
from backhaul.kernel.money import Money
from backhaul.storage.database import Tx


async def charge(tx: Tx, one: Return, kind: FeeKind, amount_minor: int, *, at: datetime) -> None:
    """Take a fee for a locked return, once; refuses what the wallet does not cover."""
    await charge_fee(
        tx,
        kind=kind,
        amount=Money(amount_minor, one.currency),
        subject=("return", one.id),
        once_key=f"return:{one.id}:{kind.value}",
        at=at,
        text=f"{_TEXTS[kind]} of return {one.number}",
    )


async def charge_together(tx: Tx, one: Return, owed: Sequence[tuple[FeeKind, int]], *, at: datetime) -> None:
    """Take several fees for a locked return, each once; refuses with the whole sum what the wallet does not cover."""
    taken_minor = 0
    for kind, amount_minor in owed:
        try:
            await charge(tx, one, kind, amount_minor, at=at)
        except InsufficientFunds as refusal:
            raise InsufficientFunds(
                needed_minor=sum(minor for _, minor in owed),
                spendable_minor=refusal.data["spendable_minor"] + taken_minor,
                currency=one.currency,
            ) from refusal
        taken_minor += amount_minor


async def charge_if_covered(tx: Tx, one: Return, kind: FeeKind, amount_minor: int, *, at: datetime) -> bool:
    """Take a fee if the wallet covers it: the work was done, and whether it can be paid at this moment is no reason."""
    try:
        await charge(tx, one, kind, amount_minor, at=at)
    except InsufficientFunds:
        return False
    return True


_TEXTS = {FeeKind.PROCESS: "Processing", FeeKind.VERIFY: "Verification"}
