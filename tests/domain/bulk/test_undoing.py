"""Taking an import back: everything but what others have touched since."""

import asyncio

import msgspec
import pytest
from tests.domain.bulk.desk import device, person, table

from backhaul.domain.bulk import tables
from backhaul.domain.bulk.errors import BatchMoveRefused
from backhaul.domain.bulk.model import CHUNK_ROWS, Kind, Status
from backhaul.domain.bulk.operations import undo
from backhaul.domain.bulk.queries import get_batch, get_standing
from backhaul.domain.directory import remove_employee
from backhaul.domain.inventory.model import Custody, Reason


def unstamped(asset):
    """An asset but for what every writing moves on."""
    return msgspec.structs.replace(asset, version=0, updated_at=None, custody_since=None, custody_count=0)


async def test_what_was_created_goes_and_what_was_changed_comes_back(desk):
    await desk.stock.employee(email="ada@example.com")
    old = await desk.stock.add(serial_number="OLD", sku="S")
    batch = await desk.run(
        table(
            device("NEW", asset_status="In Use", assign_to_email="ada@example.com"),
            {
                "serial_number": "old",
                "sku": "T",
                "asset_status": "In Use",
                "assign_to_email": "ada@example.com",
            },
        )
    )
    new = (await desk.assets())["NEW"]
    desk.stock.pass_time()
    standing = await desk.undo(batch)
    assert (standing.undone, standing.kept) == (2, ())
    [(serial, back)] = (await desk.assets()).items()
    assert (serial, unstamped(back)) == ("OLD", unstamped(old))
    assert (back.version, back.custody_count, back.custody_since) == (3, 3, desk.now)
    assert await desk.counted() == 1
    assert [e.reason for e in await desk.stock.ledger(old)] == [
        Reason.ADDED,
        Reason.CORRECTED,
        Reason.CORRECTED,
    ]
    added, removed = await desk.stock.ledger(new)
    assert (removed.reason, removed.from_custody, removed.from_id, removed.to_custody) == (
        Reason.REMOVED,
        Custody.EMPLOYEE,
        added.to_id,
        None,
    )
    [first, last] = await desk.history("asset", new.id)
    assert (last.action, set(last.change), last.change["serial_number"]) == (
        "removed",
        set(first.change),
        ["NEW", None],
    )
    lines = await desk.history("asset", old.id)
    replayed = {name: values[1] for line in lines for name, values in line.change.items()}
    assert {name: value for name, value in replayed.items() if value is not None} == {
        name: value for name, value in msgspec.to_builtins(back).items() if value is not None
    }
    assert (await get_batch(desk.db, actor=desk.actor, number=batch.number)).status is Status.UNDONE


async def test_what_somebody_touched_since_is_kept_and_named(desk):
    await desk.stock.add(serial_number="OLD")
    batch = await desk.run(table(device("A"), device("B"), {"serial_number": "OLD", "sku": "T"}, device("C")))
    await desk.stock.change("A", sku="mine")
    await desk.stock.change("OLD", tag="mine")
    standing = await desk.undo(batch)
    assert standing.undone == 2
    assert sorted((kept.key, kept.reason) for kept in standing.kept) == [
        ("A", "changed_since"),
        ("OLD", "changed_since"),
    ]
    left = await desk.assets()
    assert sorted(left) == ["A", "OLD"]
    assert (left["OLD"].sku, left["OLD"].tag) == ("T", "mine")


async def test_a_holder_who_left_is_not_given_the_device_back(desk):
    ada = await desk.stock.employee(email="ada@example.com")
    asset = await desk.stock.add(serial_number="OLD")
    await desk.stock.assign(asset, ada)
    batch = await desk.run(table({"serial_number": "OLD", "asset_status": "Available"}))
    await remove_employee(desk.db, actor=desk.actor, employee=ada.id, now=desk.now)
    standing = await desk.undo(batch)
    assert [(kept.key, kept.reason) for kept in standing.kept] == [("OLD", "holder_gone")]
    assert (await desk.stock.reload(asset)).custody is Custody.ORGANIZATION


