"""Received parcels that are sent on: from the wish over the estimate and its approval to the parcel's dispatch."""

from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.domain.billing.model import QuoteLine
from backhaul.domain.billing.wallet.model import HoldId
from backhaul.domain.returns.model import WarehouseId
from backhaul.domain.shipping.model import ShipmentId
from backhaul.kernel.addresses import Address
from backhaul.kernel.ids import OrgId
from backhaul.kernel.money import Money

ReshipmentId = NewType("ReshipmentId", UUID)

MAX_NUMBER = 2**63 - 1
MAX_RETURNS = 100
HOLD_SUBJECT = "reshipment"
PARCEL_SUBJECT = "reshipment_approval"  # each approval may have a parcel of its own; its hold's id names it


class Status(StrEnum):
    """What was decided about a reshipment. The last two are on no list (contract §3.7)."""

    PENDING = "pending"
    DECLINED = "declined"
    APPROVED = "approved"
    DELETED = "deleted"
    EXPIRED = "expired"


LISTED = frozenset({Status.PENDING, Status.DECLINED, Status.APPROVED})


class Action(StrEnum):
    """What can be done with a reshipment until it is dispatched."""

    QUOTE = "be quoted"
    APPROVE = "be approved"
    DECLINE = "be declined"
    WEIGH = "be weighed"
    REOPEN = "be asked about again"
    DISPATCH = "be dispatched"
    DELETE = "be deleted"
    EXPIRE = "expire"


class Decision(StrEnum):
    """What its owner says to an estimate."""

    APPROVE = "approve"
    DECLINE = "decline"


class Consignee(msgspec.Struct, frozen=True, kw_only=True):
    """To whom and where; the limits are contract §3.7's."""

    company_name: str | None = None
    name: str
    phone: str | None = None
    email: str | None = None
    line_1: str
    line_2: str | None = None
    city: str
    state_code: str | None = None
    postal_code: str | None = None
    country_code: str  # ISO 3166-1 alpha-2

    @property
    def address(self) -> Address:
        """As carriers want it."""
        return Address(
            name=self.company_name or self.name,
            attention=self.name if self.company_name else None,
            line_1=self.line_1,
            line_2=self.line_2,
            city=self.city,
            state_code=self.state_code,
            postal_code=self.postal_code,
            country_code=self.country_code,
            notification_emails=(self.email,) if self.email else (),
        )


class NewReshipment(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer wants to be sent on."""

    contents: str  # the description for customs
    return_numbers: tuple[int, ...]
    to: Consignee
    value_minor: int  # for customs, in cents


class Reshipment(msgspec.Struct, frozen=True, kw_only=True):
    """Returns that are sent on together, as one parcel."""

    id: ReshipmentId
    org_id: OrgId
    number: int
    status: Status
    contents: str
    value_minor: int
    currency: str
    to: Consignee
    warehouse_id: WarehouseId
    warehouse_code: str
    return_numbers: tuple[int, ...]
    estimated_fee_minor: int  # 0: not quoted yet
    estimate_lines: tuple[QuoteLine, ...]
    weight_grams: int  # 0: not weighed yet
    final_fee_minor: int | None  # by weight; None: not weighed since it was approved
    reship_fee_minor: int  # what was charged; 0 until it is dispatched
    hold_id: HoldId | None  # the money set aside; set exactly while it is approved
    shipment_id: ShipmentId | None
    service: str | None  # this and the next are told when it is dispatched (contract §3.9, B10)
    tracking_number: str | None
    created_at: datetime
    expires_at: datetime | None  # None: approved, or gone
    answered_at: datetime | None
    dispatched_at: datetime | None
    ended_at: datetime | None
    updated_at: datetime
    version: int  # grows by one with every saved change

    @property
    def return_count(self) -> int:
        """How many returns are sent on."""
        return len(self.return_numbers)

    @property
    def estimate(self) -> Money:
        """What was or will be asked for."""
        return Money(self.estimated_fee_minor, self.currency)


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision needs besides the reshipment itself."""

    asset_ids: tuple[UUID, ...]  # known devices in the returns, in order
    origin: Address  # the warehouse's
    tolerance_percent: int | None  # the organization's own; None: the installation's


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """Under which terms this installation ships on."""

    expiry_days: int = 15  # contract §3.7
    tolerance_percent: int = 10  # contract §3.9, B22
    hold_days: int = 60
