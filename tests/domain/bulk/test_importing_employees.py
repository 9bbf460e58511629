"""Files of people."""

import pytest
from tests.domain.bulk.desk import person, table

from backhaul.domain.bulk.errors import RowsRefused
from backhaul.domain.bulk.model import Kind
from backhaul.domain.directory import get_employee
from backhaul.domain.directory.model import EmployeeStatus, LocationType

FULL = person(
    contact_info="3242342",
    contact_country="US",
    location_name="Hub",
    location_type="remote employee",
    address_2="Suite 4",
    state="CA",
    zip="94103",
    department="IT",
    status="On Leave",
    start_date="2024-01-31",
)


async def test_a_new_employee_is_written_as_a_single_one_would_be(desk):
    await desk.run(table(FULL, person("bob@example.com", manager_email="ADA@example.com")), Kind.EMPLOYEES)
    staff = await desk.employees()
    ada = await get_employee(desk.db, actor=desk.actor, employee=staff["ada@example.com"]["id"])
    employee = ada.employee
    assert (employee.first_name, employee.last_name, employee.phone, employee.phone_country) == (
        "Ada",
        "Lovelace",
        "3242342",
        "US",
    )
    assert (ada.location_name, ada.department_name, employee.location_type, employee.status) == (
        "Hub",
        "IT",
        LocationType.REMOTE_EMPLOYEE,
        EmployeeStatus.ON_LEAVE,
    )
    single = await desk.stock.employee(
        email="c@example.com", address=type(employee.normalized_address)(
            line_1="1 Main Street", line_2="Suite 4", city="Springfield", state="CA", postal_code="94103",
            country_code="US",
        ),
    )  # fmt: skip
    assert employee.normalized_address == single.normalized_address
    assert employee.address_warnings == single.address_warnings
    bob = await get_employee(desk.db, actor=desk.actor, employee=staff["bob@example.com"]["id"])
    assert (bob.manager_email, bob.employee.status, bob.employee.version) == (
        "ada@example.com",
        EmployeeStatus.ACTIVE,
        1,
    )


async def test_history_never_holds_what_is_personal(desk):
    await desk.run(table(FULL), Kind.EMPLOYEES)
    await desk.run(
        table({"email": "ada@example.com", "lastname": "King", "address_1": "2 Main"}), Kind.EMPLOYEES
    )
    [row] = (await desk.employees()).values()
    assert (row["last_name"], row["line_1"], row["city"]) == ("King", "2 Main", "Springfield")
    assert row["normalized_address"]["line_1"] == "2 Main"
    lines = await desk.history("employee", row["id"])
    assert [(line.action, line.change) for line in lines] == [
        ("added", {}),
        ("updated", {"fields": [None, ["last_name", "line_1", "normalized_address"]]}),
    ]


async def test_the_same_file_again_changes_nothing(desk):
    file = table(FULL, person("bob@example.com", manager_email="ada@example.com", department="it"))
    await desk.run(file, Kind.EMPLOYEES)
    before = await desk.traces()
    assert await desk.review(file, Kind.EMPLOYEES) == ({"unchanged": 2}, [])
    assert (await desk.open(file, Kind.EMPLOYEES)).batch is None
    assert await desk.traces() == before


async def test_a_manager_may_stand_further_down_and_an_existing_one_elsewhere(desk):
    await desk.stock.employee(email="old@example.com")
    await desk.run(
        table(
            person("a@example.com", manager_email="b@example.com"),
            person("b@example.com", manager_email="Old@example.com"),
            {"email": "old@example.com", "manager_email": "a@example.com"},
        ),
        Kind.EMPLOYEES,
    )
    staff = await desk.employees()
    ids = {row["id"]: email for email, row in staff.items()}
    assert {email: ids.get(row["manager_id"]) for email, row in staff.items()} == {
        "a@example.com": "b@example.com",
        "b@example.com": "old@example.com",
        "old@example.com": "a@example.com",
    }


async def test_every_error_of_every_row_is_reported(desk):
    file = table(
        person("a@example.com", contact_info="+1 555"),
        person("b@example.com", country="Narnia"),
        person("c@example.com", firstname="", city=""),
        person("d@example.com", manager_email="nobody@example.com"),
        person("e@example.com", manager_email="E@example.com"),
        person("f@example.com"),
        person("F@Example.com"),
        person("not an address"),
        person("g@example.com", lastname="x" * 101, location_type="castle", start_date="soon", status="gone"),
    )
    before = await desk.traces()
    verdicts, problems = await desk.review(file, Kind.EMPLOYEES)
    assert problems == [
        (2, "contact_info", "not_a_phone_number"),
        (3, "country", "not_a_country"),
        (4, "firstname", "missing"),
        (4, "city", "missing"),
        (5, "manager_email", "unknown"),
        (6, "manager_email", "own_manager"),
        (8, "email", "repeated"),
        (9, "email", "not_an_email"),
        (10, "lastname", "too_long"),
        (10, "location_type", "not_a_choice"),
        (10, "status", "not_a_choice"),
        (10, "start_date", "not_a_date"),
    ]
    assert verdicts == {"create": 1, "error": 8}
    with pytest.raises(RowsRefused):
        await desk.open(file, Kind.EMPLOYEES)
    assert await desk.traces() == before


async def test_who_reports_to_a_refused_row_is_refused_with_it(desk):
    file = table(
        person("a@example.com", manager_email="b@example.com"),
        person("b@example.com", manager_email="c@example.com"),
        person("c@example.com", manager_email="nobody@example.com"),
        person("d@example.com"),
    )
    _, problems = await desk.review(file, Kind.EMPLOYEES)
    assert problems == [(row, "manager_email", "unknown") for row in (2, 3, 4)]
    batch = await desk.run(file, Kind.EMPLOYEES, skips_errors=True)
    assert list(await desk.employees()) == ["d@example.com"]
    assert {problem.value for problem in batch.problems} == {""}  # kept, it would outlive the person's record
