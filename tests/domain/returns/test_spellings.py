"""Serial numbers as people and scanners write them: one device however it is spelled."""

import asyncio

import pytest
from tests.domain.recovery.desk import Desk

from backhaul.domain import returns
from backhaul.domain.recovery import NewItem
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


@pytest.mark.parametrize("prefix", ["S", "1S", "25S", "T", "1T", "s "])
async def test_what_another_recovery_awaits_is_known_behind_its_data_identifier(depot, prefix):
    """The item names a serial number and no asset: nobody entered the device anywhere else."""
    desk = await Desk(depot.world).furnished()
    await desk.add(NewItem(name="Laptop", serial_number="PF-77"))
    _, tracking = await depot.on_its_way(serial_number="ANOTHER-1")
    number = (await depot.receive(tracking)).one.number
    found = [await depot.scan(number, scan) for scan in (f"{prefix}PF-77", "pf-77", f"{prefix}PF-78")]
    assert [item.verdict for item in found] == ["wrong_person", "duplicate", "unexpected"]
    assert [item.asset_id for item in found] == [None, None, None]


async def test_a_device_that_begins_with_s_is_not_read_without_it(depot):
    desk = await Desk(depot.world).furnished()
    await desk.add(NewItem(name="Laptop", serial_number="AB-1"))
    laptop = await depot.laptop(serial_number="SAB-1")
    _, tracking = await depot.on_its_way(serial_number=laptop.serial_number)
    number = (await depot.receive(tracking)).one.number
    found = [await depot.scan(number, scan) for scan in ("SAB-1", "AB-1")]
    assert [item.verdict for item in found] == ["matched", "wrong_person"]
    assert [item.asset_id for item in found] == [laptop.id, None]


async def test_what_is_looked_at_is_found_in_every_spelling(depot):
    _, tracking = await depot.on_its_way(serial_number="SN-9")
    number = (await depot.receive(tracking)).one.number
    await depot.scan(number, "1SSN-9")
    looked = await returns.check_device(
        depot.db,
        actor=depot.operator,
        number=number,
        serial_number="sn-9",
        seen=returns.Checklist(grade="B"),
        now=depot.now,
    )
    assert (looked.serial_number, looked.grade) == ("1SSN-9", "B")
    assert (await depot.any_detail(number)).items == (looked,)


async def test_of_many_scanners_at_once_one_finds_the_device(depot):
    await depot.fund()
    _, tracking = await depot.on_its_way(serial_number="SN-9")
    number = (await depot.receive(tracking)).one.number
    items = await asyncio.gather(*(depot.scan(number, text) for text in ("SN-9", "sn-9", "SSN-9", " SN -9")))
    assert sorted(item.verdict for item in items) == ["duplicate", "duplicate", "duplicate", "matched"]
    assert sorted(item.position for item in items) == [1, 2, 3, 4]
    await depot.process(number)
    assert [item.verdict for item in (await depot.any_detail(number)).items].count("missing") == 0
