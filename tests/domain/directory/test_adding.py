import asyncio
from datetime import date

import pytest
from tests.conftest import NOON
from tests.domain.directory.conftest import given_up

from backhaul.domain import directory
from backhaul.domain.directory import (
    AddressWarning,
    EmailTaken,
    EmployeeStatus,
    LocationType,
    PostalAddress,
    statements,
    tables,
)
from backhaul.domain.identity import Role
from backhaul.domain.identity.errors import RightMissing
from backhaul.kernel.errors import InvalidInput
from backhaul.storage.database import BEGIN, COMMIT, SET_TENANT_HERE
from backhaul.storage.facts import compose
from backhaul.storage.history import HISTORY
from backhaul.storage.outbox import OUTBOX

FACTS = compose(((HISTORY, True), (OUTBOX, True)))
NOWHERE = PostalAddress(line_1="1", city="X", state="Nowhere", postal_code="1", country_code="us")


async def test_everything_is_kept_as_it_was_given_with_the_normalized_address_beside_it(ground):
    boss = await ground.add(email="Boss@Example.com")
    added = await ground.add(
        first_name=" Ada ",
        last_name="Byron King",
        email=" Ada@Example.com ",
        phone="3242342",
        phone_country="+1",
        location_name="San Francisco Remote Hub",
        location_type=LocationType.REMOTE_EMPLOYEE,
        department_name="Mathematics",
        manager_email="boss@EXAMPLE.com",
        status=EmployeeStatus.ON_LEAVE,
        starts_on=date(2026, 1, 2),
        address=PostalAddress(
            line_1="1 Loop",
            line_2=" ",
            city="Cupertino",
            state="California",
            postal_code="95014",
            country_code="us",
        ),
    )
    detail = await ground.get(added.id)
    assert detail.employee == added
    assert (detail.location_name, detail.department_name) == ("San Francisco Remote Hub", "Mathematics")
    assert (detail.manager_name, detail.manager_email) == ("John Doe", "Boss@Example.com")
    assert added.manager_id == boss.id
    assert added.number > boss.number
    assert (added.first_name, added.last_name, added.email) == ("Ada", "Byron King", "Ada@Example.com")
    assert (added.phone, added.phone_country) == ("3242342", "+1")
    assert (added.status, added.starts_on) == (EmployeeStatus.ON_LEAVE, date(2026, 1, 2))
    assert added.location_type is LocationType.REMOTE_EMPLOYEE
    assert (added.line_1, added.line_2, added.city) == ("1 Loop", None, "Cupertino")
    assert (added.state, added.postal_code, added.country_code) == ("California", "95014", "US")
    assert added.normalized_address == PostalAddress(
        line_1="1 Loop", city="CUPERTINO", state="CA", postal_code="95014", country_code="US"
    )
    assert added.address_warnings == ()
    assert (added.created_at, added.updated_at, added.version) == (NOON, NOON, 1)


async def test_what_is_not_given_has_its_default(ground):
    added = await ground.add()
    assert added.status is EmployeeStatus.ACTIVE
    left = (
        "phone",
        "phone_country",
        "starts_on",
        "department_id",
        "manager_id",
        "location_id",
        "location_type",
    )
    assert [getattr(added, name) for name in left] == [None] * len(left)


async def test_adding_is_noted_and_told_without_a_personal_value(ground):
    added = await ground.add(location_name="HQ")
    assert await ground.history_of(added.id) == [("added", {})]
    assert await ground.events_of(added.id) == [("directory.employee_added", {"subject_id": str(added.id)})]
    assert await ground.counted() == 1


async def test_a_wrong_address_is_kept_with_warnings(ground):
    added = await ground.add(address=NOWHERE)
    assert (added.state, added.postal_code) == ("Nowhere", "1")
    assert added.address_warnings == (
        AddressWarning("state", "invalid", "does not fit an address in US"),
        AddressWarning("postal_code", "invalid", "does not fit an address in US"),
    )
    assert (await ground.get(added.id)).employee == added


async def test_a_taken_address_is_refused_in_any_letter_case_and_leaves_no_trace(ground):
    await ground.add(email="ada@example.com")
    before = await ground.traces()
    with pytest.raises(EmailTaken) as caught:
        await ground.add(email=" ADA@example.COM", location_name="New", department_name="New")
    assert caught.value.data == {"email": "ADA@example.COM"}
    assert await ground.traces() == before


async def test_two_organizations_may_know_the_same_person(ground, elsewhere):
    here, there = [await one.add(email="ada@example.com", location_name="HQ") for one in (ground, elsewhere)]
    assert here.org_id != there.org_id
    assert here.location_id != there.location_id


