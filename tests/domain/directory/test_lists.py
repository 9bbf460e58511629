import asyncio

import msgspec
import pytest
from tests.conftest import NOON
from tests.domain.directory.conftest import given_up

from backhaul.domain import directory
from backhaul.domain.directory import statements, tables
from backhaul.domain.directory.model import EmployeeId
from backhaul.domain.directory.operations.add import FIRST_COLUMNS
from backhaul.domain.directory.operations.recording import columns_of
from backhaul.domain.identity import Role
from backhaul.domain.identity.errors import RightMissing
from backhaul.kernel.errors import InvalidInput
from backhaul.kernel.ids import new_id
from backhaul.storage.database import BEGIN, COMMIT, SET_TENANT_HERE
from backhaul.storage.facts import compose
from backhaul.storage.history import HISTORY
from backhaul.storage.outbox import OUTBOX


async def refused(ground, *many):
    """The problems of a list, which leaves no trace."""
    before = await ground.traces()
    with pytest.raises(InvalidInput) as caught:
        await ground.add_many(*many)
    assert await ground.traces() == before
    return [(problem.path, problem.code) for problem in caught.value.problems]


async def test_a_list_is_added_in_its_order_and_known_addresses_are_passed_over(ground, make):
    known = await ground.add(email="known@example.com", location_name="HQ")
    added = await ground.add_many(
        make.details(email="z@example.com", location_name="hq", department_name="IT"),
        make.details(email="KNOWN@example.com", location_name="Nowhere else"),
        make.details(email="a@example.com", location_name="Lab", department_name="it"),
        make.details(email="m@example.com", location_name="lab"),
    )
    assert [employee.email for employee in added.created] == [
        "z@example.com",
        "a@example.com",
        "m@example.com",
    ]
    assert added.skipped == ("KNOWN@example.com",)
    z, a, m = added.created
    assert (z.location_id, a.location_id) == (known.location_id, m.location_id)
    assert (z.department_id, m.department_id) == (a.department_id, None)
    assert await ground.names("departments") == ["IT"]
    assert await ground.names("locations") == ["HQ", "Lab"]
    assert (await ground.get(known.id)).employee == known
    for employee in added.created:
        assert (await ground.get(employee.number)).employee == employee
        assert await ground.history_of(employee.id) == [("added", {})]
        assert [name for name, _ in await ground.events_of(employee.id)] == ["directory.employee_added"]
    assert await ground.counted() == 4


async def test_an_entry_of_a_list_is_kept_as_one_that_is_added_alone(ground, make):
    details = make.details(
        phone="123",
        location_name="HQ",
        location_type=directory.LocationType.WAREHOUSE,
        department_name="IT",
        status=directory.EmployeeStatus.INACTIVE,
        starts_on=NOON.date(),
        address=directory.PostalAddress(line_1="1", line_2="2", city="X", state="Q", country_code="us"),
    )
    alone = await ground.add(**{name: getattr(details, name) for name in details.__struct_fields__})
    [listed] = (await ground.add_many(msgspec.structs.replace(details, email="l@example.com"))).created
    assert listed == msgspec.structs.replace(alone, id=listed.id, number=listed.number, email="l@example.com")


async def test_a_manager_may_be_an_employee_or_any_entry_of_the_list(ground, make):
    boss = await ground.add(email="boss@example.com")
    first, middle, last = (
        await ground.add_many(
            make.details(manager_email="MIDDLE@example.com"),
            make.details(email="middle@example.com", manager_email="Boss@example.com"),
            make.details(manager_email="middle@example.com"),
        )
    ).created
    assert [one.manager_id for one in (first, middle, last)] == [middle.id, boss.id, middle.id]
    for one in (first, middle, last):
        assert (await ground.get(one.id)).employee == one


async def test_the_same_list_again_adds_nobody(ground, make):
    many = [make.details(manager_email="a@example.com"), make.details(email="a@example.com")]
    await ground.add_many(*many)
    before = await ground.traces()
    again = await ground.add_many(*many)
    assert again.created == ()
    assert again.skipped == tuple(details.email for details in many)
    assert await ground.traces() == before


