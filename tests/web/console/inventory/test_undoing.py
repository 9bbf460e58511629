"""Taking back what was just done with one asset, as long as nobody has changed it since."""

import pytest

from backhaul.domain.inventory.model import AssetPatch
from backhaul.domain.inventory.operations import change_asset
from tests.web.console.inventory.test_listing import asset

TRACED = ("assets", "history", "outbox", "custody_events")


def undo_of(page):
    return [action for action in page.posts if action.endswith("/undo")]


@pytest.fixture
def laptop(own_console):
    return f"/assets/{own_console.ids['ours']['asset']}"


@pytest.fixture
def phone(own_console):
    return f"/assets/{own_console.ids['ours']['asset_in_stock']}"


async def test_archiving_is_undone_with_the_status_it_had(own_console, visitors, phone):
    browse = await visitors(own_console, "member")
    await browse.page(phone)
    page = await browse.page(await browse.does(f"{phone}/retire", {"status_name": "Retired"}))
    (action,) = undo_of(page)
    back = await browse.page(await browse.does(action))
    assert "The asset is back as it was. Its history keeps both." in back.texts
    assert (await asset(own_console, "ours-PHONE")).status.name == "Available"
    assert undo_of(back) == []


async def test_a_device_goes_back_to_whoever_had_it(own_console, visitors, laptop):
    browse = await visitors(own_console, "member")
    await browse.page(laptop)
    where = await browse.does(f"{laptop}/hand-over", {"to": "person", "email": "bob@ours.example"})
    (action,) = undo_of(await browse.page(where))
    await browse.does(action)
    assert (await asset(own_console, "ours-LAPTOP")).holder.email == "ada@ours.example"
    where = await browse.does(f"{laptop}/hand-over", {"to": "stock"})
    (action,) = undo_of(await browse.page(where))
    page = await browse.page(await browse.does(action))
    assert (await asset(own_console, "ours-LAPTOP")).holder.email == "ada@ours.example"
    assert "Taken back right after the hand-over." in page.texts


async def test_a_device_goes_back_into_stock_with_its_status(own_console, visitors, phone):
    browse = await visitors(own_console, "member")
    await browse.page(phone)
    where = await browse.does(f"{phone}/hand-over", {"to": "person", "email": "bob@ours.example"})
    (action,) = undo_of(await browse.page(where))
    await browse.does(action)
    found = await asset(own_console, "ours-PHONE")
    assert (found.holder, found.status.name) == (None, "Available")


async def test_nobody_gets_back_a_device_that_may_not_be_given_out(own_console, visitors, laptop):
    browse = await visitors(own_console, "member")
    await browse.page(laptop)
    where = await browse.does(f"{laptop}/hand-over", {"to": "stock", "status_name": "Retired"})
    assert undo_of(await browse.page(where)) == []


async def test_what_moved_on_since_is_refused_by_name(own_console, visitors, phone):
    browse = await visitors(own_console, "member")
    await browse.page(phone)
    page = await browse.page(await browse.does(f"{phone}/retire", {"status_name": "Retired"}))
    (action,) = undo_of(page)
    patch = AssetPatch(tag="SEEN")
    owner, now = own_console.actors["owner"], own_console.clock.now()
    await change_asset(own_console.db, actor=owner, asset="ours-PHONE", patch=patch, now=now)
    before = await own_console.traces(TRACED)
    refused = await browse.post(action)
    assert (refused.status_code, "Asset ours-PHONE was changed meanwhile." in refused.text) == (409, True)
    assert "ours-PHONE" in refused.text
    assert await own_console.traces(TRACED) == before


async def test_an_address_that_somebody_made_up_offers_no_undo(own_console, visitors, phone):
    browse = await visitors(own_console, "member")
    await browse.page(phone)
    where = await browse.does(f"{phone}/retire", {"status_name": "Retired"})
    for forged in (
        where.replace("seal=", "seal=x"),
        where.partition("&seal=")[0],
        where.replace("-status-", "-stock-"),
    ):
        page = await browse.page(forged)
        assert any(text.startswith("The asset is archived.") for text in page.texts), forged
        assert undo_of(page) == [], forged
    # The seal is of one session: it means nothing to somebody else.
    other = await visitors(own_console, "owner")
    assert undo_of(await other.page(where)) == []


@pytest.mark.parametrize("what", ["1-status-1", "1-stock-1", "1-person-1"])
async def test_nothing_of_another_organization_is_put_back(console, visitors, what):
    browse = await visitors(console, "owner")
    await browse.page("/assets")
    before = await console.traces(TRACED)
    theirs = console.ids["theirs"]["asset_in_stock"]
    assert (await browse.post(f"/assets/{theirs}-{what}/undo")).status_code == 404
    assert (await browse.post(f"/assets/{theirs}/undo")).status_code == 404
    assert await console.traces(TRACED) == before


async def test_the_documents_of_a_sanitised_device_link_its_certificate(console, browse):
    number = console.ids["ours"]["return"]
    sheet = await console.owner.fetchval(
        "SELECT a.number FROM assets AS a JOIN sanitisations AS z ON z.org_id = a.org_id AND z.asset_id = a.id "
        "WHERE z.serial_number = 'ours-SENTBACK' LIMIT 1"
    )
    certificate = f"/returns/{number}/certificate?serial=ours-SENTBACK"
    page = await browse.page(f"/assets/{sheet}")
    assert page.links.count(certificate) == 1
    assert (await browse.get(certificate)).headers["content-type"] == "application/pdf"
