"""Locations and departments in their own right: named, of a type, with an address that parcels can be sent to.

Not here: the places that somebody's details name by the way, which `directory.tables` finds or makes. Start with
`model`; then `operations`.
"""

from backhaul.domain.directory.places.model import (
    Department,
    ListedDepartment,
    ListedLocation,
    Location,
    LocationDetails,
)
from backhaul.domain.directory.places.operations import (
    add_department,
    add_location,
    change_location,
    rename_department,
)
from backhaul.domain.directory.places.queries import (
    MOST_COUNTED,
    Addresses,
    find_addresses,
    get_location,
    list_addresses,
    list_departments,
    list_locations,
)

__all__ = [
    "MOST_COUNTED",
    "Addresses",
    "Department",
    "ListedDepartment",
    "ListedLocation",
    "Location",
    "LocationDetails",
    "add_department",
    "add_location",
    "change_location",
    "find_addresses",
    "get_location",
    "list_addresses",
    "list_departments",
    "list_locations",
    "rename_department",
]
