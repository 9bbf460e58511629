"""Everything out, safely for spreadsheets, and in again without a change."""

import asyncio
import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from tests.domain.bulk.desk import Desk, device, person, table
from tests.domain.inventory.stock import Stock

from backhaul.domain.bulk.exporting import export
from backhaul.domain.bulk.model import Form, Kind
from backhaul.domain.identity.errors import RightMissing
from backhaul.kernel.ids import new_id
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database

ODD = ["=1+1", "+49", "-", "@x", "'=y", "''-z", "'quoted'", "a;b,c", 'say "x"', "ü|é", "\\N", "back\\slash"]


async def fill(desk):
    """Devices in every kind of hands, with every odd value."""
    for n, odd in enumerate(ODD):
        await desk.stock.add(serial_number=f"{odd}{n}", sku=odd, location_name=odd)
    await desk.run(
        table(
            person("ada@example.com", contact_info="123", department="=IT", manager_email="bob@example.com"),
            person(
                "bob@example.com", location_name="@home", location_type="Warehouse", start_date="2024-02-29"
            ),
        ),
        Kind.EMPLOYEES,
    )
    await desk.run(
        table(
            device("USED", asset_status="In Use", assign_to_email="ada@example.com"),
            device(
                "FULL", specs='{"memory": "16 GB"}', purchase_cost="0.05", purchase_currency="EUR", condition="New",
                warranty_start="2024-01-01", warranty_expire="2025-01-01", purchase_type="Leased",
            ),
            device("SENT"),
        )
    )  # fmt: skip
    sent = (await desk.assets())["SENT"]
    await desk.stock.ship(sent, new_id())
    outside = await desk.stock.outside(serial_number="GONE")
    held = await desk.stock.add(serial_number="HELD")
    await desk.stock.assign(held, "ada@example.com")
    await desk.stock.change(held, status_name="Legal Hold")
    return outside


@pytest.mark.parametrize("kind", list(Kind))
async def test_an_export_is_found_unchanged_by_an_import(desk, monkeypatch, kind):
    monkeypatch.setattr(export, "PAGE_ROWS", 3)
    await fill(desk)
    file, count = await desk.export(kind=kind)
    before = await desk.traces()
    assert await desk.review(file, kind) == ({"unchanged": count}, [])
    assert count == {Kind.ASSETS: len(ODD) + 5, Kind.EMPLOYEES: 2}[kind]
    assert await desk.traces() == before


async def test_no_cell_is_a_formula_and_json_lines_hold_the_bare_values(desk):
    await fill(desk)
    file, _ = await desk.export()
    rows = list(csv.DictReader(io.StringIO(file.decode(), newline="")))
    cells = [cell for row in rows for cell in row.values()]
    assert [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}] == []
    assert [row["sku"] for row in rows[: len(ODD)]] == [
        "'=1+1", "'+49", "'-", "'@x", "''=y", "'''-z", "'quoted'", "a;b,c", 'say "x"', "ü|é", "\\N", "back\\slash",
    ]  # fmt: skip
    lines, count = await desk.export(Form.JSONL)
    read = [json.loads(line) for line in lines.splitlines()]
    assert [row["sku"] for row in read[: len(ODD)]] == ODD
    assert (len(read), len(rows)) == (count, count)
    [full] = [row for row in read if row["serial_number"] == "FULL"]
    assert (full["purchase_cost"], full["specs"], full["department"]) == ("0.05", {"memory": "16 GB"}, None)


async def test_an_empty_organization_gives_a_header_only(desk):
    file, count = await desk.export()
    assert count == 0
    assert file.decode() == (
        "serial_number,asset_id,product_type,product_name,manufacturer,asset_status,model_number,sku,condition,"
        "purchase_date,purchase_cost,purchase_currency,purchase_type,warranty_start,warranty_expire,warranty_type,"
        "assign_to_email,department,location_name,imei,imei2,specs,asset_number,custody\r\n"
    )
    assert await desk.export(Form.JSONL) == (b"", 0)


async def test_an_export_shows_one_moment(desk, ground, monkeypatch):
    """What is added while it is written is not in it, even where its page is still to come."""
    monkeypatch.setattr(export, "PAGE_ROWS", 1)
    await desk.run(table(device("A"), device("B")))
    parts = []

    async def add_late():
        db = await Database.open(
            DatabaseUrls.single(ground), Session(app_connections=2, worker_connections=1)
        )
        late = Desk(Stock(db, desk.stock.clock, desk.stock.make, actor=desk.actor))
        await late.run(table(device(f"LATE-{len(parts)}")))
        await db.close()

    def write(part):
        parts.append(part)
        if len(parts) == 1:
            return  # the header comes before the moment
        with ThreadPoolExecutor(1) as thread:  # meanwhile this loop waits, in the middle of its export
            thread.submit(lambda: asyncio.run(add_late())).result()

    count = await export.export_file(desk.db, actor=desk.actor, kind=Kind.ASSETS, form=Form.CSV, write=write)
    assert (count, len(parts)) == (2, 3)  # the header and a page each
    assert sorted(await desk.assets()) == ["A", "B", "LATE-2", "LATE-3"]


async def test_nobody_elses_devices_are_exported(desk):
    await desk.run(table(device("A")))
    desk.actor = (await desk.stock.elsewhere()).actor
    assert (await desk.export())[1] == 0


async def test_exporting_needs_the_right_to_read(desk):
    desk.actor = msgspec.structs.replace(desk.actor, rights=frozenset())
    for kind in Kind:
        with pytest.raises(RightMissing):
            await desk.export(kind=kind)
