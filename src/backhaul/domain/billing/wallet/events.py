"""What a wallet tells others. `subject_id` is whatever was held or charged for, so its events stay in order."""

from uuid import UUID

from backhaul.storage.outbox import Event, event


@event("billing.funds_held")
class FundsHeld(Event, frozen=True, kw_only=True):
    """Money was set aside."""

    subject_kind: str
    hold_id: UUID
    amount_minor: int
    currency: str


@event("billing.hold_released")
class HoldReleased(Event, frozen=True, kw_only=True):
    """Money that was set aside can be spent again."""

    subject_kind: str
    hold_id: UUID
    amount_minor: int
    currency: str


@event("billing.hold_expired")
class HoldExpired(Event, frozen=True, kw_only=True):
    """Nobody captured a hold in time; its money can be spent again."""

    subject_kind: str
    hold_id: UUID
    amount_minor: int
    currency: str


@event("billing.hold_captured")
class HoldCaptured(Event, frozen=True, kw_only=True):
    """What a hold was for was charged."""

    subject_kind: str
    hold_id: UUID
    amount_minor: int
    captured_minor: int
    currency: str


@event("billing.fee_charged")
class FeeCharged(Event, frozen=True, kw_only=True):
    """A fee was taken from the wallet, other than out of a hold."""

    subject_kind: str
    fee_id: UUID
    kind: str
    amount_minor: int
    currency: str


@event("billing.fee_refunded")
class FeeRefunded(Event, frozen=True, kw_only=True):
    """A fee was given back to the wallet."""

    subject_kind: str
    fee_id: UUID
    kind: str
    amount_minor: int
    currency: str
