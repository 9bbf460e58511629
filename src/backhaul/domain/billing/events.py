"""What billing tells others. `subject_id` is the charged subject, so its events stay in order."""

from datetime import datetime
from uuid import UUID

from backhaul.storage.outbox import Event, event


@event("billing.payment_captured")
class PaymentCaptured(Event, frozen=True, kw_only=True):
    """The gateway took the money."""

    subject_kind: str
    purpose: str
    charge_id: UUID
    amount_minor: int
    currency: str


@event("billing.payment_declined")
class PaymentDeclined(Event, frozen=True, kw_only=True):
    """An attempt was declined."""

    subject_kind: str
    purpose: str
    charge_id: UUID
    code: str
    next_attempt_at: datetime | None  # None: we do not try again by ourselves


@event("billing.payment_refunded")
class PaymentRefunded(Event, frozen=True, kw_only=True):
    """Money was given back."""

    subject_kind: str
    purpose: str
    charge_id: UUID
    refund_id: UUID
    amount_minor: int  # of this refund alone
    currency: str
