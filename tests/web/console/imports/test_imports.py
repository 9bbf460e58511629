"""A file in the browser: checked, imported by a worker, taken back; what was refused as a file."""

import csv
import io

import pytest

from backhaul.domain.bulk.model import Kind
from backhaul.domain.bulk.queries import get_batch
from backhaul.domain.inventory.browsing import AssetFilter, browse_assets
from tests.dialects.mounting import small
from tests.dialects.working import Worker
from tests.web.console.browse import Parsed

HEADER = "serial_number,product_type,product_name,manufacturer,asset_status\n"
GOOD = "A-1,Laptop,Book,Apple,Available\nA-2,Laptop,Book,Apple,Available\n"
BAD = "A-3,Laptop,Book,Apple,=No such\n"


def upload(text, name="devices.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return {"file": (name, content, "text/csv")}


def worker(console, tmp_path):
    return Worker(console.db, clock=console.clock, settings=small(console.database_url), data_dir=tmp_path)


async def serials(console):
    today = console.clock.now().date()
    found = await browse_assets(console.db, actor=console.actors["owner"], wanted=AssetFilter(), today=today)
    return sorted(line.serial_number for line in found.items)


async def test_a_file_is_checked_then_imported_then_taken_back(own_console, visitors, tmp_path):
    browse = await visitors(own_console, "member")
    before = await serials(own_console)
    await browse.page("/imports")
    where = await browse.does("/imports", {"kind": "assets"}, files=upload(HEADER + GOOD + BAD))
    path = where.partition("?")[0]
    page = await browse.page(where)
    assert {"Checked", "2", "1", "asset_status", "=No such"} <= set(page.texts)
    assert await serials(own_console) == before
    await browse.does(f"{path}/apply")
    waiting = await browse.get(path)
    assert "Being imported" in waiting.text
    assert 'hx-trigger="every 2s"' in waiting.text
    await worker(own_console, tmp_path).settle()
    done = await browse.get(path)
    assert "Imported" in done.text
    assert "hx-trigger" not in done.text.partition('id="progress"')[2].partition(">")[0]
    assert await serials(own_console) == sorted([*before, "A-1", "A-2"])
    await browse.does(f"{path}/undo")
    await worker(own_console, tmp_path).settle()
    assert "Taken back" in (await browse.page(path)).texts
    assert await serials(own_console) == before
    assert (await browse.post(f"{path}/apply")).status_code == 409


async def test_the_same_file_again_leads_to_the_import_that_is_open(own_console, visitors):
    browse = await visitors(own_console, "owner")
    await browse.page("/imports")
    first = await browse.does("/imports", {"kind": "assets"}, files=upload(HEADER + GOOD))
    again = await browse.does("/imports", {"kind": "assets"}, files=upload(HEADER + GOOD))
    assert again == first.replace("imports.checked", "imports.begun_before")
    assert await browse.does(f"{first.partition('?')[0]}/undo")


async def test_a_file_that_changes_nothing_is_not_kept(own_console, visitors):
    browse = await visitors(own_console, "owner")
    row = "ours-PHONE,Laptop,Pixel,Apple,Available\n"
    await browse.page("/imports")
    answer = await browse.post("/imports", {"kind": "assets"}, files=upload(HEADER + row))
    assert answer.status_code == 200
    assert "Everything in this file is in the inventory already." in answer.text
    answer = await browse.post("/imports", {"kind": "assets"}, files=upload(HEADER + BAD))
    assert "No row of this file can be imported as it is." in answer.text


@pytest.mark.parametrize(
    ("fields", "files", "said"),
    [
        ({"kind": "assets"}, None, "Choose a file."),
        ({"kind": "moons"}, upload(HEADER), "Choose what the rows are."),
        ({"kind": "assets"}, upload("colour\nred\n"), "there is no column serial_number"),
        ({"kind": "assets"}, upload(b"PK\x03\x04 no workbook", "a.xlsx"), "it is no workbook"),
        ({"kind": "assets"}, upload(b"", "a.csv"), "it is empty"),
    ],
)
async def test_what_is_no_good_file_is_refused_with_its_reason(console, browse, fields, files, said):
    await browse.page("/imports")
    answer = await browse.post("/imports", fields, files=files)
    assert answer.status_code in {400, 422}
    assert said in answer.text


async def test_the_refused_rows_and_the_templates_are_files_without_formulas(console, browse):
    number = console.ids["ours"]["import"]
    answer = await browse.get(f"/imports/{number}/refused")
    [line] = csv.DictReader(io.StringIO(answer.text))
    assert (line["row"], line["column"], line["value"]) == ("3", "asset_status", "No such status")
    answer = await browse.get("/imports/template?kind=assets")
    assert answer.text.startswith("serial_number,")
    assert answer.headers["content-disposition"] == 'attachment; filename="assets-template.csv"'
    for path in ("/imports/template?kind=assets", "/assets/export", "/people/export", "/money/ledger"):
        assert (await browse.get(path)).headers["content-type"] == "text/csv; charset=utf-8"
    assert (await browse.get("/imports/template?kind=moons")).status_code == 400
    assert (await browse.get(f"/imports/{console.ids['theirs']['import']}/refused")).status_code == 404


async def test_the_regions_of_an_import_have_names_of_their_own(console, browse):
    page = await browse.page(f"/imports/{console.ids['ours']['import']}")
    assert {"refused", "standing"} <= set(page.ids)
    regions = [given["aria-label"] for given in page.tags("div") if given.get("role") == "region"]
    assert regions == ["What to do about each row"]
    assert "Refused rows" in page.texts


async def test_no_import_of_another_organization_moves_and_none_by_a_viewer(console, visitors):
    owner, viewer = await visitors(console, "owner"), await visitors(console, "viewer")
    theirs, ours = (int(console.ids[whose]["import"]) for whose in ("theirs", "ours"))
    for action in ("apply", "undo"):
        assert (await owner.post(f"/imports/{theirs}/{action}")).status_code == 404
        assert (await owner.post(f"/imports/x/{action}")).status_code == 404
        assert (await viewer.post(f"/imports/{ours}/{action}")).status_code == 403
    await viewer.page("/imports")
    answer = await viewer.post("/imports", {"kind": "assets"}, files=upload(HEADER + GOOD))
    assert answer.status_code == 403
    for name, number in (("stranger", theirs), ("owner", ours)):
        batch = await get_batch(console.db, actor=console.actors[name], number=number)
        assert (batch.kind, batch.status.value, batch.asked_at) == (Kind.ASSETS, "open", None)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "devices.csv", "it is empty"),
        (b"serial_number\x00,product_type\nA,B\n", "devices.csv", "its header holds NUL"),
        (b"PK\x03\x04 and nothing behind it", "devices.xlsx", "it is no workbook"),
        (b"colour,size\nred,1\n", "devices.csv", "columns do not fit"),
    ],
)
async def test_an_unreadable_file_is_refused_beside_its_field(own_console, visitors, content, name, said):
    browse = await visitors(own_console, "member")
    await browse.page("/imports")
    before = await own_console.owner.fetchval("SELECT count(*) FROM import_batches")
    answer = await browse.post("/imports", {"kind": "employees"}, files=upload(content, name))
    assert answer.status_code == 422
    page = Parsed(answer.text)
    (field,) = [given for given in page.tags("input") if given.get("name") == "file"]
    assert field["aria-invalid"] == "true"
    assert "file-problem" in page.ids
    assert said in answer.text
    assert ("post", "/imports") in page.forms
    (chosen,) = [
        given["value"] for given in page.tags("input") if given.get("type") == "radio" and "checked" in given
    ]
    assert chosen == "employees"
    assert await own_console.owner.fetchval("SELECT count(*) FROM import_batches") == before
