"""What can be done with the directory, one file per verb."""

from backhaul.domain.directory.operations.add import add_employee
from backhaul.domain.directory.operations.add_many import Added, add_employees
from backhaul.domain.directory.operations.remove import remove_employee
from backhaul.domain.directory.operations.update import update_employee

__all__ = ["Added", "add_employee", "add_employees", "remove_employee", "update_employee"]
