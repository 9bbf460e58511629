"""What is charged, what is given back, and how it is booked."""

from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.kernel.ids import OrgId
from backhaul.kernel.money import Money

ChargeId = NewType("ChargeId", UUID)
RefundId = NewType("RefundId", UUID)


class Status(StrEnum):
    """Where a charge stands."""

    PENDING = "pending"  # nobody has asked the gateway yet
    COLLECTING = "collecting"  # the gateway is or was being asked; its answer is not written down yet
    CAPTURED = "captured"
    DECLINED = "declined"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"  # given up before any money moved


TOP_UP = "wallet"  # the subject of charges that pay into a wallet instead of for something
PAID = frozenset({Status.CAPTURED, Status.PARTLY_REFUNDED, Status.REFUNDED})


class QuoteLine(msgspec.Struct, frozen=True):
    """One line of a bill; discounts are negative."""

    code: str
    text: str
    amount_minor: int


class Quote(msgspec.Struct, frozen=True):
    """What something costs, and why. The lines add up to the total, which is never negative."""

    lines: tuple[QuoteLine, ...]
    total: Money


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """Money asked for once, for one purpose of one subject (a transfer, a reshipment)."""

    id: ChargeId
    org_id: OrgId
    subject_kind: str
    subject_id: UUID
    purpose: str  # one subject is never charged twice for the same purpose
    amount_minor: int
    refund_requested_minor: int  # promised back, paid or still on its way
    refunded_minor: int  # paid back
    currency: str
    status: Status
    reference: str  # what the customer knows it by; the simulated gateway reads its reserved words here
    lines: tuple[QuoteLine, ...]
    gateway: str | None  # who was asked last; None: nobody yet
    gateway_reference: str | None  # the gateway's own id, once captured
    attempts: int  # a decline ends an attempt; silence does not
    next_attempt_at: datetime | None  # when we look at it again by ourselves; None: never
    decline_code: str | None  # of the last decline
    decline_text: str | None
    captured_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int

    @property
    def amount(self) -> Money:
        """What is asked for."""
        return Money(self.amount_minor, self.currency)

    @property
    def is_paid(self) -> bool:
        """Whether money was taken, even if some of it was given back."""
        return self.status in PAID

    @property
    def is_top_up(self) -> bool:
        """Whether it fills the organization's wallet: nothing is owed for it, and nothing earned by it."""
        return self.subject_kind == TOP_UP

    @property
    def attempt_key(self) -> str:
        """The key of the present attempt. After a crash it is the same, so the gateway charges once."""
        return f"{self.id}:{self.attempts}"

    @property
    def gateway_text(self) -> str:
        """What the gateway gets to print: the customer's words and our id, which finds the charge again."""
        return f"{self.reference} {self.id}".strip()


class RefundStatus(StrEnum):
    """Where a refund stands."""

    REQUESTED = "requested"
    PAID = "paid"
    REFUSED = "refused"  # by the gateway, for good
    DROPPED = "dropped"  # the charge was never captured, so there was nothing to give back


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """Money to be given back on a charge, whole or in part."""

    id: RefundId
    org_id: OrgId
    charge_id: ChargeId
    amount_minor: int
    status: RefundStatus
    reason: str
    refusal: str | None
    created_at: datetime
    updated_at: datetime


class Account(StrEnum):
    """The accounts of one organization. Debits are positive, credits negative."""

    RECEIVABLE = "receivable"  # what the organization owes
    GATEWAY_CLEARING = "gateway_clearing"  # what the gateway took and has not given back
    REVENUE = "revenue"
    REFUNDS = "refunds"  # contra revenue
    WALLET_AVAILABLE = (
        "wallet_available"  # what the organization has paid in and can spend; a debit is credit used
    )
    WALLET_HELD = "wallet_held"  # what of it is spoken for


class PostingKind(StrEnum):
    """Why something was booked."""

    CHARGE_OPENED = "charge_opened"
    CHARGE_CAPTURED = "charge_captured"
    CHARGE_CANCELLED = "charge_cancelled"
    REFUND_PAID = "refund_paid"
    WALLET_TOPPED_UP = "wallet_topped_up"
    HOLD_PLACED = "hold_placed"
    HOLD_SETTLED = "hold_settled"  # reverses the placing, whatever became of the hold
    FEE_CHARGED = "fee_charged"
    FEE_REFUNDED = "fee_refunded"


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """One balanced transaction of the ledger."""

    id: UUID
    key: str  # the same thing is never booked twice
    kind: PostingKind
    subject_kind: str
    subject_id: UUID
    reverses_id: UUID | None
    currency: str
    entries: tuple[tuple[Account, int], ...]  # signed; they add up to zero


class Captured(msgspec.Struct, frozen=True):
    """The gateway took the money."""

    gateway_reference: str


class Declined(msgspec.Struct, frozen=True):
    """The gateway or the bank behind it said no; a new attempt needs a new key."""

    code: str
    text: str


GatewayAnswer = Captured | Declined
