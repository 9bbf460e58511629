import asyncio
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest
from tests.conftest import NOON

from backhaul.domain import directory
from backhaul.domain.directory import (
    EmployeeHoldsDevices,
    EmployeeUnknown,
    PostalAddress,
    details_of,
    statements,
    tables,
)
from backhaul.domain.directory.model import EmployeeId
from backhaul.domain.directory.operations.add import FIRST_COLUMNS
from backhaul.domain.directory.operations.recording import columns_of
from backhaul.domain.identity import Role, get_organization
from backhaul.domain.identity.errors import RightMissing
from backhaul.kernel.errors import InvalidInput
from backhaul.kernel.ids import new_id
from backhaul.storage.database import BEGIN, COMMIT, SET_TENANT_HERE
from backhaul.storage.facts import compose
from backhaul.storage.history import HISTORY
from backhaul.storage.outbox import OUTBOX

HELD = """
WITH kind AS (
    INSERT INTO product_types (org_id, id, name, created_at) VALUES ($1, gen_random_uuid(), 'Laptop', $3) RETURNING id
), maker AS (
    INSERT INTO manufacturers (org_id, id, name, created_at) VALUES ($1, gen_random_uuid(), 'Acme', $3) RETURNING id
), model AS (
    INSERT INTO models (org_id, id, product_type_id, manufacturer_id, name, created_at)
    SELECT $1, gen_random_uuid(), kind.id, maker.id, 'One', $3 FROM kind, maker RETURNING id
)
INSERT INTO assets (org_id, id, serial_number, model_id, status_id, custody, employee_id, custody_since, custody_count,
    created_at, updated_at, version)
SELECT $1, gen_random_uuid(), 'SN1', model.id, s.id, 'employee', $2, $3, 1, $3, $3, 1
FROM model, status_labels AS s WHERE s.org_id = $1 AND s.type = 'deployed'
"""


async def test_what_is_personal_goes_and_id_and_number_remain(ground):
    ada = await ground.add(email="ada@example.com", location_name="HQ")
    ground.clock.advance(timedelta(hours=1))
    await ground.remove(ada.number)
    with pytest.raises(EmployeeUnknown):
        await ground.get(ada.id)
    assert await directory.find_employee(ground.db, actor=ground.actor, email=ada.email) is None
    [former] = await ground.fetch("SELECT * FROM former_employees")
    assert dict(former) == {
        "org_id": ada.org_id, "id": ada.id, "number": ada.number, "removed_at": NOON + timedelta(hours=1),
    }  # fmt: skip
    assert await ground.history_of(ada.id) == [("added", {}), ("removed", {})]
    assert [name for name, _ in await ground.events_of(ada.id)] == [
        "directory.employee_added",
        "directory.employee_removed",
    ]
    assert await ground.counted() == 0


