"""One asset: its sheet, its forms, and how it changes hands."""

import pytest

from backhaul.domain.holds import place_hold
from backhaul.domain.holds.model import NewSubject, SubjectKind
from tests.web.console.inventory.test_listing import asset

FORM = {
    "serial_number": "NEW-1",
    "product_type": "Laptop",
    "product_name": "Book 14",
    "manufacturer": "Apple",
    "status_name": "Available",
    "purchase_cost_minor": "1,299.00",
    "purchased_on": "2026-01-31",
    "warranty_starts_on": "2026-01-31",
    "warranty_ends_on": "2029-01-31",
}


@pytest.fixture
def sheet(own_console):
    return f"/assets/{own_console.ids['ours']['asset']}"


async def test_the_sheet_says_where_it_is_and_what_happened(console, browse):
    page = await browse.page(f"/assets/{console.ids['ours']['asset']}")
    for text in ("ours-LAPTOP", "Ada Lovelace", "In Use", "Added to the inventory", "Owner"):
        assert any(text.lower() in one.lower() for one in page.texts), text
    assert f"/people/{console.ids['ours']['person']}" in page.links
    assert "/transfers/new?person=ada%40ours.example&device=ours-LAPTOP" in page.links


async def test_one_form_hands_it_to_another_person_then_into_stock(own_console, visitors, sheet):
    browse = await visitors(own_console, "member")
    await browse.page(sheet)
    where = await browse.does(
        f"{sheet}/hand-over",
        {"to": "person", "email": "bob@ours.example", "version": "1", "note": "Ada has a new one"},
    )
    page = await browse.page(where)
    assert "The asset is handed over." in page.texts
    for text in ("Assigned to Bob Adams", "Taken back from Ada Lovelace", "Ada has a new one"):
        assert text in page.texts
    assert any("Bob Adams" in text for text in page.texts)
    # Sent twice, or from a page that is old by now, it is done once.
    answer = await browse.post(
        f"{sheet}/hand-over", {"to": "person", "email": "ada@ours.example", "version": "1"}
    )
    assert answer.status_code == 409
    assert "was changed meanwhile" in answer.text
    assert (await asset(own_console, "ours-LAPTOP")).holder.email == "bob@ours.example"
    await browse.page(sheet)
    where = await browse.does(f"{sheet}/hand-over", {"to": "stock", "status_name": "Ready to Deploy"})
    assert "notice=assets.in_stock&about=" in where
    found = await asset(own_console, "ours-LAPTOP")
    assert (found.holder, found.status.name) == (None, "Ready to Deploy")


@pytest.mark.parametrize(
    ("fields", "said", "status"),
    [
        ({"to": "person", "email": ""}, "Say who gets it, or choose the stock.", 422),
        ({"to": "person", "email": "nobody@x.example"}, "Must be the e-mail address of an employee", 422),
        ({"to": "person", "email": "ada@ours.example"}, "already assigned", 409),
        ({"to": "person", "email": "ada@theirs.example"}, "Must be the e-mail address of an employee", 422),
        ({"to": "stock", "status_name": "In Use"}, "Must be a status that is not of type deployed", 422),
    ],
)
async def test_a_refused_hand_over_shows_why_keeps_what_was_typed_and_changes_nothing(
    console, visitors, fields, said, status
):
    browse = await visitors(console, "owner")
    path = f"/assets/{console.ids['ours']['asset']}"
    await browse.page(path)
    before = await asset(console, "ours-LAPTOP")
    answer = await browse.post(f"{path}/hand-over", {**fields, "note": "Kept note"})
    assert answer.status_code == status
    assert said in answer.text
    assert 'value="Kept note"' in answer.text
    assert await asset(console, "ours-LAPTOP") == before


@pytest.mark.parametrize("action", ["hand-over", "retire", "edit"])
async def test_no_action_reaches_another_organizations_asset_or_is_open_to_a_viewer(
    console, visitors, action
):
    owner, viewer = await visitors(console, "owner"), await visitors(console, "viewer")
    theirs = f"/assets/{console.ids['theirs']['asset_in_stock']}/{action}"
    fields = {"to": "person", "email": "ada@ours.example", "status_name": "Retired", **FORM}
    before = await asset(console, "theirs-PHONE", "stranger")
    assert (await owner.post(theirs, fields)).status_code == 404
    assert (await owner.post(f"/assets/x/{action}", fields)).status_code == 404
    assert await asset(console, "theirs-PHONE", "stranger") == before
    ours = f"/assets/{console.ids['ours']['asset_in_stock']}/{action}"
    mine = await asset(console, "ours-PHONE")
    assert (await viewer.post(ours, fields)).status_code == 403
    assert await asset(console, "ours-PHONE") == mine


