"""The forms of a person: a new one, and all that is written down about one."""

from collections import defaultdict
from typing import Any

from litestar.response.base import ASGIResponse

from backhaul.domain.directory import EmployeeDetail, EmployeeStatus, add_employee, update_employee
from backhaul.domain.identity.model import Right
from backhaul.domain.inventory.browsing import list_choices
from backhaul.web.console.countries import COUNTRIES
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.people import words
from backhaul.web.console.people.fields import details_in
from backhaul.web.console.people.listing import PATH
from backhaul.web.console.people.person import person_of
from backhaul.web.console.visiting import Visit

_SAME = (
    "first_name", "last_name", "email", "phone", "phone_country", "starts_on", "line_1", "line_2", "city", "state",
    "postal_code", "country_code",
)  # fmt: skip


async def view_new(visit: Visit) -> ASGIResponse:
    """Show the empty form."""
    values = {"status": EmployeeStatus.ACTIVE.value, "country_code": "US"}
    return await _form(visit, "Add a person", values, action=f"{PATH}/new", back=PATH)


async def add(visit: Visit, form: Form) -> ASGIResponse:
    """Add the person."""
    added = await add_employee(visit.db, actor=visit.actor, details=details_in(form), now=visit.now)
    return visit.go(f"{PATH}/{added.number}", notice="people.added")


async def view_edit(visit: Visit) -> ASGIResponse:
    """Show the form with what is written down."""
    detail = await person_of(visit)
    here = f"{PATH}/{detail.employee.number}"
    title = f"Change {detail.employee.full_name}"
    return await _form(visit, title, _values(detail), action=f"{here}/edit", back=here)


async def change(visit: Visit, form: Form) -> ASGIResponse:
    """Replace what is written down."""
    detail = await person_of(visit)
    number = detail.employee.number
    await update_employee(
        visit.db, actor=visit.actor, employee=number, details=details_in(form), now=visit.now
    )
    return visit.go(f"{PATH}/{number}", notice="people.changed")


async def _form(visit: Visit, title: str, values: dict[str, Any], *, action: str, back: str) -> ASGIResponse:
    choices = await list_choices(visit.db, actor=visit.actor)
    return visit.page(
        "people/form.html",
        title=title,
        values=defaultdict(type(None), values),
        choices=choices,
        action=action,
        back=back,
        countries=COUNTRIES,
        words=words,
    )


def _values(detail: EmployeeDetail) -> dict[str, Any]:
    employee = detail.employee
    return {
        **{name: getattr(employee, name) for name in _SAME},
        "status": employee.status.value,
        "location_type": None if employee.location_type is None else employee.location_type.value,
        "location_name": detail.location_name,
        "department_name": detail.department_name,
        "manager_email": detail.manager_email,
    }


_WRITE = Right.DIRECTORY_WRITE
HANDLERS = [
    shows(f"{PATH}/new", view_new, right=_WRITE),
    takes(f"{PATH}/new", add, right=_WRITE, again=view_new),
    shows(f"{PATH}/{{number:str}}/edit", view_edit, right=_WRITE),
    takes(f"{PATH}/{{number:str}}/edit", change, right=_WRITE, again=view_edit),
]
