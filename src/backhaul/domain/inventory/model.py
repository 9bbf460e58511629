"""Devices and who holds them."""

from datetime import date, datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.domain.directory.model import DepartmentId, EmployeeId, LocationId
from backhaul.kernel.ids import OrgId

AssetId = NewType("AssetId", UUID)
ModelId = NewType("ModelId", UUID)
StatusId = NewType("StatusId", UUID)


class StatusType(StrEnum):
    """What Backhaul knows of a status, whatever an organization calls it (contract §2.4)."""

    DEPLOYED = "deployed"  # somebody uses it
    UNDEPLOYED = "undeployed"
    DEPLOYABLE = "deployable"  # may be given to somebody
    ARCHIVED = "archived"
    PENDING = "pending"
    UNDEPLOYABLE = "undeployable"  # must not be given away: legal hold


class Condition(StrEnum):
    """How good a device is: the union of what the documentations list (contract C19)."""

    NEW = "new"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    DAMAGED = "damaged"


class PurchaseType(StrEnum):
    """How a device was acquired."""

    PURCHASED = "purchased"
    LEASED = "leased"


class Custody(StrEnum):
    """Who holds a device: one of these at any moment."""

    ORGANIZATION = "organization"  # in stock, wherever
    EMPLOYEE = "employee"
    PARCEL = "parcel"  # in transit: neither end's until somebody receives it
    OUTSIDE = "outside"  # with somebody who is not in the directory
    WAREHOUSE = "warehouse"  # received, and not yet sent on, by whoever runs the installation


class Reason(StrEnum):
    """Why custody changed."""

    ADDED = "added"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    SHIPPED = "shipped"  # handed to a carrier
    DELIVERED = "delivered"  # a carrier says so
    RECEIVED = "received"  # somebody says so
    CORRECTED = "corrected"  # an import said otherwise, or a wrong scan was taken back
    REMOVED = "removed"  # the import that added it was undone
    MISSING = "missing"  # the parcel was opened, and it was not in it
    DISCARDED = "discarded"  # a warehouse got rid of it


class Action(StrEnum):
    """What can be done with a device so that another holds it."""

    ASSIGN = "assigned"
    UNASSIGN = "unassigned"
    SHIP = "shipped"
    DELIVER_TO_ORGANIZATION = "delivered to the organization"
    DELIVER_TO_EMPLOYEE = "delivered to an employee"
    DELIVER_OUTSIDE = "delivered to somebody outside"
    TAKE_IN = "taken in"
    RECEIVE = "received at a warehouse"
    MISS = "missing from a parcel"
    DISCARD = "discarded"


class StatusLabel(msgspec.Struct, frozen=True, kw_only=True):
    """What an organization calls a state of its devices."""

    id: StatusId
    number: int
    name: str
    type: StatusType


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """One device of an organization."""

    id: AssetId
    org_id: OrgId
    number: int
    tag: str | None  # the customer's own asset id; need not be unique
    serial_number: str  # as given; unique in the organization without case and space
    model_id: ModelId
    model_number: str | None
    sku: str | None
    status_id: StatusId
    condition: Condition | None
    purchased_on: date | None
    purchase_cost_minor: int | None
    purchase_currency: str | None
    purchase_type: PurchaseType | None
    warranty_starts_on: date | None
    warranty_ends_on: date | None
    warranty_type: str | None
    department_id: DepartmentId | None
    location_id: LocationId | None
    imei: str | None
    imei2: str | None
    specs: dict[str, str]  # processor, memory and the like: shown, never decided on
    custody: Custody
    employee_id: EmployeeId | None  # set exactly when custody is the employee's
    shipment_id: UUID | None  # set exactly when custody is a parcel's
    custody_since: datetime
    custody_count: int  # how many custody events there are
    created_at: datetime
    updated_at: datetime
    version: int
    warehouse_id: UUID | None = None  # set exactly when custody is a warehouse's
    is_sanitisation_due: bool = (
        False  # a warehouse received it, and nothing says yet that its storage was wiped
    )


class CustodyEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One hand-over: from whom, to whom, since when, by whose authority, on what evidence."""

    asset_id: AssetId
    sequence: int  # 1 is how it came in
    reason: Reason
    from_custody: Custody | None  # None: it was new
    from_id: UUID | None  # the employee, the shipment or the warehouse
    to_custody: Custody | None  # None: removed
    to_id: UUID | None
    at: datetime
    author_kind: str
    author_id: UUID | None
    evidence: dict[str, str]


class NewAsset(msgspec.Struct, frozen=True, kw_only=True):
    """A device to add. Types, manufacturers, models, departments and locations are created when new."""

    product_type: str
    product_name: str
    manufacturer: str
    serial_number: str
    status_name: str
    model_number: str | None = None
    sku: str | None = None
    tag: str | None = None
    condition: Condition | None = None
    purchased_on: date | None = None
    purchase_cost_minor: int | None = None
    purchase_currency: str | None = None  # None with a cost: USD
    purchase_type: PurchaseType | None = None
    warranty_starts_on: date | None = None
    warranty_ends_on: date | None = None
    warranty_type: str | None = None
    assign_to_email: str | None = None  # needed exactly when the status is of type deployed
    department: str | None = None
    location_name: str | None = None
    imei: str | None = None
    imei2: str | None = None
    specs: dict[str, str] = {}


class AssetPatch(msgspec.Struct, frozen=True, kw_only=True):
    """What to change; UNSET stays as it is, None takes an optional value away."""

    product_type: str | msgspec.UnsetType = msgspec.UNSET
    product_name: str | msgspec.UnsetType = msgspec.UNSET
    manufacturer: str | msgspec.UnsetType = msgspec.UNSET
    serial_number: str | msgspec.UnsetType = msgspec.UNSET
    status_name: str | msgspec.UnsetType = msgspec.UNSET
    model_number: str | msgspec.UnsetType | None = msgspec.UNSET
    sku: str | msgspec.UnsetType | None = msgspec.UNSET
    tag: str | msgspec.UnsetType | None = msgspec.UNSET
    condition: Condition | msgspec.UnsetType | None = msgspec.UNSET
    purchased_on: date | msgspec.UnsetType | None = msgspec.UNSET
    purchase_cost_minor: int | msgspec.UnsetType | None = msgspec.UNSET
    purchase_currency: str | msgspec.UnsetType | None = msgspec.UNSET
    purchase_type: PurchaseType | msgspec.UnsetType | None = msgspec.UNSET
    warranty_starts_on: date | msgspec.UnsetType | None = msgspec.UNSET
    warranty_ends_on: date | msgspec.UnsetType | None = msgspec.UNSET
    warranty_type: str | msgspec.UnsetType | None = msgspec.UNSET
    assign_to_email: str | msgspec.UnsetType = msgspec.UNSET
    department: str | msgspec.UnsetType | None = msgspec.UNSET
    location_name: str | msgspec.UnsetType | None = msgspec.UNSET
    imei: str | msgspec.UnsetType | None = msgspec.UNSET
    imei2: str | msgspec.UnsetType | None = msgspec.UNSET
    specs: dict[str, str | None] | msgspec.UnsetType = msgspec.UNSET  # merged; None takes a key out


def asset_number(number: int, created_at: datetime) -> str:
    """Return the public number: the internal one and the creation time's digits (contract §2.4)."""
    return f"{number}{created_at:%Y%m%d%H%M%S}"


def number_of(text: str) -> int | None:
    """Return the internal number a public number begins with; None when no asset can have it."""
    if not text.isascii() or not text.isdigit() or not _TIME_DIGITS < len(text) <= _TIME_DIGITS + 18:
        return None
    return int(text[:-_TIME_DIGITS])


_TIME_DIGITS = 14
