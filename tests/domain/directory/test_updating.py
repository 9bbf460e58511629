import asyncio
from datetime import date, timedelta
from uuid import uuid4

import msgspec
import pytest
from tests.conftest import NOON

from backhaul.domain.directory import (
    EmailTaken,
    EmployeeStatus,
    EmployeeUnknown,
    LocationType,
    PostalAddress,
    details_of,
    statements,
    tables,
)
from backhaul.domain.identity import Role, get_organization
from backhaul.domain.identity.errors import RightMissing
from backhaul.kernel.errors import InvalidInput
from backhaul.storage.database import BEGIN, COMMIT, SET_TENANT_HERE
from backhaul.storage.facts import compose
from backhaul.storage.history import HISTORY
from backhaul.storage.outbox import OUTBOX

FACTS = compose(((statements.SAVED, True), (HISTORY, True), (OUTBOX, True)))
FULL = {
    "phone": "123",
    "phone_country": "US",
    "location_name": "HQ",
    "location_type": LocationType.WAREHOUSE,
    "department_name": "IT",
    "status": EmployeeStatus.ON_LEAVE,
    "starts_on": date(2026, 1, 2),
}


@pytest.fixture
async def ada(ground):
    boss = await ground.add(email="boss@example.com")
    return await ground.add(email="ada@example.com", manager_email=boss.email, **FULL)


async def test_the_whole_record_is_written_and_what_is_not_known_to_the_caller_stays(ground, ada):
    ground.clock.advance(timedelta(hours=1))
    london = PostalAddress(line_1="1 Strand", city="London", postal_code="wc2n 5hr", country_code="GB")
    after = await ground.update(
        ada.number, ground.make.details(first_name="Augusta", email="Augusta@example.com", address=london)
    )
    assert after == msgspec.structs.replace(
        ada,
        first_name="Augusta",
        email="Augusta@example.com",
        phone=None,
        phone_country=None,
        location_id=None,
        location_type=None,
        line_1="1 Strand",
        city="London",
        state=None,
        postal_code="wc2n 5hr",
        country_code="GB",
        normalized_address=PostalAddress(
            line_1="1 Strand", city="LONDON", postal_code="WC2N 5HR", country_code="GB"
        ),
        updated_at=NOON + timedelta(hours=1),
        version=2,
    )
    detail = await ground.get(ada.id)
    assert detail.employee == after
    assert (detail.department_name, detail.manager_email) == ("IT", "boss@example.com")


async def test_none_takes_a_value_away_and_a_value_replaces_it(ground, ada):
    other = await ground.add(email="other@example.com")
    changed = details_of(await ground.get(ada.id))
    changed = msgspec.structs.replace(
        changed, department_name="Sales", manager_email="OTHER@example.com", status=EmployeeStatus.ACTIVE
    )
    after = await ground.update(ada.id, changed)
    assert (after.manager_id, after.status) == (other.id, EmployeeStatus.ACTIVE)
    assert (await ground.get(ada.id)).department_name == "Sales"
    none = msgspec.structs.replace(changed, department_name=None, manager_email="", starts_on=None)
    after = await ground.update(ada.id, none)
    assert (after.department_id, after.manager_id, after.starts_on) == (None, None, None)


async def test_what_changed_is_noted_by_name_and_never_by_value(ground, ada):
    details = details_of(await ground.get(ada.id))
    await ground.update(
        ada.id, msgspec.structs.replace(details, last_name="Secret", phone="666", location_name="Q")
    )
    assert await ground.history_of(ada.id) == [
        ("added", {}),
        ("updated", {"fields": [None, ["last_name", "phone", "location_id"]]}),
    ]
    assert await ground.events_of(ada.id) == [
        ("directory.employee_added", {"subject_id": str(ada.id)}),
        ("directory.employee_updated", {"subject_id": str(ada.id)}),
    ]


async def test_the_same_details_again_change_nothing_and_succeed(ground, ada):
    ground.clock.advance(timedelta(hours=1))
    before = await ground.traces()
    details = details_of(await ground.get(ada.id))
    for same in (
        details,
        msgspec.structs.replace(details, location_name="hq", department_name=" it "),
        msgspec.structs.replace(details, manager_email="BOSS@example.com", first_name=" John "),
    ):
        assert await ground.update(ada.id, same) == ada
    assert await ground.traces() == before


async def test_an_address_in_other_letters_is_still_ones_own(ground, ada):
    details = msgspec.structs.replace(details_of(await ground.get(ada.id)), email="ADA@example.com")
    assert (await ground.update(ada.id, details)).email == "ADA@example.com"


async def test_somebody_elses_address_is_refused_and_leaves_no_trace(ground, ada):
    before = await ground.traces()
    with pytest.raises(EmailTaken) as caught:
        await ground.update(ada.id, ground.make.details(email="BOSS@example.com", location_name="New"))
    assert caught.value.data == {"email": "BOSS@example.com"}
    assert await ground.traces() == before