async def test_everything_wrong_in_a_list_is_refused_at_once_and_nothing_is_written(ground, make):
    await ground.add(email="known@example.com")
    nowhere = directory.PostalAddress(line_1="1", city="", country_code="XX")
    assert await refused(
        ground,
        make.details(location_name="New"),
        make.details(email="no address", first_name=""),
        make.details(email="TWICE@example.com"),
        make.details(email="known@example.com", manager_email="nobody@example.com"),
        make.details(email=" twice@example.com", address=nowhere),
        make.details(email="me@example.com", manager_email="ME@example.com"),
    ) == [
        ("employees[1].first_name", "missing"),
        ("employees[1].email", "directory.email_shape"),
        ("employees[4].address.city", "missing"),
        ("employees[4].address.country_code", "directory.country_unknown"),
        ("employees[3].manager_email", "directory.manager_unknown"),
        ("employees[4].email", "directory.email_repeated"),
        ("employees[5].manager_email", "directory.manager_unknown"),
    ]


@pytest.mark.parametrize("length", [0, 501])
async def test_a_list_without_anybody_or_with_too_many_is_refused(ground, make, length):
    many = [make.details() for _ in range(length)]
    assert await refused(ground, *many) == [("employees", "directory.list_length")]


async def test_five_hundred_are_as_many_statements_as_one(logged):
    ground, sent = logged
    details = ground.make.details
    await ground.add_many(details(location_name="A", department_name="B"))
    await ground.add_many(details(location_name="A", department_name="B"), details())
    await sent.taken()
    added = await ground.add_many(
        *(details(location_name=f"Place {n % 7}", department_name="IT") for n in range(500))
    )
    assert await sent.taken() == [
        BEGIN,
        SET_TENANT_HERE,
        statements.LOOK_AT_MANY,
        statements.ENSURE_LOCATIONS,
        statements.ENSURE_DEPARTMENTS,
        statements.ADD_MANY,
        compose(((HISTORY, False), (OUTBOX, False))),
        COMMIT,
    ]
    assert len({employee.id for employee in added.created}) == 500
    assert await ground.counted() == 503
    assert len(await ground.names("locations")) == 8


async def test_lists_at_once_in_opposite_orders_add_everybody_once(ground, make):
    many = [make.details(location_name=f"Place {n}", department_name=f"Unit {n}") for n in range(40)]
    answers = await asyncio.gather(*(ground.add_many(*order) for order in (many, many[::-1]) * 3))
    created = [employee.email for answer in answers for employee in answer.created]
    assert sorted(created) == sorted(details.email for details in many)
    assert {len(answer.created) + len(answer.skipped) for answer in answers} == {40}
    assert len(await ground.names("locations")) == 40
    assert await ground.counts() == {
        "employees": 40, "former_employees": 0, "locations": 40, "departments": 40, "history": 40, "outbox": 40,
    }  # fmt: skip


async def test_two_lists_in_opposite_orders_do_not_wait_for_each_other(ground, make, db):
    """Both wait for one in the middle; whoever goes on must not hold what the other needs first."""
    first = [make.details(email=f"{letter}@example.com") for letter in "amz"]
    held = first[1]
    async with given_up(db, ground.scope) as tx:
        await tables.add(tx, EmployeeId(new_id()), held, {**FIRST_COLUMNS, **columns_of(held)}, at=NOON)
        adding = [asyncio.create_task(ground.add_many(*order)) for order in (first, first[::-1])]
        await ground.until_waiting(2)
    answers = await asyncio.gather(*adding)
    assert sorted(len(answer.created) for answer in answers) == [0, 3]
    assert await ground.counted() == 3


async def test_who_may_only_read_cannot_add_a_list(make, db, clock):
    viewer = await make.organization(role=Role.VIEWER)
    with pytest.raises(RightMissing):
        await directory.add_employees(db, actor=viewer, many=[make.details()], now=clock.now())
    assert await directory.list_employees(db, actor=viewer) == []
