"""What the directory refuses."""

from backhaul.kernel.errors import DomainError, Kind


class EmployeeUnknown(DomainError):
    """No employee of this organization has this id, number or address."""

    code = "directory.employee_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no employee {employee} in this organization."


class EmailTaken(DomainError):
    """Another employee of this organization has this e-mail address, in whatever letter case."""

    code = "directory.email_taken"
    kind = Kind.CONFLICT
    message = "There is already an employee with the e-mail address {email}. Update that one, or use another address."


class EmployeeHoldsDevices(DomainError):
    """Somebody who holds devices cannot be removed: who had them would be lost."""

    code = "directory.employee_holds_devices"
    kind = Kind.CONFLICT
    message = "Employee {employee} still holds devices. Take them back or assign them to somebody else first."


class LocationUnknown(DomainError):
    """No location of this organization has this number."""

    code = "directory.location_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no location {location} in this organization."


class DepartmentUnknown(DomainError):
    """No department of this organization has this number."""

    code = "directory.department_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no department {department} in this organization."


class PlaceNameTaken(DomainError):
    """Another place of the same sort has this name, in whatever letter case."""

    code = "directory.place_name_taken"
    kind = Kind.CONFLICT
    message = "There is already a {sort} named {name}. Change that one, or use another name."


class PlaceChangedMeanwhile(DomainError):
    """Somebody else changed the place since it was read."""

    code = "directory.place_changed_meanwhile"
    kind = Kind.CONFLICT
    message = "Somebody else changed {name} meanwhile. Look at it again before you change it."