async def test_undoing_goes_on_where_it_was_interrupted(desk, monkeypatch):
    count = CHUNK_ROWS + 3
    batch = await desk.run(table(*(device(f"S{n}") for n in range(count))))
    claim, claimed = tables.claim_undo, []

    async def once(tx, batch_id):
        if claimed:
            raise ConnectionError
        claimed.append(await claim(tx, batch_id))
        return claimed[0]

    monkeypatch.setattr(undo.tables, "claim_undo", once)
    with pytest.raises(Exception):  # noqa: B017, PT011 -- whatever the storage makes of it
        await desk.undo(batch)
    monkeypatch.undo()
    assert len(await desk.assets()) == CHUNK_ROWS  # the last chunk first
    assert (await get_batch(desk.db, actor=desk.actor, number=batch.number)).status is Status.UNDOING
    with pytest.raises(BatchMoveRefused):
        await desk.apply(batch)
    # Both go on; who comes when all is done is told that.
    done = await asyncio.gather(desk.undo(batch), desk.undo(batch), return_exceptions=True)
    late = [one for one in done if isinstance(one, BatchMoveRefused)]
    assert max(one.undone for one in done if one not in late) == count
    assert len(late) <= 1
    assert await desk.assets() == {}
    told = await desk.fetch("SELECT payload FROM outbox WHERE org_id = $1 AND type = 'bulk.import_undone'")
    assert [(row["payload"]["undone"], row["payload"]["kept"]) for row in told] == [(count, 0)]


async def test_an_import_is_undone_once(desk):
    batch = await desk.run(table(device()))
    await desk.undo(batch)
    with pytest.raises(BatchMoveRefused):
        await desk.undo(batch)


async def test_an_undone_file_can_be_imported_again(desk):
    file = table(device())
    first = await desk.run(file)
    was = (await desk.assets())["SN-1"]
    await desk.undo(first)
    second = await desk.run(file)
    assert (await desk.assets())["SN-1"].id != was.id
    standing = await get_standing(desk.db, actor=desk.actor, batch=second)
    assert (standing.created, standing.applied_chunks) == (1, 1)


async def test_people_come_and_go_with_their_import_unless_something_stands_on_them(desk):
    old = await desk.stock.employee(email="old@example.com", first_name="Olga")
    batch = await desk.run(
        table(
            person("ada@example.com"),
            person("bob@example.com", manager_email="cyd@example.com"),
            person("cyd@example.com"),
            person("dan@example.com"),
            {"email": "OLD@example.com", "firstname": "Olja"},
        ),
        Kind.EMPLOYEES,
    )
    staff = await desk.employees()
    asset = await desk.stock.add(serial_number="A")
    await desk.stock.assign(asset, "ada@example.com")
    standing = await desk.undo(batch)
    assert (standing.undone, [(kept.key, kept.reason) for kept in standing.kept]) == (
        4,
        [("ada@example.com", "in_use")],
    )
    left = await desk.employees()
    assert sorted(left) == ["ada@example.com", "old@example.com"]
    assert (left["old@example.com"]["first_name"], left["old@example.com"]["version"]) == ("Olga", 3)
    former = await desk.fetch("SELECT number FROM former_employees WHERE org_id = $1 ORDER BY number")
    assert [row["number"] for row in former] == [
        staff[email]["number"] for email in ("bob@example.com", "cyd@example.com", "dan@example.com")
    ]
    assert [line.action for line in await desk.history("employee", old.id)] == ["added", "updated", "updated"]


async def test_whoever_leads_somebody_who_stays_stays_however_many_levels_up(desk):
    chain = ["top@example.com", "middle@example.com", "low@example.com", "worker@example.com"]
    batch = await desk.run(
        table(
            *(person(one, manager_email=leader) for leader, one in zip(["", *chain], chain, strict=False)),
            person("other@example.com", manager_email="top@example.com"),
        ),
        Kind.EMPLOYEES,
    )
    staff = await desk.employees()
    asset = await desk.stock.add(serial_number="A")
    await desk.stock.assign(asset, "worker@example.com")
    standing = await desk.undo(batch)
    assert (standing.undone, {(kept.key, kept.reason) for kept in standing.kept}) == (
        1,
        {(email, "in_use") for email in chain},
    )
    assert await desk.employees() == {email: staff[email] for email in chain}


async def test_what_an_import_remembers_of_a_person_goes_with_the_person(desk):
    ada = await desk.stock.employee(email="ada@example.com", last_name="Lovelace")
    await desk.stock.employee(email="bob@example.com", last_name="Babbage")
    batch = await desk.run(
        table(
            {"email": "ada@example.com", "lastname": "King"}, {"email": "bob@example.com", "lastname": "Peel"}
        ),
        Kind.EMPLOYEES,
    )
    await remove_employee(desk.db, actor=desk.actor, employee=ada.id, now=desk.now)
    rows = await desk.fetch("SELECT image FROM import_images WHERE org_id = $1 ORDER BY subject_id")
    assert [row["image"].get("last_name") for row in rows] == [None, "Babbage"]
    assert rows[0]["image"] == {"id": str(ada.id)}
    standing = await desk.undo(batch)
    assert (standing.undone, [(kept.id, kept.key, kept.reason) for kept in standing.kept]) == (
        1,
        [(ada.id, "", "gone")],
    )
    assert (await desk.employees())["bob@example.com"]["last_name"] == "Babbage"
