"""The list of assets: filters in the URL, pages by cursor, several at once, and the export."""

import csv
import io
from html import escape

import pytest

from backhaul.domain.inventory import queries
from backhaul.domain.inventory.model import asset_number
from backhaul.domain.inventory.operations import add_asset
from tests.web.console.browse import Parsed
from tests.web.console.inventory.furnish import device


async def asset(console, serial, name="owner"):
    return await queries.get_asset(console.db, actor=console.actors[name], serial_number=serial)


async def public(console, serial, name="owner"):
    one = (await asset(console, serial, name)).asset
    return asset_number(one.number, one.created_at)


async def rows(browse, path, among):
    """The links of the list's rows, of those assets that a test is about."""
    page = await browse.page(path)
    links = [given["href"] for given in page.tags("a") if given.get("class") == "mono"]
    return [link for link in links if link in among]


def mine(answer):
    """The lines of an export that a test is about: others furnish their own devices."""
    lines = csv.DictReader(io.StringIO(answer.text))
    return [
        line
        for line in lines
        if line["serial_number"].startswith(("ours-LAPTOP", "ours-PHONE", "theirs-", "'"))
    ]


async def test_filters_narrow_the_list_and_stay_in_the_url(console, browse):
    ids = console.ids["ours"]
    both = [f"/assets/{ids['asset_in_stock']}", f"/assets/{ids['asset']}"]
    assert await rows(browse, "/assets", both) == both
    assert await rows(browse, "/assets?held=employee", both) == both[1:]
    assert await rows(browse, f"/assets?holder={ids['person']}", both) == both[1:]
    assert await rows(browse, "/assets?q=ours-ph", both) == both[:1]
    assert await rows(browse, "/assets?q=356938035643809", both) == both[:1]
    assert await rows(browse, "/assets?type=archived", both) == []
    assert await rows(browse, f"/assets?before={ids['asset_in_stock']}", both) == both[1:]
    # What means nothing asks for nothing.
    assert await rows(browse, "/assets?held=moon&status=x&before=-1&model=99999999999999999999", both) == both
    narrowed = await browse.page("/assets?held=employee&q=ours")
    chosen = [given["value"] for given in narrowed.tags("option") if "selected" in given]
    assert chosen == ["employee"]
    assert "/assets/export?held=employee&q=ours" in narrowed.links
    empty = await browse.page("/assets?q=nothing-like-this")
    assert "No device fits" in empty.texts


async def test_nothing_of_another_organization_is_listed_filtered_or_exported(console, browse):
    theirs = console.ids["theirs"]
    for path in (
        f"/assets?holder={theirs['person']}",
        "/assets?q=theirs",
        f"/assets?location={theirs['location']}",
    ):
        page = await browse.page(path)
        assert [given for given in page.tags("a") if given.get("class") == "mono"] == [], path
    answer = await browse.get("/assets/export?q=theirs")
    assert len(answer.text.splitlines()) == 1


async def test_ticked_assets_change_together_and_the_refused_are_named_with_their_reason(
    own_console, visitors
):
    browse = await visitors(own_console, "member")
    laptop, phone = await public(own_console, "ours-LAPTOP"), await public(own_console, "ours-PHONE")
    await browse.page("/assets")
    fields = {
        "ids": [laptop, phone],
        "do": "status",
        "status_name": "Retired",
        "back": "/assets?held=employee",
    }
    answer = await browse.post("/assets/change", fields)
    assert answer.status_code == 200
    assert "1 device has “Retired” now." in answer.text
    assert "1 device stayed as it was:" in answer.text
    assert "assigned to a user" in answer.text
    assert 'href="/assets?held=employee"' in answer.text
    assert (await asset(own_console, "ours-PHONE")).status.name == "Retired"
    assert (await asset(own_console, "ours-LAPTOP")).status.name == "In Use"
    # The same again changes nothing, and another page than ours is not led to.
    before = (await asset(own_console, "ours-PHONE")).asset
    again = await browse.post("/assets/change", {**fields, "back": "//evil.example"})
    assert "evil.example" not in again.text
    assert (await asset(own_console, "ours-PHONE")).asset == before
    answer = await browse.post("/assets/change", {"ids": [phone], "do": "location", "location_name": "Depot"})
    assert (await asset(own_console, "ours-PHONE")).location.name == "Depot"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"do": "status", "status_name": "Retired"}, "Tick at least one asset in the list first."),
        ({"do": "status", "ids": ["1"]}, "Choose a status first."),
        (
            {"do": "location", "ids": [str(n) for n in range(201)], "location_name": "D"},
            "201 assets are too many",
        ),
    ],
)
async def test_a_bulk_change_without_sense_is_refused_beside_its_field(console, browse, fields, said):
    await browse.page("/assets")
    answer = await browse.post("/assets/change", fields)
    assert answer.status_code == 422
    assert said in answer.text


