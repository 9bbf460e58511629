"""The links in letters: a label to print, a pickup to book. Whoever holds one needs no account."""

import asyncio
import re
from datetime import timedelta

import pytest

from backhaul.domain.shipping.model import Leg
from backhaul.domain.transfers.operations import cancel_transfer
from tests.dialects.mounting import mounted
from tests.domain.transfers.world import World


@pytest.fixture
async def world(db, clock, make, tmp_path):
    return World(db, clock, make, actor=await make.organization(), folder=tmp_path)


@pytest.fixture
async def app(database_url, world, clock, tmp_path):
    async with mounted(database_url, tmp_path / "data", clock=clock) as running:
        yield running


async def link(world, kind):
    """The path of the newest link of a kind in the mail folder."""
    mails = sorted((world.folder / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    text = "".join(path.read_text().replace("=\n", "") for path in mails)
    return re.findall(rf"/{kind}/[A-Za-z0-9_-]{{43}}", text)[-1]


async def waiting_for_pickup(world):
    """A transfer whose sender has the box and was sent a link to book a pickup."""
    transfer = await world.order(pickup_wish=True, ticket_reference="T-1 sim-device-kept")
    await world.live(days=4)
    return transfer, await link(world, "pickup")


async def test_a_waived_box_sends_a_link_that_prints_the_label(world, app):
    transfer = await world.order(is_box_waived=True, ticket_reference="T-1 sim-kept")
    answer = await app.request("GET", await link(world, "label"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["cache-control"] == "no-store"
    assert transfer.is_box_waived


async def test_a_label_link_dies_with_the_label_and_with_time(world, app, clock):
    transfer = await world.order(is_box_waived=True, ticket_reference="T-1 sim-kept")
    path = await link(world, "label")
    await cancel_transfer(world.db, actor=world.actor, transfer_id=transfer.id, reason=None, now=world.now)
    assert (await app.request("GET", path)).status_code == 404

    await world.order(is_box_waived=True, ticket_reference="T-2 sim-kept")
    path = await link(world, "label")
    assert (await app.request("GET", path)).status_code == 200
    clock.advance(timedelta(days=61))
    assert (await app.request("GET", path)).status_code == 404


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 5000, "%00", "..%2f..%2fetc"])
@pytest.mark.parametrize("kind", ["label", "pickup"])
async def test_a_made_up_link_leads_nowhere(app, kind, token):
    answer = await app.request("GET", f"/{kind}/{token}")
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


async def test_a_label_link_books_no_pickup(world, app):
    await world.order(is_box_waived=True, ticket_reference="T-1 sim-kept")
    token = (await link(world, "label")).rsplit("/", 1)[-1]
    assert (await app.request("GET", f"/pickup/{token}")).status_code == 404


async def test_the_pickup_page_offers_days_and_names_nobody(world, app):
    await waiting_for_pickup(world)
    page = await app.request("GET", await link(world, "pickup"))
    assert page.status_code == 200
    assert page.text.count('type="radio"') == 6  # Monday to Friday, and the Monday after
    assert "Christopher" not in page.text
    assert "Hidden Spring" not in page.text
    assert "<script" not in page.text
    assert "'unsafe-inline'" not in page.headers["content-security-policy"]


async def test_booking_asks_the_carrier_and_confirms_by_mail(world, app):
    transfer, path = await waiting_for_pickup(world)
    booked = await app.request("POST", path, data={"day": "2026-05-12", "instructions": "Ring <b>twice</b>"})
    assert (booked.status_code, booked.headers["location"]) == (303, path)
    await world.settle()
    page = await app.request("GET", path)
    assert "Tuesday, 12 May 2026" in page.text
    assert "Ring &lt;b&gt;twice&lt;/b&gt;" in page.text
    letters = [path.read_text() for path in (world.folder / "mail").glob("*.eml")]
    assert sum("Subject: Pickup booked for Tuesday, 12 May 2026" in letter for letter in letters) == 1
    assert transfer.pickup_wish is True


async def test_a_booked_pickup_can_be_cancelled_and_another_day_chosen(world, app):
    _, path = await waiting_for_pickup(world)
    await app.request("POST", path, data={"day": "2026-05-12"})
    assert (await app.request("POST", path, data={"cancel": "1"})).status_code == 303
    assert (await app.request("POST", path, data={"day": "2026-05-13"})).status_code == 303
    assert "Wednesday, 13 May 2026" in (await app.request("GET", path)).text


@pytest.mark.parametrize("day", ["2026-05-16", "2026-05-25", "2026-05-08", "2026-06-01", "soon", ""])
async def test_a_day_that_is_none_is_refused_with_the_days_that_are(world, app, day):
    _, path = await waiting_for_pickup(world)
    answer = await app.request("POST", path, data={"day": day})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "radio" in answer.text


async def test_two_bookings_at_once_book_one_pickup(world, app):
    _, path = await waiting_for_pickup(world)
    answers = await asyncio.gather(
        *(app.request("POST", path, data={"day": f"2026-05-{12 + n % 4}"}) for n in range(6))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422, 422, 422]


async def test_a_parcel_on_its_way_offers_no_pickup(world, app):
    transfer = await world.order(pickup_wish=True)
    await world.live(days=9)
    page = await app.request("GET", await link(world, "pickup"))
    assert "There is nothing left to do" in page.text
    assert "<form" not in page.text
    assert (await world.parcels(transfer))[Leg.DEVICE].shipped_at is not None
