"""People and places."""

from datetime import date, datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.kernel.ids import OrgId

EmployeeId = NewType("EmployeeId", UUID)
LocationId = NewType("LocationId", UUID)
DepartmentId = NewType("DepartmentId", UUID)
EmployeeRef = EmployeeId | int  # the id, or the number a contract wants


class LocationType(StrEnum):
    """What kind of place somebody works at."""

    WAREHOUSE = "warehouse"
    CORPORATE_OFFICE = "corporate_office"
    RETAIL_STORE = "retail_store"
    REMOTE_EMPLOYEE = "remote_employee"


class EmployeeStatus(StrEnum):
    """Whether somebody works for the organization at the moment."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    ON_LEAVE = "on_leave"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A named thing of the directory that others refer to: a location or a department."""

    id: UUID
    number: int
    name: str


class PostalAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody is reached, as it was given."""

    line_1: str
    line_2: str | None = None
    city: str
    state: str | None = None
    postal_code: str | None = None
    country_code: str  # ISO 3166-1 alpha-2


class AddressWarning(msgspec.Struct, frozen=True):
    """What a country's rules object to in an address that is kept all the same."""

    part: str  # a field of `PostalAddress`
    code: str  # invalid, required
    text: str


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What is written down about an employee: the whole of it, every time.

    Only what may be UNSET is left as it is by an update that does not know it, and has its default when added.
    """

    first_name: str
    last_name: str
    email: str  # as given; found in any letter case
    phone: str | None = None  # digits
    phone_country: str | None = None  # as given: "US", "+1"
    location_name: str | None = None  # found in any letter case, created when new
    location_type: LocationType | None = None
    address: PostalAddress
    department_name: str | msgspec.UnsetType | None = msgspec.UNSET  # as a location's name; by default none
    manager_email: str | msgspec.UnsetType | None = msgspec.UNSET  # must be an employee's; by default none
    status: EmployeeStatus | msgspec.UnsetType = msgspec.UNSET  # by default active
    starts_on: date | msgspec.UnsetType | None = msgspec.UNSET  # by default not known


class Employee(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who works for an organization and may hold its devices."""

    id: EmployeeId
    org_id: OrgId
    number: int
    first_name: str
    last_name: str
    email: str
    phone: str | None
    phone_country: str | None
    status: EmployeeStatus
    starts_on: date | None
    department_id: DepartmentId | None
    manager_id: EmployeeId | None
    location_id: LocationId | None
    location_type: LocationType | None
    line_1: str
    line_2: str | None
    city: str
    state: str | None
    postal_code: str | None
    country_code: str
    normalized_address: PostalAddress | None  # None: no rules are known for the country
    address_warnings: tuple[
        AddressWarning, ...
    ]  # none: the normalized address is right by the country's rules
    created_at: datetime
    updated_at: datetime
    version: int

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"
