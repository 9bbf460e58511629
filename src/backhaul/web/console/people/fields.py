"""From a person's form to what the directory takes."""

from datetime import date

from backhaul.domain.directory import Details, EmployeeStatus, LocationType, PostalAddress
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console.forms import Form

_ADDRESS = ("line_2", "state", "postal_code")


def details_in(form: Form) -> Details:
    """Return everything that a form says about a person; refuses a day that is none."""
    status, kind = form["status"], form["location_type"]
    return Details(
        first_name=form["first_name"],
        last_name=form["last_name"],
        email=form["email"],
        phone=form.optional("phone"),
        phone_country=form.optional("phone_country"),
        location_name=form.optional("location_name"),
        location_type=LocationType(kind) if kind in set(LocationType) else None,
        address=PostalAddress(
            line_1=form["line_1"],
            city=form["city"],
            country_code=form["country_code"],
            **{name: form.optional(name) for name in _ADDRESS},
        ),
        department_name=form.optional("department_name"),
        manager_email=form.optional("manager_email"),
        status=EmployeeStatus(status) if status in set(EmployeeStatus) else EmployeeStatus.ACTIVE,
        starts_on=_day(form.optional("starts_on")),
    )


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        problem = FieldProblem("starts_on", "input.day_shape", "must be a day such as 2026-05-04")
        raise InvalidInput([problem]) from None
