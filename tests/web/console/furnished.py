"""An installation with two furnished organizations, and members of every role who can sign in."""

import contextlib
import copy
import shutil

import asyncpg

from backhaul.domain.identity import (
    OPERATOR_ORG_ID,
    Plan,
    Role,
    find_organization,
    set_password,
    system_actor,
)
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database
from tests.dialects.installation import PASSWORD, Installation
from tests.dialects.mounting import mounted
from tests.web.console.browse import Browse
from tests.web.console.campaigns.furnish import furnish as furnish_campaigns
from tests.web.console.inventory.furnish import furnish as furnish_inventory
from tests.web.console.money.furnish import furnish as furnish_money
from tests.web.console.settings.furnish import furnish as furnish_settings
from tests.web.console.transfers.furnish import furnish as furnish_transfers
from tests.web.console.warehouse.furnish import furnish as furnish_warehouse

KNOWN = ("keys", "ids", "actors", "organizations", "emails")  # of an installation, besides its rows and files


class Console(Installation):
    """Organizations `ours`, `theirs` and `free`; `ids` names what pages are about, by organization and kind."""

    def __init__(self, *given):
        super().__init__(*given)
        self.emails = {}
        self.log = None
        self._kept = {}
        self.stack = contextlib.AsyncExitStack()

    async def somebody(self, name, organization, *, role=Role.OWNER):
        """A member who can sign in, under a name."""
        email = f"{name}@console.example"
        self.actors[name] = await self.person(organization, email, role=role)
        await set_password(
            self.db,
            actor=system_actor(OPERATOR_ORG_ID),
            user_id=self.actors[name].user_id,
            password=PASSWORD,
            now=self.clock.now(),
        )
        self.emails[name] = email
        return self.actors[name]

    async def kept(self, name):
        """A browser that stays signed in for every test that only looks: signing in takes a while."""
        if name not in self._kept:
            client = await self.stack.enter_async_context(self.app.client(self.address()))
            self._kept[name] = await Browse(client, self.log).sign_in(self.emails[name])
        return self._kept[name]

    async def populate(self):
        """Two customers who must not see each other, one on the free plan, and the operator."""
        ours = await self.organization("Maas Biolabs")
        theirs = await self.organization("Tessier-Ashpool", plan=Plan.CUSTOM)
        free = await self.organization("Sense Net", plan=Plan.FREE)
        self.organizations = {"ours": ours, "theirs": theirs, "free": free}
        await self.somebody("owner", ours)
        await self.somebody("admin", ours, role=Role.ADMIN)
        await self.somebody("member", ours, role=Role.MEMBER)
        await self.somebody("viewer", ours, role=Role.VIEWER)
        await self.somebody("stranger", theirs)
        await self.somebody("free", free)
        operators = await find_organization(self.db, name="operator")
        await self.somebody("operator", operators, role=Role.OPERATOR)
        return self

    async def furnish(self):
        """Everything that pages are about, in both organizations."""
        for whose, name in (("ours", "owner"), ("theirs", "stranger")):
            key = await self.key(name, self.organizations[whose], self.actors[name])
            self.ids[whose] = {"key": str(key.id)}
            self.ids[whose] |= await furnish_inventory(self, whose, name)
            self.ids[whose] |= await furnish_transfers(self, whose)
            self.ids[whose] |= await furnish_campaigns(self, whose)
            self.ids[whose] |= await furnish_money(self, name)
            self.ids[whose] |= await furnish_settings(self, whose, name)
            self.ids[whose] |= await furnish_warehouse(self, whose, name)
        return self


class Furniture:
    """What is in a furnished installation, for others that begin as copies of its database and its folder."""

    def __init__(self, console, template):
        self.template, self.folder, self.at = template, console.app.place.data_dir, console.clock.now()
        self._known = {name: getattr(console, name) for name in KNOWN}

    def described_to(self, console):
        vars(console).update(copy.deepcopy(self._known))
        return console


@contextlib.asynccontextmanager
async def furnished(database_url, data_dir, *, clock, is_bare=False, furniture=None, **options):
    """A console with its people and, unless it is bare, everything pages are about, on a migrated database.

    With furniture the database is a copy of its template.
    """
    urls = DatabaseUrls.single(database_url)
    if furniture is not None:
        assert clock.now() == furniture.at
        shutil.copytree(furniture.folder, data_dir, dirs_exist_ok=True)
    db = await Database.open(urls, Session(app_connections=4, lookup_connections=1, worker_connections=4))
    owner = await asyncpg.connect(database_url)
    try:
        async with mounted(database_url, data_dir, clock=clock, **options) as app:
            console = Console(app, db, owner, clock, database_url)
            async with console.stack:
                if furniture is not None:
                    yield furniture.described_to(console)
                else:
                    await console.populate()
                    yield console if is_bare else await console.furnish()
    finally:
        await owner.close()
        await db.close()