async def test_a_refused_bulk_change_keeps_the_filter_and_what_was_ticked(console, browse):
    ids = console.ids["ours"]
    laptop = await public(console, "ours-LAPTOP")
    back = f"/assets?held=employee&q=ours&before={2**40}"
    assert f'name="back" value="{escape(back)}"' in (await browse.get(back)).text
    for path, fields in (("change", {"do": "status", "ids": [laptop]}), ("export", {})):
        answer = await browse.post(f"/assets/{path}", {**fields, "back": back})
        assert answer.status_code == 422
        page = Parsed(answer.text)
        listed = {given["href"] for given in page.tags("a") if given.get("class") == "mono"}
        assert f"/assets/{ids['asset']}" in listed
        assert f"/assets/{ids['asset_in_stock']}" not in listed
        chosen = [given["value"] for given in page.tags("option") if "selected" in given]
        assert chosen == ["employee"]
        assert "/assets/export?held=employee&q=ours" in page.links
        assert f'name="back" value="{escape(back)}"' in answer.text
    ticked = await browse.post("/assets/change", {"do": "status", "ids": [laptop], "back": back})
    boxes = [given for given in Parsed(ticked.text).tags("input") if given.get("name") == "ids"]
    assert [given["value"] for given in boxes if "checked" in given] == [laptop]
    elsewhere = await browse.post("/assets/change", {"do": "status", "back": "//evil.example/?held=employee"})
    assert (elsewhere.status_code, "evil.example" in elsewhere.text) == (422, False)
    assert 'name="back" value="/assets"' in elsewhere.text


async def test_another_organizations_assets_stay_as_they_are_in_a_bulk_change(own_console, visitors):
    browse = await visitors(own_console, "owner")
    theirs = await public(own_console, "theirs-PHONE", "stranger")
    before = await asset(own_console, "theirs-PHONE", "stranger")
    await browse.page("/assets")
    answer = await browse.post("/assets/change", {"ids": [theirs], "do": "status", "status_name": "Retired"})
    assert "Asset not found." in answer.text
    assert await asset(own_console, "theirs-PHONE", "stranger") == before


async def test_an_export_has_what_was_asked_for_and_no_formula(own_console, visitors):
    browse = await visitors(own_console, "owner")
    await add_asset(
        own_console.db,
        actor=own_console.actors["owner"],
        new=device("=cmd|'/c calc'!A1", tag="@SUM(A1)"),
        now=own_console.clock.now(),
    )
    answer = await browse.get("/assets/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="assets.csv"'
    lines = mine(answer)
    assert [line["serial_number"] for line in lines] == ["ours-LAPTOP", "ours-PHONE", "'=cmd|'/c calc'!A1"]
    assert lines[2]["asset_id"] == "'@SUM(A1)"
    answer = await browse.get("/assets/export?held=employee")
    assert [line["serial_number"] for line in mine(answer)] == ["ours-LAPTOP"]
    phone = await public(own_console, "ours-PHONE")
    await browse.page("/assets")
    answer = await browse.post("/assets/export", {"ids": [phone]})
    assert [line["serial_number"] for line in mine(answer)] == ["ours-PHONE"]
    assert (await browse.post("/assets/export", {})).status_code == 422


async def test_whoever_may_only_look_changes_nothing_together(own_console, visitors):
    viewer = await visitors(own_console, "viewer")
    phone = await public(own_console, "ours-PHONE")
    answer = await viewer.post("/assets/change", {"ids": [phone], "do": "status", "status_name": "Retired"})
    assert answer.status_code == 403
    assert (await asset(own_console, "ours-PHONE")).status.name == "Available"


async def test_what_was_ticked_and_typed_stays_when_a_change_is_refused(console, browse):
    phone = await public(console, "ours-PHONE")
    await browse.page("/assets")
    fields = {"ids": [phone], "do": "status", "status_name": "", "location_name": "Bench 7"}
    answer = await browse.post("/assets/change", fields)
    assert answer.status_code == 422
    page = Parsed(answer.text)
    ticked = [
        given["value"] for given in page.tags("input") if given.get("name") == "ids" and "checked" in given
    ]
    assert ticked == [phone]
    assert "Bench 7" in [given.get("value") for given in page.tags("input")]