async def test_no_personal_value_is_left_in_any_table(ground, database_url):
    secrets = (
        "Zebulon",
        "Quux",
        "zq@zq.example",
        "5550199",
        "Hidden Lane 9",
        "Lostville",
        "90210",
        "Renamed",
    )
    ada = await ground.add(
        first_name="Zebulon",
        last_name="Quux",
        email="zq@zq.example",
        phone="5550199",
        address=PostalAddress(
            line_1="Hidden Lane 9", city="Lostville", postal_code="90210", country_code="US"
        ),
    )
    details = details_of(await ground.get(ada.id))
    await ground.update(ada.id, msgspec.structs.replace(details, last_name="Renamed"))
    await ground.add_many(msgspec.structs.replace(details, email="zq2@zq.example"))
    everybody = await directory.list_employees(ground.db, actor=ground.actor)
    assert len(everybody) == 2
    for one in everybody:
        await ground.remove(one.employee.id)
    names = await ground.fetch(
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'org_id' AND table_schema = 'public'"
    )
    assert len(names) > 20
    async with ground.db.system() as system:
        for name in {row["table_name"] for row in names}:
            if not await system.fetchval("SELECT has_table_privilege($1, 'SELECT')", name):
                continue
            kept = await system.fetchval(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {name} AS t")
            assert [secret for secret in secrets if secret.lower() in kept.lower()] == [], name


async def test_removing_twice_is_refused_and_leaves_no_trace(ground):
    ada = await ground.add()
    await ground.remove(ada.id)
    before = await ground.traces()
    for employee in (ada.id, ada.number, uuid4(), 0, -5, 2**63):
        with pytest.raises(EmployeeUnknown):
            await ground.remove(employee)
    assert await ground.traces() == before


async def test_somebody_elses_employee_is_unknown(ground, elsewhere):
    ada = await ground.add()
    before = await ground.traces()
    for employee in (ada.id, ada.number):
        with pytest.raises(EmployeeUnknown):
            await elsewhere.remove(employee)
    assert await ground.traces() == before


async def test_who_holds_a_device_is_kept_until_it_is_given_back(ground, db):
    ada = await ground.add()
    async with db.transaction(ground.scope) as tx:
        await tx.execute(HELD, ada.org_id, ada.id, NOON)
    before = await ground.traces()
    with pytest.raises(EmployeeHoldsDevices) as caught:
        await ground.remove(ada.number)
    assert caught.value.data == {"employee": ada.number}
    assert await ground.traces() == before
    async with db.transaction(ground.scope) as tx:
        await tx.execute(
            "UPDATE assets SET custody = 'organization', employee_id = NULL WHERE org_id = $1", ada.org_id
        )
    await ground.remove(ada.number)
    assert (await ground.counts())["former_employees"] == 1


async def test_those_they_managed_have_no_manager_then(ground):
    boss = await ground.add(email="boss@example.com")
    ada, eve = [await ground.add(manager_email="boss@example.com") for _ in range(2)]
    other = await ground.add()
    ground.clock.advance(timedelta(hours=1))
    await ground.remove(boss.id)
    for one in (ada, eve):
        assert (await ground.get(one.id)).employee == msgspec.structs.replace(
            one, manager_id=None, updated_at=NOON + timedelta(hours=1), version=2
        )
        assert await ground.history_of(one.id) == [
            ("added", {}),
            ("updated", {"fields": [None, ["manager_id"]]}),
        ]
        assert [name for name, _ in await ground.events_of(one.id)] == [
            "directory.employee_added",
            "directory.employee_updated",
        ]
    assert (await ground.get(other.id)).employee == other
    assert await ground.counted() == 3


async def test_a_report_added_at_the_same_moment_has_no_manager_either(ground, db):
    boss = await ground.add(email="boss@example.com")
    details = ground.make.details(manager_email="boss@example.com")
    async with db.transaction(ground.scope) as tx:
        report = await tables.add(
            tx, EmployeeId(new_id()), details, {**FIRST_COLUMNS, **columns_of(details)}, at=NOON
        )
        removing = asyncio.create_task(ground.remove(boss.id))
        await ground.until_waiting()
    await removing
    assert report.manager_id == boss.id
    assert (await ground.get(report.id)).employee.manager_id is None
    assert (await ground.counts())["former_employees"] == 1


@pytest.mark.parametrize("path", ["manager_email", "employees[0].manager_email"])
async def test_who_is_being_removed_becomes_nobodys_manager(ground, db, path):
    boss = await ground.add(email="boss@example.com")
    details = ground.make.details(manager_email="boss@example.com", location_name="New")
    async with db.transaction(ground.scope) as tx:
        await tables.remove(tx, boss.id, at=NOON)
        if path == "manager_email":
            adding = asyncio.create_task(ground.add(manager_email="boss@example.com", location_name="New"))
        else:
            adding = asyncio.create_task(ground.add_many(details))
        await ground.until_waiting()
    with pytest.raises(InvalidInput) as caught:
        await adding
    assert [(one.path, one.code) for one in caught.value.problems] == [(path, "directory.manager_unknown")]
    assert await ground.counted() == 0
    assert await ground.names("locations") == []


async def test_of_two_who_remove_at_once_one_is_told_it_is_done(ground):
    ada = await ground.add()
    answers = await asyncio.gather(*(ground.remove(ada.id) for _ in range(5)), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["EmployeeUnknown"] * 4 + ["NoneType"]
    assert await ground.history_of(ada.id) == [("added", {}), ("removed", {})]


async def test_the_address_is_free_again_and_the_number_is_not(ground):
    ada = await ground.add(email="ada@example.com")
    await ground.remove(ada.id)
    again = await ground.add(email="ada@example.com")
    assert again.id != ada.id
    assert again.number > ada.number


async def test_who_may_only_read_cannot_remove(ground, db, make):
    ada = await ground.add()
    async with db.read(ground.scope) as reader:
        organization = await get_organization(reader, ground.scope)
    ground.actor = await make.member(organization, role=Role.VIEWER)
    before = await ground.traces()
    with pytest.raises(RightMissing):
        await ground.remove(ada.id)
    assert await ground.traces() == before


async def test_removing_is_one_statement_and_the_facts(logged):
    ground, sent = logged
    first, second = await ground.add(), await ground.add()
    await ground.remove(first.id)
    await sent.taken()
    await ground.remove(second.id)
    facts = compose(((HISTORY, True), (OUTBOX, True)))
    assert await sent.taken() == [BEGIN, SET_TENANT_HERE, statements.REMOVE_BY_ID, facts, COMMIT]