@pytest.mark.parametrize("employee", [uuid4(), 0, -1, 999_999, 2**63 - 1, 2**63, 10**30])
async def test_an_unknown_employee_is_refused_and_leaves_no_trace(ground, ada, employee):
    before = await ground.traces()
    with pytest.raises(EmployeeUnknown) as caught:
        await ground.update(employee, ground.make.details(location_name="New", department_name="New"))
    assert caught.value.data == {"employee": employee}
    assert await ground.traces() == before


async def test_somebody_elses_employee_is_unknown(ground, elsewhere, ada):
    before = await ground.traces()
    for employee in (ada.id, ada.number):
        with pytest.raises(EmployeeUnknown):
            await elsewhere.update(employee, ground.make.details())
    assert await ground.traces() == before


@pytest.mark.parametrize("email", ["nobody@example.com", "ADA@example.com"])
async def test_an_unknown_manager_and_oneself_are_refused_and_leave_no_trace(ground, ada, email):
    details = msgspec.structs.replace(details_of(await ground.get(ada.id)), manager_email=email, phone="9")
    before = await ground.traces()
    with pytest.raises(InvalidInput) as caught:
        await ground.update(ada.id, msgspec.structs.replace(details, location_name="New"))
    assert [(one.path, one.code) for one in caught.value.problems] == [
        ("manager_email", "directory.manager_unknown")
    ]
    assert await ground.traces() == before


async def test_wrong_values_are_refused_and_leave_no_trace(ground, ada):
    before = await ground.traces()
    with pytest.raises(InvalidInput):
        await ground.update(ada.id, ground.make.details(last_name="\x00"))
    assert await ground.traces() == before


async def test_who_may_only_read_cannot_update(ground, ada, db, make):
    async with db.read(ground.scope) as reader:
        organization = await get_organization(reader, ground.scope)
    viewer = await make.member(organization, role=Role.VIEWER)
    before = await ground.traces()
    ground.actor = viewer
    with pytest.raises(RightMissing):
        await ground.update(ada.id, make.details())
    assert await ground.traces() == before


async def test_two_updates_at_once_both_count(ground, ada):
    details = details_of(await ground.get(ada.id))
    await asyncio.gather(
        *(ground.update(ada.id, msgspec.structs.replace(details, phone=f"{n}00")) for n in range(8))
    )
    assert (await ground.get(ada.id)).employee.version == 9
    assert len(await ground.history_of(ada.id)) == 9


async def test_a_place_that_somebody_else_is_making_is_waited_for_and_used(ground, ada, db):
    async with db.transaction(ground.scope) as tx:
        location_id = await tables.ensure_location(tx, "Lab", NOON)
        department_id = await tables.ensure_department(tx, "Optics", NOON)
        details = ground.make.details(location_name="lab", department_name="optics")
        updating = asyncio.create_task(ground.update(ada.id, details))
        await ground.until_waiting()
    after = await updating
    assert (after.location_id, after.department_id) == (location_id, department_id)
    assert (await ground.get(ada.id)).employee == after


async def test_a_report_can_be_added_while_the_manager_is_updated(ground, ada, db):
    async with db.transaction(ground.scope) as tx:
        await tables.lock(tx, ada.id, ground.make.details(), at=NOON)
        report = await ground.add(manager_email=ada.email)  # else it would wait until it is refused
    assert report.manager_id == ada.id


async def test_two_who_become_each_others_manager_at_once_do_not_block_each_other(ground):
    one, other = await ground.add(), await ground.add()
    for n in range(5):
        await asyncio.gather(
            ground.update(
                one.id, ground.make.details(email=one.email, phone=f"{n}1", manager_email=other.email)
            ),
            ground.update(
                other.id, ground.make.details(email=other.email, phone=f"{n}2", manager_email=one.email)
            ),
        )
    assert (await ground.get(one.id)).employee.manager_id == other.id
    assert (await ground.get(other.id)).employee.manager_id == one.id


async def test_updating_is_two_statements_and_one_when_nothing_changes(logged):
    ground, sent = logged
    employee = await ground.add()
    await ground.add()
    details = ground.make.details(phone="1")
    await ground.update(employee.id, details)
    await sent.taken()
    await ground.update(employee.number, msgspec.structs.replace(details, phone="2", location_name="New"))
    budget = [BEGIN, SET_TENANT_HERE, statements.LOCK_BY_NUMBER, FACTS, COMMIT]
    assert await sent.taken() == budget
    assert len(budget) <= 4 + 1
    await ground.update(employee.id, msgspec.structs.replace(details, phone="2", location_name="new"))
    assert await sent.taken() == [BEGIN, SET_TENANT_HERE, statements.LOCK_BY_ID, COMMIT]
