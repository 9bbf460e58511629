"""A checked file of devices is written: once, by whoever comes first, and not after it was undone."""

import asyncio

import pytest
from tests.domain.bulk.desk import device, table

from backhaul.domain.bulk.errors import BatchMoveRefused, FileBegun
from backhaul.domain.bulk.model import CHUNK_ROWS, Status
from backhaul.domain.bulk.queries import get_standing, list_batches
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import Role
from backhaul.kernel.ids import new_id


async def test_a_row_that_has_become_wrong_since_the_check_is_left_out_and_noted(desk):
    await desk.stock.employee(email="ada@example.com")
    asset = await desk.stock.add(serial_number="SN-1")
    opened = await desk.open(
        table({"serial_number": "SN-1", "sku": "S", "asset_status": "Ready to Deploy"}, device("SN-2"))
    )
    await desk.stock.ship(asset, new_id())
    batch = await desk.apply(opened.batch)
    standing = await get_standing(desk.db, actor=desk.actor, batch=batch)
    assert (standing.created, standing.updated) == (1, 0)
    [problem] = standing.problems
    assert (problem.row, problem.column, problem.value, problem.code) == (
        2,
        "asset_status",
        "Ready to Deploy",
        "in_parcel",
    )
    assert (await desk.assets())["SN-1"].sku is None


async def test_a_file_that_was_begun_is_not_begun_again_but_gone_on_with(desk):
    file = table(device())
    opened = await desk.open(file)
    with pytest.raises(FileBegun):
        await desk.open(file)
    await desk.apply(opened.batch)
    assert (await desk.open(file)).batch is None


async def test_two_who_apply_the_same_import_write_each_row_once(desk):
    rows = [device(f"S{n}") for n in range(CHUNK_ROWS + 50)]
    opened = await desk.open(table(*rows))
    done = await asyncio.gather(desk.apply(opened.batch), desk.apply(opened.batch))
    assert {batch.status for batch in done} == {Status.APPLIED}
    assert len(await desk.assets()) == len(rows) == await desk.counted()
    told = await desk.fetch("SELECT payload FROM outbox WHERE org_id = $1 AND type = 'bulk.import_applied'")
    assert [row["payload"] | {"subject_id": ""} for row in told] == [
        {"kind": "assets", "created": len(rows), "updated": 0, "subject_id": ""}
    ]
    chunks = await desk.fetch("SELECT staged FROM import_chunks WHERE org_id = $1")
    assert [row["staged"] for row in chunks] == [None, None]


async def test_a_serial_that_somebody_adds_at_the_same_moment_becomes_an_update(desk):
    opened = await desk.open(table(device(sku="S")))
    added = await desk.stock.add(serial_number="sn-1")
    await desk.apply(opened.batch)
    after = await desk.stock.reload(added)
    assert (after.sku, after.version, await desk.counted()) == ("S", 2, 1)


async def test_an_import_that_is_undone_cannot_be_applied(desk):
    opened = await desk.open(table(device()))
    await desk.undo(opened.batch)
    with pytest.raises(BatchMoveRefused):
        await desk.apply(opened.batch)
    assert await desk.assets() == {}
    chunks = await desk.fetch("SELECT staged, applied_at FROM import_chunks WHERE org_id = $1")
    assert [tuple(row) for row in chunks] == [(None, None)]


async def test_whoever_only_reads_imports_nothing(desk):
    organization = await desk.stock.make.organization(role=Role.VIEWER)
    desk.actor = organization
    for attempt in (desk.review(table(device())), desk.open(table(device()))):
        with pytest.raises(RightMissing):
            await attempt


async def test_imports_are_listed_newest_first_in_their_own_organization(desk):
    first, second = await desk.run(table(device("A"))), await desk.run(table(device("B")))
    assert await list_batches(desk.db, actor=desk.actor) == [second, first]
    assert await list_batches(desk.db, actor=(await desk.stock.elsewhere()).actor) == []
