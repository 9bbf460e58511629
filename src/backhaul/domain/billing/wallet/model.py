"""What an organization can spend, what of it is spoken for, and what it was spent on."""

from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.kernel.ids import OrgId
from backhaul.kernel.money import Money

HoldId = NewType("HoldId", UUID)
FeeId = NewType("FeeId", UUID)


class Wallet(msgspec.Struct, frozen=True, kw_only=True):
    """One organization's money in one currency. Available is below zero where credit is used."""

    org_id: OrgId
    currency: str
    available_minor: int = 0
    held_minor: int = 0
    credit_limit_minor: int = 0  # set by the operator

    @property
    def balance_minor(self) -> int:
        """What is in it, held or not; below zero: owed."""
        return self.available_minor + self.held_minor

    @property
    def spendable_minor(self) -> int:
        """What can be held or charged, credit included."""
        return self.available_minor + self.credit_limit_minor


class HoldStatus(StrEnum):
    """Where a hold stands."""

    HELD = "held"
    CAPTURED = "captured"
    RELEASED = "released"
    EXPIRED = "expired"


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """Money kept for one purpose until it is captured, given back, or its time is over."""

    id: HoldId
    org_id: OrgId
    once_key: str
    reason: str
    subject_kind: str
    subject_id: UUID
    amount_minor: int
    captured_minor: int | None  # what was charged in the end: less, as much or more; None: not captured
    currency: str
    status: HoldStatus
    expires_at: datetime  # from here on it is given back; until somebody does, it can still be captured
    created_at: datetime
    settled_at: datetime | None

    @property
    def amount(self) -> Money:
        """What is kept."""
        return Money(self.amount_minor, self.currency)


class FeeKind(StrEnum):
    """What a fee is for."""

    PROCESS = "process"
    VERIFY = "verify"
    RESHIP = "reship"
    RESHIP_DIFFERENCE = "reship_difference"  # between the estimate that was approved and the final fee
    STORAGE = "storage"
    OTHER = "other"


class FeeLine(msgspec.Struct, frozen=True):
    """One line to be charged out of a hold; it lowers the bill where it is below zero."""

    kind: FeeKind
    amount_minor: int
    text: str


class Fee(msgspec.Struct, frozen=True, kw_only=True):
    """Something the organization was charged from its wallet, once for its key."""

    id: FeeId
    org_id: OrgId
    once_key: str
    kind: FeeKind
    text: str
    subject_kind: str
    subject_id: UUID
    hold_id: HoldId | None  # that it was captured from
    amount_minor: int
    currency: str
    charged_at: datetime
    refunded_at: datetime | None
    refund_reason: str | None
