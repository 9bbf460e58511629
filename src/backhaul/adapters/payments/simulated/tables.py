"""The simulated gateway's memory. It stands for a service elsewhere: no organizations, worker role only."""

from datetime import datetime

import msgspec

from backhaul.kernel.money import Money
from backhaul.storage.database import Tx
from backhaul.storage.rows import optional, record

COLUMNS = """
idempotency_key, gateway_reference, amount_minor, currency, reference, calls, outcome, refunded_minor
"""

# Counts the call and locks the payment: calls with the same key wait for each other.
CALL = f"""
INSERT INTO simulated_payments (idempotency_key, gateway_reference, amount_minor, currency, reference, calls,
                                created_at)
VALUES ($1, $2, $3, $4, $5, 1, $6)
ON CONFLICT (idempotency_key) DO UPDATE SET calls = simulated_payments.calls + 1
RETURNING {COLUMNS}
"""

EARLIER = "SELECT count(*) FROM simulated_payments WHERE reference = $1 AND idempotency_key <> $2"

DECIDE = "UPDATE simulated_payments SET outcome = $2 WHERE idempotency_key = $1"

LOCK = f"SELECT {COLUMNS} FROM simulated_payments WHERE gateway_reference = $1 FOR UPDATE"

FIND_REFUND = "SELECT gateway_reference, amount_minor FROM simulated_refunds WHERE idempotency_key = $1"

REFUND = """
WITH paid AS (
    INSERT INTO simulated_refunds (idempotency_key, gateway_reference, amount_minor, created_at)
    VALUES ($1, $2, $3, $4))
UPDATE simulated_payments SET refunded_minor = refunded_minor + $3 WHERE gateway_reference = $2
"""


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """What the gateway remembers of a payment."""

    idempotency_key: str
    gateway_reference: str
    amount_minor: int
    currency: str
    reference: str
    calls: int
    outcome: str | None
    refunded_minor: int

    @property
    def amount(self) -> Money:
        """What was asked for."""
        return Money(self.amount_minor, self.currency)


class PaidRefund(msgspec.Struct, frozen=True, kw_only=True):
    """What the gateway remembers of a refund."""

    gateway_reference: str
    amount_minor: int


async def count_call(
    tx: Tx, *, key: str, gateway_reference: str, amount: Money, reference: str, now: datetime
) -> Payment:
    """Note a call and return its payment, locked, with the values of the first call."""
    row = await tx.fetchrow(
        CALL, key, gateway_reference, amount.amount_minor, amount.currency, reference, now
    )
    return record(Payment, row)


async def count_earlier(tx: Tx, payment: Payment) -> int:
    """Return how many other attempts bear the same reference."""
    count: int = await tx.fetchval(EARLIER, payment.reference, payment.idempotency_key)
    return count


async def decide(tx: Tx, payment: Payment, outcome: str) -> None:
    """Fix what became of a payment."""
    await tx.execute(DECIDE, payment.idempotency_key, outcome)


async def lock(tx: Tx, gateway_reference: str) -> Payment | None:
    """Return a payment, locked."""
    return optional(Payment, await tx.fetchrow(LOCK, gateway_reference))


async def find_refund(tx: Tx, key: str) -> PaidRefund | None:
    """Return the refund a key was used for."""
    return optional(PaidRefund, await tx.fetchrow(FIND_REFUND, key))


async def pay_back(tx: Tx, *, key: str, payment: Payment, amount_minor: int, now: datetime) -> None:
    """Note a refund of a locked payment."""
    await tx.execute(REFUND, key, payment.gateway_reference, amount_minor, now)
