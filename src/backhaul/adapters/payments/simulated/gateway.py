"""The simulated gateway's two calls, each one short transaction of its own."""

from datetime import datetime

from backhaul.adapters.payments.simulated import script, tables
from backhaul.domain.billing.errors import GatewayRefused, GatewayUnavailable
from backhaul.domain.billing.model import Captured, Declined, GatewayAnswer
from backhaul.kernel.ids import OrgId, new_id
from backhaul.kernel.money import Money
from backhaul.storage.database import Database


class SimulatedGateway:
    """Takes no money, and remembers who it took none from."""

    name = "simulated"

    def __init__(self, db: Database) -> None:
        self._db = db

    async def charge(
        self,
        *,
        idempotency_key: str,
        amount: Money,
        reference: str,
        payer: OrgId,  # noqa: ARG002 -- the port's
        since: datetime,  # noqa: ARG002 -- the port's
        now: datetime,
    ) -> GatewayAnswer:
        """Take money, once per key; whose is all the same where none is taken."""
        if amount.amount_minor <= 0:
            raise self._refusal("a payment is more than nothing")
        async with self._db.system_transaction() as tx:
            payment = await tables.count_call(
                tx,
                key=idempotency_key,
                gateway_reference=f"sim_{new_id().hex}",
                amount=amount,
                reference=reference,
                now=now,
            )
            if payment.amount != amount or payment.reference != reference:
                raise self._refusal("this key belongs to a different payment")
            outcome = payment.outcome
            is_down = script.is_down(payment.reference, calls=payment.calls)
            if outcome is None and not is_down:
                earlier = await tables.count_earlier(tx, payment)
                outcome = script.outcome(payment.reference, earlier_attempts=earlier)
                await tables.decide(tx, payment, outcome)
        if outcome is None or script.is_answer_lost(payment.reference, calls=payment.calls):
            raise GatewayUnavailable(gateway=self.name)
        if outcome == script.Outcome.DECLINED:
            return Declined("card_declined", "The simulated card was declined.")
        return Captured(payment.gateway_reference)

    async def refund(
        self, *, gateway_reference: str, amount: Money, idempotency_key: str, now: datetime
    ) -> None:
        """Give back some or all of a payment, once per key."""
        if amount.amount_minor <= 0:
            raise self._refusal("a refund is more than nothing")
        async with self._db.system_transaction() as tx:
            payment = await tables.lock(tx, gateway_reference)
            if payment is None or payment.outcome != script.Outcome.CAPTURED:
                raise self._refusal(f"there is no payment {gateway_reference}")
            earlier = await tables.find_refund(tx, idempotency_key)
            if earlier is not None:
                if earlier != tables.PaidRefund(
                    gateway_reference=gateway_reference, amount_minor=amount.amount_minor
                ):
                    raise self._refusal("this key belongs to a different refund")
                return
            left = Money(payment.amount_minor - payment.refunded_minor, payment.currency)
            if amount.currency != left.currency or amount.amount_minor > left.amount_minor:
                raise self._refusal(f"only {left} can be given back")
            await tables.pay_back(
                tx, key=idempotency_key, payment=payment, amount_minor=amount.amount_minor, now=now
            )

    def _refusal(self, reason: str) -> GatewayRefused:
        return GatewayRefused(gateway=self.name, reason=reason)
