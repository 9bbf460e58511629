"""A person with a link to their page, and the application that shows it."""

import re
from html.parser import HTMLParser

import pytest

from backhaul.domain import recovery
from backhaul.domain.recovery import Shipping, person
from backhaul.domain.recovery.person import Pages
from tests.dialects.mounting import mounted, small
from tests.domain.recovery.desk import Desk
from tests.domain.transfers.ground import ground, opened, sweep, world

__all__ = ["ground", "opened", "sweep", "world"]


class Parsed(HTMLParser):
    """What a browser makes of the page: its texts, its elements, and the ids that are there."""

    def __init__(self, html):
        super().__init__()
        self.texts, self.elements, self.ids, self.links, self.described = [], [], [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given[name] for name in ("href", "src", "action") if name in given]
        self.described += (given.get("aria-describedby") or "").split()
        self.described += (given.get("aria-labelledby") or "").split()
        assert not [name for name in given if name.startswith("on") or name == "style"]

    def handle_data(self, data):
        if data.strip():
            self.texts.append(" ".join(data.split()))


class Visitor:
    """Somebody with a link, and what they do on their page."""

    def __init__(self, desk, app, case, url):
        self.desk, self.app, self.case = desk, app, case
        self.world = desk.world
        self.path = "/" + url.split("/", 3)[3]
        self.token = self.path.rsplit("/", 1)[1]

    async def get(self, below="", **options):
        return await self.app.request("GET", self.path + below, **options)

    async def look(self):
        answer = await self.get()
        assert answer.status_code == 200, answer.text
        return Parsed(answer.text)

    async def post(self, step, **fields):
        return await self.app.request("POST", f"{self.path}/{step}", data=fields)

    async def does(self, step, **fields):
        answer = await self.post(step, **fields)
        assert answer.status_code == 303, answer.text
        assert answer.headers["location"] == f"{self.path}?done={step}#done"
        await self.world.settle()

    async def confirms(self, **changes):
        await self.does("address", **{**ADDRESS, **changes})

    async def case_now(self):
        found = await recovery.get_case(self.desk.db, actor=self.desk.actor, ref=self.case.public_number)
        return found.detail

    async def hash_shown(self):
        return re.search(r'name="text_sha256" value="([0-9a-f]{64})"', (await self.get()).text)[1]


ADDRESS = {
    "line_1": "404 Hidden Spring Lane",
    "line_2": "",
    "city": "Pittsburgh",
    "state": "PA",
    "postal_code": "15238",
    "country_code": "US",
}
PAGES = Pages(person_page="http://backhaul.test/return/")


async def link_to(desk, case, pages=PAGES):
    async with desk.db.transaction(desk.world.scope) as tx:
        return await person.page_url(tx, case=case, at=desk.now, pages=pages)


@pytest.fixture
def database_url(world):
    """The world's database, swept before each test."""
    return world.url


@pytest.fixture
async def desk(world):
    """An organization with a campaign."""
    return await Desk(world).furnished()


@pytest.fixture
async def app(database_url, desk, clock, tmp_path):
    async with mounted(database_url, tmp_path / "data", clock=clock, settings=small(database_url)) as running:
        yield running


@pytest.fixture
def invite(desk, app):
    """Add somebody to the campaign, and give them a link."""

    async def invite(*items, shipping=Shipping.ASK, **changes):
        case = await desk.add(*items, shipping=shipping, **changes)
        await desk.world.settle()
        return Visitor(desk, app, case, await link_to(desk, case))

    return invite
