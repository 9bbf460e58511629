"""What the queries answer: assets as readers see them, with the names of everything their rows refer to."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from backhaul.domain.directory.model import Employee
from backhaul.domain.inventory.model import Asset, Custody, Reason, StatusLabel, StatusType


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Something with a name that an asset refers to: its model, its department."""

    id: UUID
    number: int
    name: str


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """The employee an asset is with."""

    number: int
    first_name: str
    last_name: str
    email: str


class AssetDetail(msgspec.Struct, frozen=True, kw_only=True):
    """An asset with everything it refers to."""

    asset: Asset
    model: Named
    product_type: Named
    manufacturer: Named
    status: StatusLabel
    department: Named | None
    location: Named | None
    holder: Holder | None  # None: with no employee


class ListedAsset(msgspec.Struct, frozen=True, kw_only=True):
    """An asset as a line of a list."""

    number: int
    created_at: datetime
    tag: str | None
    model_name: str
    model_number: str | None
    product_type: str
    manufacturer: str
    purchased_on: date | None
    serial_number: str
    imei: str | None
    imei2: str | None
    sku: str | None
    status_name: str
    status_type: StatusType
    holder: Holder | None


class AssetPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of assets, newest first, and how many there are on all pages."""

    items: tuple[ListedAsset, ...]
    total: int


class AssignedAsset(msgspec.Struct, frozen=True, kw_only=True):
    """An asset as a line under its holder."""

    number: int
    created_at: datetime
    tag: str | None
    model_name: str
    model_number: str | None
    product_type: str
    purchased_on: date | None
    serial_number: str
    imei: str | None
    imei2: str | None
    sku: str | None
    status_name: str


class Manager(msgspec.Struct, frozen=True, kw_only=True):
    """Whom an employee reports to."""

    name: str
    email: str


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """An employee with everything they hold."""

    employee: Employee
    location_name: str | None
    department_name: str | None
    manager: Manager | None
    assets: tuple[AssignedAsset, ...]  # oldest first


class PeoplePage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of people, newest first, and how many there are on all pages."""

    items: tuple[Person, ...]
    total: int


class AssetHistoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of an asset's history; status and holder are given where the entry changed them."""

    number: int  # the oldest is 1
    action: str  # added, changed, assigned, unassigned, shipped, delivered, received, …
    description: str
    status: str | None
    old_status: str | None
    holder: str | None  # "Former employee 12" once removed
    old_holder: str | None
    changed: tuple[str, ...]  # the fields of `Asset` that changed
    at: datetime


class CustodyLine(msgspec.Struct, frozen=True, kw_only=True):
    """One hand-over as people read it."""

    asset_id: UUID
    asset_number: int | None  # None, as the serial number: the asset's row is gone
    serial_number: str | None
    sequence: int
    reason: Reason
    from_custody: Custody | None
    from_id: UUID | None
    from_name: str | None  # of an employee; "Former employee 12" once removed
    to_custody: Custody | None
    to_id: UUID | None
    to_name: str | None
    at: datetime
    author_kind: str
    author_id: UUID | None
    evidence: dict[str, str]
