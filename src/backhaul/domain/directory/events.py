"""What the directory tells others. Ids only: events are kept, and what is personal must be able to go."""

from backhaul.storage.outbox import Event, event


@event("directory.employee_added")
class EmployeeAdded(Event, frozen=True, kw_only=True):
    """Somebody is in the directory now."""


@event("directory.employee_updated")
class EmployeeUpdated(Event, frozen=True, kw_only=True):
    """Something about an employee changed."""


@event("directory.employee_removed")
class EmployeeRemoved(Event, frozen=True, kw_only=True):
    """An employee's record was removed; their id and number remain."""


@event("directory.location_added")
class LocationAdded(Event, frozen=True, kw_only=True):
    """A location was written down by itself, not by the way with somebody's details."""


@event("directory.location_changed")
class LocationChanged(Event, frozen=True, kw_only=True):
    """A location's name, type or address changed."""


@event("directory.department_added")
class DepartmentAdded(Event, frozen=True, kw_only=True):
    """A department was written down by itself."""


@event("directory.department_renamed")
class DepartmentRenamed(Event, frozen=True, kw_only=True):
    """A department has another name."""
