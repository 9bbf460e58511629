"""What somebody asks of a list, and the lines they see."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from backhaul.domain.directory.model import EmployeeStatus
from backhaul.domain.inventory.answers import AssetDetail
from backhaul.domain.inventory.model import Custody, Reason, StatusLabel, StatusType, asset_number

ENDING_DAYS = 90  # a warranty that ends within them ends soon


class Warranty(StrEnum):
    """How an asset's warranty stands on a day."""

    ACTIVE = "active"
    ENDING = "ending"  # active, and over within `ENDING_DAYS`
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class Holding(StrEnum):
    """Whether somebody has devices of the organization."""

    SOME = "some"
    NONE = "none"


class AssetFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which assets are asked for; None asks for all. Numbers are those of the rows."""

    status: int | None = None
    status_type: StatusType | None = None
    model: int | None = None
    location: int | None = None
    custody: Custody | None = None
    holder: int | None = None
    warranty: Warranty | None = None
    text: str | None = None  # begins the serial number, the tag or the IMEI, or is a part of the model's name


class PeopleFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which employees are asked for; None asks for all."""

    status: EmployeeStatus | None = None
    department: int | None = None
    location: int | None = None
    holding: Holding | None = None
    text: str | None = None  # a part of the name or of the e-mail address


class AssetLine(msgspec.Struct, frozen=True, kw_only=True):
    """An asset as a line of a list."""

    number: int
    created_at: datetime
    serial_number: str
    tag: str | None
    model_name: str
    manufacturer: str
    product_type: str
    status_name: str
    status_type: StatusType
    custody: Custody
    holder_number: int | None
    holder_name: str | None
    location_name: str | None
    warranty_ends_on: date | None
    is_held: bool

    @property
    def public_number(self) -> str:
        """What others call it."""
        return asset_number(self.number, self.created_at)


class AssetLines(msgspec.Struct, frozen=True, kw_only=True):
    """A page of assets, newest first, and how many there are at all; None: a filter was asked for, so nobody counts."""

    items: tuple[AssetLine, ...]
    total: int | None


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Something a filter or a form offers."""

    number: int
    name: str
    kind: str | None = None  # a status's type, a location's type


class AssetChoices(msgspec.Struct, frozen=True, kw_only=True):
    """What an organization's assets can be asked by, and be given."""

    statuses: tuple[StatusLabel, ...]
    models: tuple[Choice, ...]
    product_types: tuple[Choice, ...]
    manufacturers: tuple[Choice, ...]
    locations: tuple[Choice, ...]
    departments: tuple[Choice, ...]
    holder: Choice | None  # the employee whom the filter names


class PersonLine(msgspec.Struct, frozen=True, kw_only=True):
    """An employee as a line of a list."""

    number: int
    first_name: str
    last_name: str
    email: str
    status: EmployeeStatus
    department_name: str | None
    location_name: str | None
    city: str
    country_code: str
    assets: int  # that they hold


class HandOver(msgspec.Struct, frozen=True, kw_only=True):
    """One hand-over as the asset's page tells it."""

    sequence: int
    reason: Reason
    from_custody: Custody | None
    from_number: int | None  # of an employee
    from_name: str | None
    to_custody: Custody | None
    to_number: int | None
    to_name: str | None
    at: datetime
    author_kind: str
    author_name: str | None
    evidence: dict[str, str]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of history, with the names of what its values refer to."""

    action: str
    at: datetime
    author_kind: str
    author_name: str | None
    change: dict[str, list[Any]]  # field → [before, after]
    names: dict[str, str]  # id → name, for the ids among the values


class AssetSheet(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the inventory knows of one asset."""

    detail: AssetDetail
    is_held: bool
    labels: tuple[StatusLabel, ...]
    holder_id: UUID | None
    hand_overs: tuple[HandOver, ...]  # newest first, the latest hundred
    changes: tuple[Change, ...]  # newest first, the latest hundred
