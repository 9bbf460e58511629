"""People and places: employees, the locations and departments they belong to, their addresses.

Not here: what somebody holds (inventory), and who may sign in (identity); an employee need not have an account.
Start with `model`, then `operations`: what is personal is written in one row and nowhere else, so that it can go.
"""

from backhaul.domain.directory.errors import (
    DepartmentUnknown,
    EmailTaken,
    EmployeeHoldsDevices,
    EmployeeUnknown,
    LocationUnknown,
)
from backhaul.domain.directory.model import (
    AddressWarning,
    DepartmentId,
    Details,
    Employee,
    EmployeeId,
    EmployeeRef,
    EmployeeStatus,
    LocationId,
    LocationType,
    Place,
    PostalAddress,
)
from backhaul.domain.directory.operations import (
    Added,
    add_employee,
    add_employees,
    remove_employee,
    update_employee,
)
from backhaul.domain.directory.queries import (
    EmployeeDetail,
    details_of,
    find_employee,
    get_employee,
    list_employees,
)
from backhaul.domain.directory.spelling import check_details

__all__ = [
    "Added",
    "AddressWarning",
    "DepartmentId",
    "DepartmentUnknown",
    "Details",
    "EmailTaken",
    "Employee",
    "EmployeeDetail",
    "EmployeeHoldsDevices",
    "EmployeeId",
    "EmployeeRef",
    "EmployeeStatus",
    "EmployeeUnknown",
    "LocationId",
    "LocationType",
    "LocationUnknown",
    "Place",
    "PostalAddress",
    "add_employee",
    "add_employees",
    "check_details",
    "details_of",
    "find_employee",
    "get_employee",
    "list_employees",
    "remove_employee",
    "update_employee",
]