async def test_of_fifty_who_add_one_address_at_once_one_wins_and_the_others_leave_no_trace(ground):
    answers = await asyncio.gather(
        *(
            ground.add(email="Ada@example.com" if n % 2 else "ada@EXAMPLE.com", location_name=f"Place {n}")
            for n in range(50)
        ),
        return_exceptions=True,
    )
    [winner] = [answer for answer in answers if not isinstance(answer, Exception)]
    assert {type(answer) for answer in answers if answer is not winner} == {EmailTaken}
    assert await ground.counts() == {
        "employees": 1, "former_employees": 0, "locations": 1, "departments": 0, "history": 1, "outbox": 1,
    }  # fmt: skip
    assert await ground.counted() == 1
    assert (await ground.get(winner.id)).employee == winner


async def test_a_place_is_found_in_any_letter_case_and_width_of_space(ground):
    first = await ground.add(location_name="Head  Office", department_name="Field Sales")
    again = await ground.add(location_name=" HEAD office ", department_name="field\N{NO-BREAK SPACE}sales")
    assert (again.location_id, again.department_id) == (first.location_id, first.department_id)
    assert await ground.names("locations") == ["Head  Office"]
    assert await ground.names("departments") == ["Field Sales"]


async def test_twenty_who_need_the_same_new_places_at_once_share_them(ground):
    added = await asyncio.gather(
        *(ground.add(location_name="HQ" if n % 2 else "hq", department_name="IT") for n in range(20))
    )
    assert len({employee.location_id for employee in added}) == 1
    assert len({employee.department_id for employee in added}) == 1
    assert len(await ground.names("locations")) == 1
    assert await ground.names("departments") == ["IT"]
    assert await ground.counted() == 20


async def test_a_place_that_somebody_else_is_making_is_waited_for_and_used(ground, db):
    async with db.transaction(ground.scope) as tx:
        theirs = await tables.ensure_location(tx, "HQ", NOON)
        adding = asyncio.create_task(ground.add(location_name="hq", department_name="IT"))
        await ground.until_waiting()
    assert (await adding).location_id == theirs
    assert await ground.names("locations") == ["HQ"]
    assert await ground.names("departments") == ["IT"]


async def test_a_place_that_somebody_else_gives_up_is_made(ground, db):
    async with given_up(db, ground.scope) as tx:
        theirs = await tables.ensure_location(tx, "HQ", NOON)
        adding = asyncio.create_task(ground.add(location_name="hq"))
        await ground.until_waiting()
    assert (await adding).location_id != theirs
    assert await ground.names("locations") == ["hq"]


async def test_steps_of_others_share_a_new_place_too(ground, db):
    async def ensure():
        async with db.transaction(ground.scope) as tx:
            return await tables.ensure_location(tx, "HQ", NOON), await tables.ensure_department(
                tx, "IT", NOON
            )

    assert len(set(await asyncio.gather(*(ensure() for _ in range(20))))) == 1


async def test_steps_of_others_find_and_make_the_same_places(ground, db):
    added = await ground.add(location_name="HQ", department_name="IT")
    async with db.transaction(ground.scope) as tx:
        assert await tables.ensure_location(tx, "hq", NOON) == added.location_id
        assert await tables.ensure_department(tx, "it", NOON) == added.department_id
        new = await tables.ensure_department(tx, "Sales", NOON)
    assert (await ground.add(department_name="SALES")).department_id == new


async def test_an_unknown_manager_is_refused_and_leaves_no_trace(ground, elsewhere):
    await elsewhere.add(email="boss@example.com")
    before = await ground.traces()
    for email in ("boss@example.com", "ada@example.com"):  # somebody else's; their own
        with pytest.raises(InvalidInput) as caught:
            await ground.add(email="ada@example.com", manager_email=email, location_name="New")
        assert [(one.path, one.code) for one in caught.value.problems] == [
            ("manager_email", "directory.manager_unknown")
        ]
    assert await ground.traces() == before


async def test_wrong_values_are_refused_all_at_once_and_leave_no_trace(ground):
    before = await ground.traces()
    with pytest.raises(InvalidInput) as caught:
        await ground.add(first_name=" ", phone="+1", email="ada", location_name="New")
    assert [problem.path for problem in caught.value.problems] == ["first_name", "email", "phone"]
    assert await ground.traces() == before


async def test_who_may_only_read_cannot_add(ground, make, db, clock):
    viewer = await make.organization(role=Role.VIEWER)
    with pytest.raises(RightMissing):
        await make.employee(viewer)
    assert await directory.list_employees(db, actor=viewer) == []


async def test_adding_is_one_statement_and_the_facts_whether_places_exist_or_not(logged):
    ground, sent = logged
    boss = await ground.add()
    budget = [BEGIN, SET_TENANT_HERE, statements.ADD, FACTS, COMMIT]
    for named in (
        {},
        {"location_name": "HQ", "department_name": "IT"},  # new
        {"location_name": "hq", "department_name": "it", "manager_email": boss.email},
    ):
        await sent.taken()
        await ground.add(**named)
        assert await sent.taken() == budget
    assert len(budget) <= 4 + 1
