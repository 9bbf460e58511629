"""Stripe's two calls. Each first looks whether it was made before: Stripe forgets idempotency keys after 24 hours."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Self

from backhaul.adapters.payments.stripe.answers import Customer, Failure, Payment, Repayment
from backhaul.adapters.payments.stripe.calling import NAME, Caller, CardRefused
from backhaul.domain.billing.errors import GatewayRefused, GatewayUnavailable
from backhaul.domain.billing.model import Captured, Declined, GatewayAnswer
from backhaul.kernel.ids import OrgId
from backhaul.kernel.money import Money

ATTEMPT, REFUND = "backhaul_attempt", "backhaul_refund"  # names in Stripe's metadata
CLOCKS_DIFFER = timedelta(minutes=10)  # at most, Stripe's and ours
REFERENCE_LENGTH = 500  # Stripe's limit for values of metadata


class StripeGateway:
    """Takes money from each organization's customer at Stripe, with its default payment method."""

    name = NAME

    def __init__(self, caller: Caller, *, customers: Mapping[str, str]) -> None:
        self._caller = caller
        self._customers = customers  # organization's id → Stripe's customer

    @classmethod
    def of(
        cls, *, secret_key: str, api_base: str, timeout_seconds: float, customers: Mapping[str, str]
    ) -> Self:
        """Return the gateway of one account at Stripe."""
        caller = Caller(secret_key=secret_key, api_base=api_base, timeout_seconds=timeout_seconds)
        return cls(caller, customers=customers)

    async def charge(
        self,
        *,
        idempotency_key: str,
        amount: Money,
        reference: str,
        payer: OrgId,
        since: datetime,
        now: datetime,  # noqa: ARG002 -- the port's
    ) -> GatewayAnswer:
        """Take money, once per key."""
        customer_id = self._customers.get(str(payer))
        if customer_id is None:
            return Declined("no_customer", "The organization has no customer at Stripe (stripe.customers).")
        earlier = await self._find(customer_id, idempotency_key, since=since)
        if earlier is not None:
            return await self._answer(earlier)
        method = (await self._caller.get(f"customers/{customer_id}", Customer)).payment_method
        if method is None:
            return Declined("no_payment_method", "The customer at Stripe has no default payment method.")
        fields = {
            "amount": str(amount.amount_minor),
            "currency": amount.currency.lower(),
            "customer": customer_id,
            "payment_method": method,
            "confirm": "true",
            "off_session": "true",
            f"metadata[{ATTEMPT}]": idempotency_key,
            "metadata[reference]": reference[:REFERENCE_LENGTH],
        }
        try:
            made = await self._caller.post(
                "payment_intents", Payment, fields, idempotency_key=idempotency_key
            )
        except CardRefused as refused:
            return _declined(refused.failure)
        return await self._answer(made)

    async def refund(
        self,
        *,
        gateway_reference: str,
        amount: Money,
        idempotency_key: str,
        now: datetime,  # noqa: ARG002 -- the port's
    ) -> None:
        """Give back some or all of a payment, once per key."""
        async for earlier in self._caller.listed("refunds", Repayment, payment_intent=gateway_reference):
            if earlier.metadata.get(REFUND) == idempotency_key:
                return _check(earlier)
        fields = {
            "payment_intent": gateway_reference,
            "amount": str(amount.amount_minor),
            f"metadata[{REFUND}]": idempotency_key,
        }
        try:
            made = await self._caller.post("refunds", Repayment, fields, idempotency_key=idempotency_key)
        except CardRefused as refused:
            raise GatewayRefused(gateway=NAME, reason=refused.failure.message) from refused
        return _check(made)

    async def _find(self, customer_id: str, attempt: str, *, since: datetime) -> Payment | None:
        # Not Stripe's search by metadata: it finds a payment a minute after it was made, at times an hour.
        oldest = {"created[gte]": str(int((since - CLOCKS_DIFFER).timestamp()))}
        payments = self._caller.listed("payment_intents", Payment, customer=customer_id, **oldest)
        async for payment in payments:
            if payment.metadata.get(ATTEMPT) == attempt:
                return payment
        return None

    async def _answer(self, payment: Payment) -> GatewayAnswer:
        match payment.status:
            case "succeeded":
                return Captured(payment.id)
            case "processing":
                raise GatewayUnavailable(gateway=NAME)
            case "requires_action" | "requires_confirmation" | "requires_capture":
                # Nobody will ever act on it; left as it is, somebody could, after we took it for declined.
                await self._caller.post(
                    f"payment_intents/{payment.id}/cancel",
                    Payment,
                    {},
                    idempotency_key=f"{payment.id}:cancel",
                )
                return Declined("authentication_required", "The bank wants the card's holder to confirm.")
            case _:
                return _declined(payment.last_payment_error or Failure())


def _declined(failure: Failure) -> Declined:
    return Declined(failure.decline_code or failure.code or "declined", failure.message)


def _check(refund: Repayment) -> None:
    if refund.status in ("failed", "canceled"):
        raise GatewayRefused(gateway=NAME, reason=refund.failure_reason or f"the refund {refund.status}")
