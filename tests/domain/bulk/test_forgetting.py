"""Imports remember nothing of a person whose record is removed, and do not bring anybody back."""

from datetime import timedelta

import asyncpg
import pytest
from tests.domain.bulk.desk import device, person, table

from backhaul.domain.bulk import jobs, tables
from backhaul.domain.bulk.errors import BatchMoveRefused
from backhaul.domain.bulk.model import Kind, Status
from backhaul.domain.bulk.operations import apply
from backhaul.domain.bulk.queries import get_batch, get_standing
from backhaul.jobqueue.draining import run_periodics
from backhaul.storage.history import of_subject

ADA = "ada@example.com"
TENANT_TABLES = """
SELECT format('%I.%I', c.table_schema, c.table_name) FROM information_schema.columns AS c
JOIN information_schema.tables AS t USING (table_schema, table_name)
WHERE c.column_name = 'org_id' AND t.table_type = 'BASE TABLE' AND c.table_schema IN ('public', 'jobs') ORDER BY 1
"""


@pytest.fixture
async def owner(ground):
    connection = await asyncpg.connect(ground)
    yield connection
    await connection.close()


async def tables_naming(owner, org_id, word):
    """Tables with a row of this organization that holds the word, as text or within bytes."""
    names = [row[0] for row in await owner.fetch(TENANT_TABLES)]
    assert len(names) >= 15
    found = []
    for name in names:
        count = await owner.fetchval(
            f"SELECT count(*) FROM {name} AS t WHERE org_id = $1 AND (t::text ILIKE $2 OR t::text ILIKE $3)",
            org_id,
            f"%{word}%",
            f"%{word.encode().hex()}%",
        )
        if count:
            found.append(name)
    return found


async def turn(desk):
    await run_periodics(desk.db, clock=desk.stock.clock, ports={}, names=[jobs.forget_stale.name])


async def status(desk, batch):
    return (await get_batch(desk.db, actor=desk.actor, number=batch.number)).status


@pytest.fixture
def interrupted(desk, monkeypatch):
    """Writes the first chunk of an import, and fails at the next."""

    async def run(batch):
        claim, claimed = tables.claim_chunk, []

        async def once(*arguments, **named):
            if claimed:
                raise RuntimeError
            claimed.append(await claim(*arguments, **named))
            return claimed[0]

        with monkeypatch.context() as patched:
            patched.setattr(tables, "claim_chunk", once)
            patched.setattr(apply, "AT_ONCE", 1)
            with pytest.raises(RuntimeError):
                await desk.apply(batch)

    return run


async def test_nothing_names_a_person_whose_record_was_removed(desk, owner):
    # What imports kept of her: refused rows of both kinds, a row undoing left, a row gone wrong after the check, an
    # image, and a staged row of an import that nobody finished.
    await desk.run(
        table(device("A", asset_status="In Use", assign_to_email=ADA), device("B")), skips_errors=True
    )
    await desk.run(
        table(person("bob@example.com", manager_email=ADA), person("eve@example.com")),
        Kind.EMPLOYEES,
        skips_errors=True,
    )
    people = await desk.run(table(person(ADA), person("bob@example.com")), Kind.EMPLOYEES)
    await desk.run(table({"email": ADA, "lastname": "King"}), Kind.EMPLOYEES)
    assert [kept.key for kept in (await desk.undo(people)).kept] == [ADA]
    devices = await desk.open(table(device("C", asset_status="In Use", assign_to_email=ADA), device("D")))
    left = await desk.open(table(person(ADA, lastname="Byron")), Kind.EMPLOYEES)
    await desk.remove((await desk.employees())[ADA]["id"])
    assert await tables_naming(owner, desk.actor.org_id, ADA) == ["public.import_chunks"]  # staged
    await desk.apply(devices.batch)
    desk.stock.clock.advance(jobs.FORGET_AFTER + timedelta(seconds=1))
    await turn(desk)
    assert await status(desk, left.batch) is Status.ABANDONED
    assert await tables_naming(owner, desk.actor.org_id, ADA) == []
    assert await tables_naming(owner, desk.actor.org_id, "Byron") == []
    standing = await get_standing(desk.db, actor=desk.actor, batch=devices.batch)
    assert [(p.column, p.value, p.code) for p in standing.problems] == [("assign_to_email", "", "unknown")]


async def test_an_import_nobody_goes_on_with_is_given_up_after_a_week(desk):
    batch = (await desk.open(table(device()))).batch
    desk.stock.clock.advance(jobs.FORGET_AFTER)
    await turn(desk)
    assert await status(desk, batch) is Status.OPEN
    desk.stock.pass_time()
    await turn(desk)
    assert await status(desk, batch) is Status.ABANDONED
    [chunk] = await desk.fetch("SELECT staged, applied_at FROM import_chunks WHERE org_id = $1")
    assert tuple(chunk) == (None, None)
    async with desk.db.read(desk.scope) as reader:
        lines = await of_subject(reader, desk.scope, kind="import", subject_id=batch.id)
    assert [line.action for line in lines] == ["opened", "abandoned"]
    with pytest.raises(BatchMoveRefused):
        await desk.apply(batch)
    assert await desk.assets() == {}
    await turn(desk)
    again = (await desk.open(table(device()))).batch  # the same file is a new import
    assert (await desk.apply(again)).status is Status.APPLIED


