"""Where people work and devices lie."""

from datetime import datetime

import msgspec

from backhaul.domain.directory.model import DepartmentId, LocationId, LocationType
from backhaul.kernel.addresses import Address
from backhaul.kernel.ids import OrgId


class Location(msgspec.Struct, frozen=True, kw_only=True):
    """A place of an organization."""

    id: LocationId
    org_id: OrgId
    number: int
    name: str
    type: LocationType | None  # None: nobody said
    address: Address | None  # None: only its name is known, and no parcel can be sent there
    created_at: datetime
    version: int


class LocationDetails(msgspec.Struct, frozen=True, kw_only=True):
    """What is written down about a location: the whole of it, every time."""

    name: str
    type: LocationType | None = None
    address: Address | None = None


class Department(msgspec.Struct, frozen=True, kw_only=True):
    """A part of an organization."""

    id: DepartmentId
    org_id: OrgId
    number: int
    name: str
    created_at: datetime
    version: int


class ListedLocation(msgspec.Struct, frozen=True, kw_only=True):
    """A location as a line of a list, with how many devices and people are there: up to `queries.MOST_COUNTED`."""

    location: Location
    assets: int
    people: int


class ListedDepartment(msgspec.Struct, frozen=True, kw_only=True):
    """A department as a line of a list."""

    department: Department
    assets: int
    people: int
