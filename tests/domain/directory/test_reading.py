from uuid import uuid4

import msgspec
import pytest

from backhaul.domain import directory
from backhaul.domain.directory import EmployeeUnknown, details_of, queries
from backhaul.domain.identity.errors import RightMissing
from backhaul.storage.database import SET_TENANT


async def test_an_employee_is_found_by_id_number_and_address_in_any_letter_case(ground):
    ada = await ground.add(email="Ada@example.com")
    assert await ground.get(ada.id) == await ground.get(ada.number)
    found = await directory.find_employee(ground.db, actor=ground.actor, email=" ADA@example.com ")
    assert found == await ground.get(ada.id)
    assert await directory.find_employee(ground.db, actor=ground.actor, email="eve@example.com") is None


@pytest.mark.parametrize("employee", [uuid4(), 0, -1, 10**6, 2**63, 10**40])
async def test_an_unknown_employee_is_refused(ground, employee):
    with pytest.raises(EmployeeUnknown):
        await ground.get(employee)


async def test_nobody_sees_another_organizations_people(ground, elsewhere):
    ada = await ground.add()
    for employee in (ada.id, ada.number):
        with pytest.raises(EmployeeUnknown):
            await elsewhere.get(employee)
    assert await directory.find_employee(ground.db, actor=elsewhere.actor, email=ada.email) is None
    assert await directory.list_employees(ground.db, actor=elsewhere.actor) == []


async def test_pages_are_newest_first_and_whole(ground):
    added = [await ground.add() for _ in range(5)]
    seen, before = [], None
    while page := await directory.list_employees(ground.db, actor=ground.actor, before=before, limit=2):
        seen += [one.employee for one in page]
        before = seen[-1].number
    assert seen == added[::-1]


async def test_a_record_as_details_writes_itself_again(ground):
    ada = await ground.add(location_name="HQ", department_name="IT", phone="1")
    details = details_of(await ground.get(ada.id))
    assert await ground.update(ada.id, details) == ada
    assert msgspec.UNSET not in msgspec.structs.astuple(details)


async def test_who_may_not_read_the_directory_sees_nothing(ground):
    ada = await ground.add()
    ground.actor = msgspec.structs.replace(ground.actor, rights=frozenset())
    with pytest.raises(RightMissing):
        await ground.get(ada.id)
    with pytest.raises(RightMissing):
        await directory.find_employee(ground.db, actor=ground.actor, email=ada.email)
    with pytest.raises(RightMissing):
        await directory.list_employees(ground.db, actor=ground.actor)


async def test_every_read_is_one_statement(logged):
    ground, sent = logged
    ada = await ground.add()
    await ground.get(ada.id)
    await sent.taken()
    await ground.get(ada.id)
    assert await sent.taken() == [SET_TENANT, queries.GET_BY_ID]
    await ground.get(ada.number)
    assert await sent.taken() == [SET_TENANT, queries.GET_BY_NUMBER]