async def test_what_an_abandoned_import_wrote_can_be_undone(desk, small_chunks, interrupted):
    batch = (await desk.open(table(device("A"), device("B"), device("C"), device("D")))).batch
    await interrupted(batch)
    assert len(await desk.assets()) == 3
    desk.stock.clock.advance(jobs.FORGET_AFTER + timedelta(seconds=1))
    await turn(desk)
    assert await status(desk, batch) is Status.ABANDONED
    standing = await desk.undo(batch)
    assert (standing.undone, await desk.assets(), await status(desk, batch)) == (3, {}, Status.UNDONE)


async def test_an_import_somebody_went_on_with_is_left_open(desk, small_chunks, interrupted):
    batch = (await desk.open(table(device("A"), device("B"), device("C"), device("D")))).batch
    desk.stock.clock.advance(jobs.FORGET_AFTER)
    await interrupted(batch)
    desk.stock.pass_time()
    await turn(desk)
    assert await status(desk, batch) is Status.OPEN
    assert (await desk.apply(batch)).status is Status.APPLIED
    assert len(await desk.assets()) == 4


async def test_resuming_an_import_does_not_bring_a_removed_person_back(desk):
    ada = await desk.stock.employee(email=ADA)
    opened = await desk.open(
        table(
            person(ADA, lastname="King"),
            person("bob@example.com", manager_email=ADA),
            person("eve@example.com"),
        ),
        Kind.EMPLOYEES,
    )
    await desk.remove(ada.id)
    batch = await desk.apply(opened.batch)
    assert sorted(await desk.employees()) == ["eve@example.com"]
    standing = await get_standing(desk.db, actor=desk.actor, batch=batch)
    assert [(p.row, p.column, p.value, p.code) for p in standing.problems] == [
        (2, "email", "", "gone"),
        (3, "manager_email", "", "unknown"),
    ]
    assert (standing.created, standing.updated) == (1, 0)


async def test_who_was_added_anew_meanwhile_is_somebody_else(desk):
    ada = await desk.stock.employee(email=ADA)
    opened = await desk.open(table({"email": ADA, "lastname": "King"}), Kind.EMPLOYEES)
    await desk.remove(ada.id)
    await desk.stock.employee(email=ADA, last_name="Lovelace")
    batch = await desk.apply(opened.batch)
    assert (await desk.employees())[ADA]["last_name"] == "Lovelace"
    standing = await get_standing(desk.db, actor=desk.actor, batch=batch)
    assert [p.code for p in standing.problems] == ["gone"]


async def test_resuming_an_import_does_not_bring_a_removed_device_back(desk):
    first = await desk.run(table(device("A\\1"), device("B")))
    opened = await desk.open(
        table(device("A\\1", sku="T"), device("B"), device("C", sku="T")), skips_errors=True
    )
    await desk.undo(first)
    batch = await desk.apply(opened.batch)
    assert sorted(await desk.assets()) == ["C"]
    standing = await get_standing(desk.db, actor=desk.actor, batch=batch)
    assert [(p.row, p.column, p.value, p.code) for p in standing.problems] == [
        (2, "serial_number", "A\\1", "gone"),
        (3, "serial_number", "B", "gone"),
    ]
    assert (standing.created, standing.updated, standing.unchanged) == (1, 0, 0)


async def test_removing_people_leaves_what_imports_remember_of_others_and_of_devices(desk):
    await desk.stock.add(serial_number="A", sku="S")
    ada = await desk.stock.employee(email=ADA)
    await desk.stock.employee(email="bob@example.com", last_name="Babbage")
    devices = await desk.run(table({"serial_number": "A", "sku": "T"}))
    people = await desk.run(
        table(*({"email": email, "lastname": "King"} for email in (ADA, "bob@example.com"))), Kind.EMPLOYEES
    )
    remembered = await desk.fetch("SELECT * FROM import_images WHERE org_id = $1 ORDER BY subject_id")
    await desk.remove(ada.id)
    after = await desk.fetch("SELECT * FROM import_images WHERE org_id = $1 ORDER BY subject_id")
    assert [row["image"] for row in after if row["subject_id"] == ada.id] == [{"id": str(ada.id)}]
    assert [row for row in after if row["subject_id"] != ada.id] == [
        row for row in remembered if row["subject_id"] != ada.id
    ]
    assert (await desk.undo(devices)).kept == ()
    assert [kept.reason for kept in (await desk.undo(people)).kept] == ["gone"]
    left = await desk.fetch("SELECT subject_id FROM import_images WHERE org_id = $1 AND image IS NOT NULL")
    assert [row["subject_id"] for row in left] == [ada.id]
