"""backhaul employee …"""

from datetime import datetime
from typing import Annotated, Any

import msgspec
import typer

from backhaul.cli.listing import Listing
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain.directory import (
    Details,
    EmployeeDetail,
    EmployeeStatus,
    EmployeeUnknown,
    LocationType,
    PostalAddress,
    add_employee,
    details_of,
    find_employee,
    get_employee,
    list_employees,
    remove_employee,
    update_employee,
)
from backhaul.domain.directory.model import Employee
from backhaul.domain.identity import Actor

app = typer.Typer(no_args_is_help=True)
Who = Annotated[str, typer.Argument(help="The employee's number or e-mail address.")]
FirstName = Annotated[str | None, typer.Option("--first-name")]
LastName = Annotated[str | None, typer.Option("--last-name")]
Phone = Annotated[str | None, typer.Option("--phone", help="Digits.")]
PhoneCountry = Annotated[str | None, typer.Option("--phone-country", help="For example US or +1.")]
Line1 = Annotated[str | None, typer.Option("--line-1", help="Street and number.")]
Line2 = Annotated[str | None, typer.Option("--line-2")]
City = Annotated[str | None, typer.Option("--city")]
State = Annotated[str | None, typer.Option("--state")]
PostalCode = Annotated[str | None, typer.Option("--postal-code")]
Country = Annotated[str | None, typer.Option("--country", help="ISO 3166-1 alpha-2, for example US.")]
LocationName = Annotated[str | None, typer.Option("--location", help="Made when there is none of this name.")]
Kind = Annotated[LocationType | None, typer.Option("--location-type")]
Department = Annotated[str | None, typer.Option("--department", help="Made when there is none of this name.")]
Manager = Annotated[str | None, typer.Option("--manager", help="The manager's e-mail address.")]
StatusOption = Annotated[EmployeeStatus | None, typer.Option("--status")]
StartsOn = Annotated[datetime | None, typer.Option("--starts-on", formats=["%Y-%m-%d"])]


@app.command()
def add(
    email: Annotated[str, typer.Argument(help="Nobody else of the organization may have it.")],
    org: Org,
    first_name: FirstName = None,
    last_name: LastName = None,
    line_1: Line1 = None,
    line_2: Line2 = None,
    city: City = None,
    state: State = None,
    postal_code: PostalCode = None,
    country: Country = None,
    phone: Phone = None,
    phone_country: PhoneCountry = None,
    location: LocationName = None,
    location_type: Kind = None,
    department: Department = None,
    manager: Manager = None,
    status: StatusOption = None,
    starts_on: StartsOn = None,
    data_dir: DataDir = None,
) -> None:
    """Add somebody to the directory. Names, street, city and country are needed."""
    blank = Details(
        first_name="",
        last_name="",
        email=email,
        address=PostalAddress(line_1="", city="", country_code=""),
    )
    details = _changed(
        blank,
        {
            "first_name": first_name,
            "last_name": last_name,
            "phone": phone,
            "phone_country": phone_country,
            "location_name": location,
            "location_type": location_type,
            "department_name": department,
            "manager_email": manager,
            "status": status,
            "starts_on": starts_on and starts_on.date(),
        },
        {
            "line_1": line_1,
            "line_2": line_2,
            "city": city,
            "state": state,
            "postal_code": postal_code,
            "country_code": country,
        },
    )

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        added = await add_employee(session.db, actor=actor, details=details, now=session.clock.now())
        print(f"{added.full_name} is employee {added.number} of {org}.")
        _print_warnings(added)

    run(data_dir, work)


