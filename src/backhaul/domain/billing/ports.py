"""What billing needs from a payment gateway. One contract test holds every adapter to this."""

from datetime import datetime
from typing import Protocol

from backhaul.domain.billing.model import GatewayAnswer
from backhaul.kernel.ids import OrgId
from backhaul.kernel.money import Money


class PaymentGateway(Protocol):
    """A way to take money and give it back. Calls may take seconds: never inside a transaction.

    Every call may be repeated with the same `idempotency_key`: the effect happens once and the answer is
    the same. `GatewayUnavailable` says nothing about the effect (repeat with the same key); `GatewayRefused`
    means that nothing happened and nothing will.
    """

    @property
    def name(self) -> str:
        """What a charge remembers it by."""
        ...

    async def charge(
        self,
        *,
        idempotency_key: str,
        amount: Money,
        reference: str,
        payer: OrgId,
        since: datetime,
        now: datetime,
    ) -> GatewayAnswer:
        """Take money of an organization; no call with this key was made before `since`."""
        ...

    async def refund(
        self, *, gateway_reference: str, amount: Money, idempotency_key: str, now: datetime
    ) -> None:
        """Give back some or all of what was taken; refuses more than that and payments it does not know."""
        ...