async def test_archiving_respects_holder_and_legal_hold(own_console, visitors, sheet):
    browse = await visitors(own_console, "owner")
    stock = f"/assets/{own_console.ids['ours']['asset_in_stock']}"
    assert f"{stock}/retire" in (await browse.page(stock)).posts
    assert f"{sheet}/retire" not in (await browse.page(sheet)).posts
    answer = await browse.post(f"{sheet}/retire", {"status_name": "Retired"})
    assert answer.status_code == 409
    assert (await browse.post(f"{stock}/retire", {"status_name": "Available"})).status_code == 422
    await place_hold(
        own_console.db,
        actor=own_console.actors["owner"],
        summary="Case 7",
        description="Asked for by a court.",
        subjects=[NewSubject(kind=SubjectKind.ASSET, name="ours-PHONE")],
        now=own_console.clock.now(),
    )
    page = await browse.page(stock)
    assert f"{stock}/retire" not in page.posts
    assert "Legal hold" in page.texts
    before = await asset(own_console, "ours-PHONE")
    answer = await browse.post(f"{stock}/retire", {"status_name": "Retired"})
    assert answer.status_code == 409
    assert await asset(own_console, "ours-PHONE") == before


async def test_an_asset_is_archived(own_console, visitors):
    browse = await visitors(own_console, "owner")
    stock = f"/assets/{own_console.ids['ours']['asset_in_stock']}"
    await browse.page(stock)
    await browse.does(f"{stock}/retire", {"status_name": "Retired"})
    assert (await asset(own_console, "ours-PHONE")).status.name == "Retired"


async def test_an_asset_is_added_and_changed_and_history_has_both_values(own_console, visitors):
    browse = await visitors(own_console, "owner")
    await browse.page("/assets/new?serial=NEW-1")
    where = (await browse.does("/assets/new", FORM)).partition("?")[0]
    found = await asset(own_console, "NEW-1")
    assert (found.asset.purchase_cost_minor, found.asset.purchase_currency) == (129_900, "USD")
    assert str(found.asset.warranty_ends_on) == "2029-01-31"
    form = await browse.page(f"{where}/edit")
    kept = {given["name"]: given["value"] for given in form.tags("input") if given.get("value")}
    assert (kept["purchase_cost_minor"], kept["product_name"]) == ("1299.00", "Book 14")
    await browse.does(f"{where}/edit", {**FORM, "location_name": "Attic", "purchase_cost_minor": ""})
    found = await asset(own_console, "NEW-1")
    assert (found.location.name, found.asset.purchase_cost_minor) == ("Attic", None)
    page = await browse.page(where)
    for text in ("Location:", "Attic", "1,299.00"):
        assert text in page.texts
    before = await asset(own_console, "NEW-1")
    await browse.does(f"{where}/edit", {**FORM, "location_name": "Attic", "purchase_cost_minor": ""})
    assert await asset(own_console, "NEW-1") == before


async def test_a_new_asset_with_bad_values_is_shown_again_with_each_problem_at_its_field(console, browse):
    await browse.page("/assets/new")
    bad = {**FORM, "serial_number": "", "purchased_on": "soon", "tag": "Kept & <b>"}
    answer = await browse.post("/assets/new", bad)
    assert answer.status_code == 422
    assert 'id="purchased_on-problem">Must be a day such as 2026-05-04.' in answer.text
    assert 'value="Kept &amp; &lt;b&gt;"' in answer.text
    answer = await browse.post("/assets/new", {**bad, "purchased_on": "", "purchase_cost_minor": "1.2345"})
    assert 'id="purchase_cost_minor-problem">Must be an amount such as 250.00.' in answer.text
    answer = await browse.post("/assets/new", {**FORM, "serial_number": "ours-laptop"})
    assert (answer.status_code, "exists already" in answer.text) == (409, True)
