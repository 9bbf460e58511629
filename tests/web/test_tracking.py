"""The public tracking page: movement of one parcel, to anybody with its number, and nothing about people."""

import json
from html.parser import HTMLParser
from urllib.parse import quote

import asyncpg
import pytest

from backhaul.domain.shipping.model import Tracking
from backhaul.domain.shipping.operations.tracking import record_scan
from backhaul.kernel.clock import SteppedClock
from backhaul.settings import ShippingSettings, TransferSettings
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database
from tests.conftest import NOON
from tests.dialects.databases import shared_database
from tests.dialects.mounting import mounted, small
from tests.dialects.working import DAY_SECONDS, Worker
from tests.making import HOME, OFFICE, Make

SAFE = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


PARCELS_OF = "SELECT * FROM shipments WHERE subject_id = $1"


class Page(HTMLParser):
    """What a browser makes of the page: its texts, its elements and where it leads."""

    def __init__(self, html):
        super().__init__()
        self.texts, self.elements, self.links = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src", "action"}]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]

    def handle_data(self, data):
        if data.strip():
            self.texts.append(data.strip())


class Tracked:
    """Two transfers whose boxes have arrived, one of them for tests that change something, and a new one."""

    def __init__(self, app, *, db, owner, clock, actor, legs):
        self.app, self.db, self.owner, self.clock, self.actor = app, db, owner, clock, actor
        self.parcels, self.changing, self.new = legs


@pytest.fixture(scope="module")
async def tracked(cluster, template, tmp_path_factory):
    clock, data_dir = SteppedClock(NOON), tmp_path_factory.mktemp("tracking")
    async with shared_database(cluster, template, "tracking") as url:
        settings = small(
            url,
            shipping=ShippingSettings(day_seconds=DAY_SECONDS),
            transfers=TransferSettings(day_seconds=DAY_SECONDS),
        )
        urls = DatabaseUrls.single(url)
        db = await Database.open(urls, Session(app_connections=2, lookup_connections=1, worker_connections=4))
        owner = await asyncpg.connect(url)
        make, worker = Make(db, clock), Worker(db, clock=clock, settings=settings, data_dir=data_dir)

        async def arrived():
            return await owner.fetchval("SELECT count(*) FROM shipments WHERE status = 'delivered'") == 2

        try:
            actor = await make.organization()
            ids = [
                (await make.transfer(actor, ticket_reference="TICKET-4711 sim-device-kept")).id
                for _ in range(2)
            ]
            await worker.live_until(arrived)
            ids.append((await make.transfer(actor)).id)
            await worker.settle()  # labels and nothing more: no time passes
            legs = [
                {row["leg"]: row for row in await owner.fetch(PARCELS_OF, transfer_id)} for transfer_id in ids
            ]
            async with mounted(url, data_dir, clock=clock, settings=settings) as app:
                yield Tracked(app, db=db, owner=owner, clock=clock, actor=actor, legs=legs)
        finally:
            await owner.close()
            await db.close()


@pytest.fixture
def parcels(tracked):
    """Leg → row of the two parcels of a transfer, once the box has arrived."""
    return tracked.parcels


async def look(app, number):
    answer = await app.request("GET", f"/track/{quote(number, safe='')}")
    return answer, Page(answer.text)


async def test_a_delivered_parcel_shows_its_whole_way_newest_first(tracked, parcels):
    box = parcels["box"]
    answer, page = await look(tracked.app, box["tracking_number"])
    assert answer.status_code == 200
    assert {name: answer.headers.get(name) for name in SAFE} == SAFE
    assert page.texts[:3] == [
        f"Parcel {box['tracking_number']}",
        "Delivered",
        f"USPS {box['tracking_number']}",
    ]
    assert "This parcel is simulated: nothing is really on its way." in page.texts
    times = [text for text in page.texts if text.endswith(" UTC")]
    assert len(times) == page.elements.count("li") >= 4
    assert page.elements.count("time") == len(times)
    assert page.links == ["/static/plain.css"]


async def test_a_parcel_nobody_scanned_yet_says_so(tracked):
    answer, page = await look(tracked.app, tracked.new["device"]["tracking_number"])
    assert answer.status_code == 200
    assert "The label was made. The carrier has not scanned the parcel yet." in page.texts


async def test_the_page_shows_no_people_and_no_places(tracked, parcels):
    private = {
        value
        for address in (HOME, OFFICE)
        for value in (address.name, address.attention, address.line_1, address.city, address.postal_code)
        if value
    }
    private |= {*HOME.notification_emails, *OFFICE.notification_emails, "TICKET-4711", "laptop"}
    for parcel in parcels.values():
        stored = json.loads(parcel["parcel"])
        private |= {
            str(stored["origin"]["line_1"]),
            str(stored["destination"]["line_1"]),
            stored["reference"],
        }
        private |= {str(parcel["id"]), str(parcel["org_id"]), str(parcel["subject_id"])}
    for parcel in parcels.values():
        answer, _ = await look(tracked.app, parcel["tracking_number"])
        assert [value for value in private if value in answer.text] == []


async def test_blanks_around_the_number_do_not_matter(tracked, parcels):
    answer, _ = await look(tracked.app, f" {parcels['box']['tracking_number']} ")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "number",
    ["1", "9400100000000000000000", "x" * 500, "\x00", "a\x00b", "\u202egnp.exe", "%", "' OR 1=1 --", "😀"],
)
async def test_an_unknown_number_is_404_in_the_same_safe_page(tracked, number):
    answer, page = await look(tracked.app, number)
    assert answer.status_code == 404
    assert {name: answer.headers.get(name) for name in SAFE} == SAFE
    assert "We do not know this parcel" in page.texts
    assert page.links == ["/static/plain.css"]


@pytest.mark.parametrize(
    "number", ["<script>alert(1)", '"><img src=x onerror=alert(1)>', "'><svg onload=alert(1)>", "{{7*7}}"]
)
async def test_a_number_is_shown_as_text_whatever_it_holds(empty_app, number):
    answer, page = await look(empty_app, number)
    assert answer.status_code == 404
    assert number in page.texts
    assert f"Parcel {number}" in page.texts
    assert set(page.elements) <= {"html", "head", "meta", "title", "link", "body", "main", "h1", "p"}


async def test_a_scan_is_shown_as_text_whatever_somebody_wrote(tracked):
    device = tracked.changing["device"]
    words = "<b onclick=alert(1)>Left & found</b>"
    now = tracked.clock.now()
    await record_scan(
        tracked.db,
        actor=tracked.actor,
        shipment_id=device["id"],
        status=Tracking.IN_TRANSIT,
        text=words,
        happened_at=now,
        now=now,
    )
    answer, page = await look(tracked.app, device["tracking_number"])
    assert answer.status_code == 200
    assert words in page.texts
    assert "b" not in page.elements


async def test_a_real_parcel_leads_to_its_carrier(tracked):
    box = tracked.changing["box"]
    await tracked.owner.execute("UPDATE shipments SET adapter = 'manual' WHERE id = $1", box["id"])
    _, page = await look(tracked.app, box["tracking_number"])
    assert "Follow it at USPS" in page.texts
    assert page.links == ["/static/plain.css", box["tracking_url"]]
    assert "This parcel is simulated: nothing is really on its way." not in page.texts


async def test_the_page_needs_no_script_and_its_style_is_served(empty_app):
    answer = await empty_app.request("GET", "/static/plain.css")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "max-age=3600"
    assert "url(" not in answer.text
    assert "@import" not in answer.text


async def test_no_page_allows_inline_code(empty_app):
    answer = await empty_app.request("GET", "/track/1")
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none';")
