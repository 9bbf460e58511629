"""A serial number exists once, and names are made once, however many write at the same time."""

import asyncio

import msgspec
import pytest
from tests.domain.inventory.stock import names

from backhaul.domain.inventory import queries, tables
from backhaul.domain.inventory.errors import SerialTaken
from backhaul.kernel.ids import new_id


@pytest.mark.parametrize("spelling", ["SN-ABC 1", "sn-abc1", " Sn-\u2003aBc  1 "])
async def test_a_serial_number_exists_once_in_whatever_spelling(stock, spelling):
    await stock.add(serial_number="SN-Abc1")
    async with stock.refused(SerialTaken) as caught:
        await stock.add(serial_number=spelling, product_type="Never made", department="Neither")
    assert caught[0].data == {"serial_number": spelling.strip()}


async def test_another_organization_may_have_the_same_serial_number(stock):
    first = await stock.add(serial_number="SN-1")
    second = await (await stock.elsewhere()).add(serial_number="SN-1")
    assert first.number != second.number


async def test_of_fifty_writers_of_one_serial_number_one_wins(stock):
    await stock.add()  # the names are there
    before = await stock.traces()
    await asyncio.gather(
        *(stock.labels() for _ in range(50))
    )  # every connection is open: they really run at once
    spellings = ["SN-77 x", "sn-77X", " SN-77  X", "S N-77x", "sn-77 X "]
    results = await asyncio.gather(
        *(stock.add(serial_number=spellings[n % 5]) for n in range(50)), return_exceptions=True
    )
    winners = [result for result in results if not isinstance(result, Exception)]
    assert len(winners) == 1
    assert [type(result) for result in results if isinstance(result, Exception)] == [SerialTaken] * 49
    after = await stock.traces()
    grown = {table: len(after[table]) - len(before[table]) for table in before}
    assert {table: rows for table, rows in grown.items() if rows} == {
        "assets": 1, "custody_events": 1, "history": 1, "outbox": 1,
    }  # fmt: skip
    assert (await queries.list_assets(stock.db, actor=stock.actor, page=1)).total == 2


async def test_whoever_was_slower_is_refused_when_the_other_commits(stock):
    """Both looked when the number was free."""
    asset = await stock.add()
    async with stock.db.transaction(stock.scope) as tx:
        quicker = msgspec.structs.replace(
            asset, id=new_id(), number=asset.number + 10**6, serial_number="SN-RACE"
        )
        tables.add(tx, quicker)
        await tables.write(tx, quicker)
        slower = asyncio.create_task(stock.add(serial_number="sn-race "))
        await stock.somebody_waits()
    with pytest.raises(SerialTaken) as refused:
        await slower
    assert refused.value.data == {"serial_number": "sn-race"}
    assert (await queries.list_assets(stock.db, actor=stock.actor, page=1)).total == 2


async def test_writers_of_the_same_new_names_at_once_share_them(stock):
    added = await asyncio.gather(
        *(stock.make.asset(stock.actor, department="New", location_name="Newer") for _ in range(20))
    )
    assert (
        len({(one.model, one.product_type, one.manufacturer, one.department, one.location) for one in added})
        == 1
    )
    assert len({one.asset.number for one in added}) == 20
    assert await names(stock, "models") == ["MacBook Pro 16"]


async def test_writers_of_crossing_new_names_do_not_block_each_other(stock):
    """One makes A then B, another B then A: everybody makes them in one order."""
    pairs = [("A", "B"), ("B", "A")] * 10
    await asyncio.gather(
        *(
            stock.add(product_type=one, manufacturer=two, department=one, location_name=two, product_name=one)
            for one, two in pairs
        )
    )
    assert sorted(await names(stock, "models")) == ["A", "B"]
