"""A person in a campaign, and their link."""

import pytest
from tests.domain.recovery.desk import TABLES

from backhaul.domain import recovery
from backhaul.domain.directory import PostalAddress
from backhaul.domain.recovery import Shipping, person
from backhaul.domain.recovery.person import Pages

PAGES = Pages(person_page="https://backhaul.example/return/")
HOME = PostalAddress(
    line_1="404 Hidden Spring Lane", city="Pittsburgh", state="PA", postal_code="15238", country_code="US"
)
SAID = ("recovery_links", "recovery_confirmations", "recovery_claims", "recovery_signatures")


class Somebody:
    """Somebody with a link."""

    def __init__(self, desk, case, token):
        self.desk, self.case, self.token = desk, case, token

    async def linked(self):
        return await person.follow(self.desk.db, token=self.token, now=self.desk.now)

    async def does(self, verb, **values):
        linked = await self.linked()
        return await verb(self.desk.db, linked=linked, now=self.desk.now, **values)

    async def confirms(self, address=HOME, *, is_certain=False):
        return await self.does(person.correct_address, address=address, is_certain=is_certain)

    async def looks(self):
        return await self.does(person.look)

    async def now(self):
        found = await recovery.get_case(self.desk.db, actor=self.desk.actor, ref=self.case.public_number)
        return found.detail

    async def past(self):
        """What history says was done by the link."""
        lines = await self.desk.world.changes("recovery_case", self.case.id)
        return [line["action"] for line in lines if line["actor_kind"] == "link"]


async def token_for(desk, case):
    async with desk.db.transaction(desk.world.scope) as tx:
        url = await person.page_url(tx, case=case, at=desk.now, pages=PAGES)
    return url.removeprefix(PAGES.person_page)


@pytest.fixture(autouse=True)
def _traces(monkeypatch):
    """A refused call leaves what people said alone, too."""
    monkeypatch.setattr("tests.domain.recovery.desk.TABLES", (*TABLES, *SAID))


@pytest.fixture
def somebody(desk):
    async def somebody(*items, shipping=Shipping.ASK, settled=True, **changes):
        case = await desk.add(*items, shipping=shipping, **changes)
        if settled:
            await desk.world.settle()
        return Somebody(desk, case, await token_for(desk, case))

    return somebody
