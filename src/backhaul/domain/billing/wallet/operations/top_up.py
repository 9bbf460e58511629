"""Pay into the wallet: a job goes and gets the money."""

import re
from datetime import datetime

from backhaul.domain.billing.model import TOP_UP, Charge, ChargeId, Quote, QuoteLine
from backhaul.domain.billing.operations.opening import open_charge
from backhaul.domain.billing.wallet.errors import OnceKeyReused
from backhaul.domain.identity.model import Actor, Right
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money
from backhaul.storage.database import Database

MAX_MINOR = 100_000_000  # a million dollars: a slip of the finger, not a top-up
MAX_KEY = 200
_CURRENCY = re.compile(r"[A-Z]{3}")


async def top_up(
    db: Database, *, actor: Actor, amount: Money, key: str, now: datetime, reference: str = "Wallet top-up"
) -> Charge:
    """Have the gateway pay an amount into the wallet; it is there once the charge is captured.

    Safe to repeat with the same key: the charge there is comes back as it stands by now. A decline is final
    unless somebody retries it: nothing tops up by itself.
    """
    _check(amount, key)
    async with db.transaction(actor.scope(Right.BILLING_WRITE)) as tx:
        charge = await open_charge(
            tx,
            charge_id=ChargeId(new_id()),
            subject_kind=TOP_UP,
            subject_id=actor.org_id,
            purpose=f"top_up:{key}",
            quote=Quote((QuoteLine("wallet.top_up", "Wallet top-up", amount.amount_minor),), amount),
            reference=reference,
            at=now,
            author=actor.author,
        )
        if charge.amount != amount:
            raise OnceKeyReused(once_key=key, booked_minor=charge.amount_minor, currency=charge.currency)
    return charge


def _check(amount: Money, key: str) -> None:
    problems = []
    if not 1 <= amount.amount_minor <= MAX_MINOR:
        problems.append(FieldProblem("amount", "range", f"must be from {Money(1)} to {Money(MAX_MINOR)}"))
    if not _CURRENCY.fullmatch(amount.currency):
        problems.append(FieldProblem("currency", "iso_4217", "must be a currency's code such as USD"))
    if not 1 <= len(key) <= MAX_KEY:
        problems.append(FieldProblem("key", "length", f"must have from 1 to {MAX_KEY} characters"))
    if problems:
        raise InvalidInput(problems)
