"""A device transfer: what was ordered and how far it is."""

from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.domain.inventory.model import AssetId
from backhaul.domain.shipping.model import CarrierCode
from backhaul.kernel.addresses import Address
from backhaul.kernel.ids import OrgId, UserId
from backhaul.kernel.measures import Dimensions

TransferId = NewType("TransferId", UUID)

# In cents of a US dollar; what the carriers insure at the most.
MAX_INSURED_MINOR = 5_000_000


class Direction(StrEnum):
    """Which way the device goes."""

    RETURN = "return"  # box to the employee, device to the organization
    DEPLOYMENT = "deployment"  # box to the organization, device to the employee


class Status(StrEnum):
    """How far a transfer is."""

    PENDING_BOX = "pending_box"
    BOX_IN_TRANSIT = "box_in_transit"
    PENDING_DEVICE = "pending_device"
    DEVICE_IN_TRANSIT = "device_in_transit"
    COMPLETE = "complete"
    FAILED = "failed"
    NOT_RETURNED = "not_returned"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What can happen to a transfer."""

    SHIP_BOX = "ship_box"
    DELIVER_BOX = "deliver_box"
    FAIL_BOX = "fail_box"
    SHIP_DEVICE = "ship_device"
    DELIVER_DEVICE = "deliver_device"
    FAIL_DEVICE = "fail_device"
    GIVE_UP = "give_up"
    CANCEL = "cancel"


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer orders."""

    direction: Direction
    organization_address: Address
    employee_address: Address
    device_type: str
    device_make: str | None = None
    device_model: str | None = None
    device_serial_number: str | None = None
    device_condition: str | None = None
    box_carrier: CarrierCode | None = None  # None: ours to choose
    is_box_rush: bool = False
    is_box_waived: bool = False
    device_carrier: CarrierCode | None = None
    is_device_rush: bool = False
    insured_minor: int = 0  # 0 means "not insured"
    pickup_wish: bool | str | None = None  # as asked for; anything but None and False books the add-on
    plan_code: str | None = None
    ticket_reference: str | None = None
    user_email: str | None = None  # None: the caller
    parcel_size: Dimensions | None = None  # of the full box; None: by the type of the device


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """One device on its way out to an employee or back from one."""

    id: TransferId
    org_id: OrgId
    direction: Direction
    status: Status
    user_id: UserId
    user_email: str
    organization_address: Address
    employee_address: Address
    device_type: str
    device_make: str | None
    device_model: str | None
    device_serial_number: str | None
    device_condition: str | None
    box_carrier: CarrierCode | None
    is_box_rush: bool
    is_box_waived: bool
    device_carrier: CarrierCode | None
    is_device_rush: bool
    insured_minor: int
    pickup_wish: bool | str | None
    plan_code: str | None
    ticket_reference: str | None
    is_muted: bool  # no reminders
    sender_ready_at: datetime | None  # since when the sender has box and label
    reminders_due: int  # how many steps of the reminder ladder are behind us, sent or skipped
    next_reminder_at: datetime | None
    give_up_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int  # grows by one with every saved change
    parcel_size: Dimensions | None = None

    @property
    def sender(self) -> Address:
        """Who hands the device over, and so who receives the box."""
        return self.employee_address if self.direction is Direction.RETURN else self.organization_address

    @property
    def receiver(self) -> Address:
        """Who gets the device."""
        return self.organization_address if self.direction is Direction.RETURN else self.employee_address


class AssetLink(msgspec.Struct, frozen=True, kw_only=True):
    """Which asset a transfer carries: the one that had the order's serial number when they were linked."""

    transfer_id: TransferId
    asset_id: AssetId
    linked_at: datetime


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """How this installation runs transfers."""

    box_origin: Address  # where empty boxes are sent from
    label_page: str  # URL that a label link's token is appended to
    pickup_page: str  # and that of a pickup link
    reminder_days: tuple[int, ...] = (3, 6, 9)  # after the box was delivered (contract §1.8)
    give_up_days: int = 30  # after that a device counts as not returned
    day_seconds: float = 86_400.0  # a shorter "day" plays a whole ladder in a demonstration
    box_carrier: CarrierCode | None = CarrierCode.USPS  # None: the cheapest when the label is bought
    device_carrier: CarrierCode | None = CarrierCode.FEDEX
