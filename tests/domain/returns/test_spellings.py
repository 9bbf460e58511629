"""Serial numbers as people and scanners write them: one device however it is spelled."""

import asyncio

import pytest

from backhaul.domain.returns.matching import serial_key

SPELLINGS = [
    "", "a", "Ab 1", " a\tb ", "a\u00a0b", "a\u2003b", "a\u200bb", "straße", "ı", "ǆ", "ŉ", "é", "e\u0301", "A-1", "Σς",
]  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS)
async def test_the_schema_compares_as_we_do(db, text):
    async with db.system() as reader:
        assert await reader.fetchval("SELECT serial_key($1)", text) == serial_key(text)


@pytest.mark.parametrize("scans", [("{0}", "S{0}"), ("S{0}", "{0}"), ("s{0}", " {0} ")])
async def test_a_device_that_the_inventory_knows_is_a_duplicate_in_every_spelling(depot, scans):
    laptop = await depot.laptop()
    _, tracking = await depot.on_its_way(serial_number="ANOTHER-1")
    number = (await depot.receive(tracking)).one.number
    first, second = [await depot.scan(number, scan.format(laptop.serial_number)) for scan in scans]
    assert (first.asset_id, second.asset_id) == (laptop.id, laptop.id)
    assert (first.verdict, second.verdict) == ("unexpected", "duplicate")
    assert [reason for reason, _ in await depot.hand_overs(laptop)].count("received") == 1


async def test_of_many_scanners_at_once_one_finds_the_device(depot):
    await depot.fund()
    _, tracking = await depot.on_its_way(serial_number="SN-9")
    number = (await depot.receive(tracking)).one.number
    items = await asyncio.gather(*(depot.scan(number, text) for text in ("SN-9", "sn-9", "SSN-9", " SN -9")))
    assert sorted(item.verdict for item in items) == ["duplicate", "duplicate", "duplicate", "matched"]
    assert sorted(item.position for item in items) == [1, 2, 3, 4]
    await depot.process(number)
    assert [item.verdict for item in (await depot.any_detail(number)).items].count("missing") == 0
