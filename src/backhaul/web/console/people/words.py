"""How people are put into words."""

from backhaul.domain.directory import EmployeeStatus, LocationType
from backhaul.domain.finding import Custodian
from backhaul.domain.inventory.browsing import Holding
from backhaul.domain.inventory.model import Custody
from backhaul.web.console.inventory.words import CUSTODY, author
from backhaul.web.console.inventory.words import reason as reason_of

__all__ = ["HOLDING", "STATUSES", "TONES", "TYPES", "author", "hand_over"]

STATUSES = {
    EmployeeStatus.ACTIVE: "Active",
    EmployeeStatus.ON_LEAVE: "On leave",
    EmployeeStatus.INACTIVE: "Offboarded",
}
TONES = {
    EmployeeStatus.ACTIVE: "good",
    EmployeeStatus.ON_LEAVE: "warn",
    EmployeeStatus.INACTIVE: "neutral",
}
HOLDING = {Holding.SOME: "Holds devices", Holding.NONE: "Holds nothing"}
TYPES = {
    LocationType.WAREHOUSE: "Warehouse",
    LocationType.CORPORATE_OFFICE: "Corporate office",
    LocationType.RETAIL_STORE: "Retail store",
    LocationType.REMOTE_EMPLOYEE: "Remote employee",
}


def hand_over(one: Custodian) -> str:
    """Return what happened with a device between a person and somebody else."""
    other = one.from_custody if one.is_to else one.to_custody
    if other is None:
        return reason_of(one.reason)
    if other is Custody.ORGANIZATION:
        return f"{reason_of(one.reason)} {'from' if one.is_to else 'into'} stock"
    return f"{reason_of(one.reason)}, {'was' if one.is_to else 'now'} {CUSTODY[other].lower()}"
