"""The parts of Stripe's answers that matter here; everything else in them is passed over."""

from typing import Any

import msgspec


class Failure(msgspec.Struct, frozen=True):
    """Why a call, or the payment it asked for, failed."""

    type: str | None = None
    code: str | None = None
    decline_code: str | None = None
    message: str = "Stripe gave no reason"


class Page(msgspec.Struct, frozen=True):
    """Some of a list."""

    data: list[dict[str, Any]]
    has_more: bool = False


class Payment(msgspec.Struct, frozen=True):
    """A PaymentIntent."""

    id: str
    status: str
    metadata: dict[str, str] = {}
    last_payment_error: Failure | None = None


class Repayment(msgspec.Struct, frozen=True):
    """A Refund."""

    id: str
    status: str | None = None
    metadata: dict[str, str] = {}
    failure_reason: str | None = None


class InvoiceSettings(msgspec.Struct, frozen=True):
    """What a customer pays with, as newer integrations note it."""

    default_payment_method: str | None = None


class Customer(msgspec.Struct, frozen=True):
    """A Customer."""

    id: str
    deleted: bool = False
    default_source: str | None = None
    invoice_settings: InvoiceSettings = InvoiceSettings()

    @property
    def payment_method(self) -> str | None:
        """What the customer pays with unless somebody says otherwise."""
        return self.invoice_settings.default_payment_method or self.default_source