@app.command("list")
def list_all(
    org: Org,
    before: Annotated[int | None, typer.Option("--before", help="Only numbers below this one.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = 100,
    data_dir: DataDir = None,
) -> None:
    """List an organization's employees, newest first."""

    async def work(session: Session) -> None:
        table = Listing("number", "name", "e-mail", "status", "department", "location", "warnings", "id")
        actor = await session.operator_in(org)
        for found in await list_employees(session.db, actor=actor, before=before, limit=limit):
            employee = found.employee
            table.add_row(
                str(employee.number),
                employee.full_name,
                employee.email,
                employee.status.value,
                found.department_name or "–",
                found.location_name or "–",
                str(len(employee.address_warnings)),
                str(employee.id),
            )
        table.show()

    run(data_dir, work)


@app.command()
def show(who: Who, org: Org, data_dir: DataDir = None) -> None:
    """Show an employee, and what is odd about the address."""

    async def work(session: Session) -> None:
        found = await _find(session, await session.operator_in(org), who)
        employee = found.employee
        print(f"{employee.number}: {employee.full_name} <{employee.email}>, {employee.status.value}")
        manager = found.manager_name and f"{found.manager_name} <{found.manager_email}>"
        for name, value in (
            ("phone", " ".join(filter(None, (employee.phone_country, employee.phone)))),
            ("location", found.location_name),
            ("location type", employee.location_type and employee.location_type.value),
            ("department", found.department_name),
            ("manager", manager),
            ("starts on", employee.starts_on),
            ("address", _one_line(employee)),
            ("normalized", employee.normalized_address and _one_line(employee.normalized_address)),
        ):
            if value:
                print(f"{name}: {value}")
        _print_warnings(employee)

    run(data_dir, work)


@app.command()
def update(
    who: Who,
    org: Org,
    email: Annotated[str | None, typer.Option("--email")] = None,
    first_name: FirstName = None,
    last_name: LastName = None,
    line_1: Line1 = None,
    line_2: Line2 = None,
    city: City = None,
    state: State = None,
    postal_code: PostalCode = None,
    country: Country = None,
    phone: Phone = None,
    phone_country: PhoneCountry = None,
    location: LocationName = None,
    location_type: Kind = None,
    department: Department = None,
    manager: Manager = None,
    status: StatusOption = None,
    starts_on: StartsOn = None,
    data_dir: DataDir = None,
) -> None:
    """Change what is given and leave the rest; an empty text takes a value away."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        found = await _find(session, actor, who)
        details = _changed(
            details_of(found),
            {
                "email": email,
                "first_name": first_name,
                "last_name": last_name,
                "phone": phone,
                "phone_country": phone_country,
                "location_name": location,
                "location_type": location_type,
                "department_name": department,
                "manager_email": manager,
                "status": status,
                "starts_on": starts_on and starts_on.date(),
            },
            {
                "line_1": line_1,
                "line_2": line_2,
                "city": city,
                "state": state,
                "postal_code": postal_code,
                "country_code": country,
            },
        )
        now = session.clock.now()
        after = await update_employee(
            session.db, actor=actor, employee=found.employee.id, details=details, now=now
        )
        is_changed = after.version != found.employee.version
        print(f"{after.full_name} is {'updated' if is_changed else 'as before'}.")
        _print_warnings(after)

    run(data_dir, work)


@app.command()
def remove(who: Who, org: Org, data_dir: DataDir = None) -> None:
    """Remove everything personal about an employee; the number stays in custody and history."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        employee = (await _find(session, actor, who)).employee
        await remove_employee(session.db, actor=actor, employee=employee.id, now=session.clock.now())
        print(f"Employee {employee.number} is removed.")

    run(data_dir, work)


def _changed(details: Details, values: dict[str, Any], of_address: dict[str, Any]) -> Details:
    address = msgspec.structs.replace(details.address, **_given(of_address))
    return msgspec.structs.replace(details, **_given(values), address=address)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


async def _find(session: Session, actor: Actor, who: str) -> EmployeeDetail:
    if who.isascii() and who.isdigit():
        return await get_employee(session.db, actor=actor, employee=int(who))
    found = await find_employee(session.db, actor=actor, email=who)
    if found is None:
        raise EmployeeUnknown(employee=who)
    return found


def _one_line(address: Employee | PostalAddress) -> str:
    parts = (getattr(address, name) for name in PostalAddress.__struct_fields__)
    return ", ".join(filter(None, parts))


def _print_warnings(employee: Employee) -> None:
    for warning in employee.address_warnings:
        print(f"warning: {warning.part} {warning.text}")
