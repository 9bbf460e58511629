"""An installation with customers: who may call it, and a look behind it."""

import contextlib
import itertools
from datetime import timedelta

import asyncpg

from backhaul.domain.identity import (
    OPERATOR_ORG_ID,
    Plan,
    Right,
    Role,
    add_member,
    create_organization,
    create_user,
    disable_user,
    operator_actor,
    revoke_api_key,
    set_password,
    system_actor,
)
from backhaul.domain.identity.clients import SCOPES, add_client, find_known_client, issue_own_token
from backhaul.domain.identity.model import Actor, rights_of
from backhaul.domain.identity.operations.keys import create_api_key
from backhaul.storage.author import Author
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database
from tests.dialects.mounting import mounted
from tests.making import Make

OURS, ELSEWHERE = "203.0.113.0/24", "198.51.100.7"
REDIRECT = "https://program.example/callback"
PASSWORD = "correct horse battery staple"
COLUMNS = {"jobs.pgqueuer": "jobs"}
TRACED = ("transfers", "history", "outbox", "idempotency_keys", "jobs.pgqueuer")


class Installation:
    """A running application, who may call it, and a look behind it as the tables' owner."""

    def __init__(self, app, db, owner, clock, database_url):
        self.app, self.db, self.owner, self.clock = app, db, owner, clock
        self.database_url = database_url
        self.make = Make(db, clock)
        self.keys = {}
        self.tokens = {}
        self.client_tokens = {}
        self.ids = {}
        self.actors = {}
        self.organizations = {}
        self._addresses = itertools.count(1)

    def address(self):
        """An address nobody called from yet: failures are counted by it."""
        n = next(self._addresses)
        return f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}"

    async def call(self, method, path, *, key="owner", headers=None, address=None, **options):
        """One request with the credentials of a named caller; None sends none."""
        given = {} if key is None else {"authorization": f"Token {self.keys[key]}"}
        address = address or self.address()
        return await self.app.request(
            method, path, headers={**given, **(headers or {})}, address=address, **options
        )

    async def token(self, name):
        """An access token of a named caller, who gets a password the first time."""
        if name not in self.tokens:
            actor, now = self.actors[name], self.clock.now()
            operator = system_actor(OPERATOR_ORG_ID)
            await set_password(self.db, actor=operator, user_id=actor.user_id, password=PASSWORD, now=now)
            self.tokens[name] = await self.app.litestar.state.serving.authenticator.sign_in(
                email=actor.user_email, password=PASSWORD, remote_address=self.address()
            )
        return self.tokens[name]

    async def call_as(self, name, method, path, *, headers=None, address=None, **options):
        """One request with the access token of a named caller; None sends none."""
        given = {} if name is None else {"authorization": f"Bearer {await self.token(name)}"}
        address = address or self.address()
        return await self.app.request(
            method, path, headers={**given, **(headers or {})}, address=address, **options
        )

    async def client_token(self, name):
        """An access token of a client that belongs to a named caller, with every scope there is."""
        if name not in self.client_tokens:
            actor, now = self.actors[name], self.clock.now()
            organization = next(o for o in self.organizations.values() if o.id == actor.org_id)
            client, _ = await add_client(
                self.db,
                actor=operator_actor(organization),
                user_id=actor.user_id,
                name=f"Program of {name}",
                scopes=list(SCOPES),
                redirect_uris=[REDIRECT],
                most=50,
                now=now,
            )
            self.ids[f"client of {name}"] = client.client_id
            known = await find_known_client(self.db, client_id=client.client_id)
            bearers = self.app.litestar.state.serving.authenticator.clients
            issued = await issue_own_token(self.db, bearers=bearers, client=known, scope=None, now=now)
            self.client_tokens[name] = issued.access_token
        return self.client_tokens[name]

    async def call_by_client(self, name, method, path, *, headers=None, address=None, **options):
        """One request with the token of a named caller's client; None sends none."""
        given = {} if name is None else {"authorization": f"Bearer {await self.client_token(name)}"}
        address = address or self.address()
        return await self.app.request(
            method, path, headers={**given, **(headers or {})}, address=address, **options
        )

    async def traces(self, tables=TRACED):
        """How many rows a call could have left."""
        counts = ", ".join(
            f"(SELECT count(*) FROM {table}) AS {COLUMNS.get(table, table)}" for table in tables
        )
        return dict(await self.owner.fetchrow(f"SELECT {counts}"))

    async def organization(self, name, *, plan=Plan.ENTERPRISE):
        operator = system_actor(OPERATOR_ORG_ID)
        now = self.clock.now()
        return await create_organization(self.db, actor=operator, name=name, plan=plan, now=now)

    async def person(self, organization, email, *, role=Role.OWNER):
        """A new member of an organization, as a caller."""
        operator, now = system_actor(OPERATOR_ORG_ID), self.clock.now()
        user = await create_user(self.db, actor=operator, email=email, name=email, now=now)
        await add_member(self.db, actor=operator_actor(organization), user_id=user.id, role=role, now=now)
        return Actor(
            org_id=organization.id,
            plan=organization.plan,
            user_id=user.id,
            user_email=user.email,
            rights=rights_of(role, ()),
            author=Author(kind="user", id=user.id),
        )

    async def key(self, name, organization, user, *, now=None, **options):
        """Give a user a key under a name that cases call it by."""
        made, secret = await create_api_key(
            self.db,
            actor=operator_actor(organization),
            user_id=user.user_id,
            name=name,
            now=now or self.clock.now(),
            **options,
        )
        self.keys[name] = secret
        return made

    async def populate(self):
        """Two customers who must not see each other, and every kind of key."""
        ours = await self.organization("Maas Biolabs")
        hr = await self.person(ours, "hr@example.com")
        colleague = await self.person(ours, "colleague@example.com", role=Role.MEMBER)
        viewer = await self.person(ours, "viewer@example.com", role=Role.VIEWER)
        former = await self.person(ours, "former@example.com")
        await self.key("owner", ours, hr)
        await self.key("second", ours, hr)
        await self.key("colleague", ours, colleague)
        await self.key("viewer", ours, viewer)
        await self.key("reader", ours, hr, scopes=[Right.TRANSFERS_READ])
        await self.key("writer", ours, hr, scopes=[Right.TRANSFERS_WRITE])
        await self.key("elsewhere", ours, hr, allowed_networks=[OURS])
        await self.key("disabled", ours, former)
        long_ago = self.clock.now() - timedelta(days=2)
        await self.key("expired", ours, hr, now=long_ago, expires_at=long_ago + timedelta(days=1))
        revoked = await self.key("revoked", ours, hr)
        operator = operator_actor(ours)
        await revoke_api_key(self.db, actor=operator, key_id=revoked.id, now=self.clock.now())
        await disable_user(
            self.db, actor=system_actor(OPERATOR_ORG_ID), user_id=former.user_id, now=self.clock.now()
        )
        theirs = await self.organization("Tessier-Ashpool", plan=Plan.CUSTOM)
        stranger = await self.person(theirs, "stranger@example.net")
        await self.key("stranger", theirs, stranger)
        free = await self.organization("Sense Net", plan=Plan.FREE)
        await self.key("free", free, await self.person(free, "free@example.org"))
        self.keys["unknown"] = "bh_00000000_" + "A" * 43
        self.keys["placeholder"] = "YOUR-API-KEY-HERE"
        self.actors = {"owner": hr, "colleague": colleague, "viewer": viewer, "stranger": stranger}
        self.organizations = {"ours": ours, "theirs": theirs, "free": free}
        self.ids["own"] = str((await self.make.transfer(hr)).id)
        self.ids["theirs"] = str((await self.make.transfer(stranger)).id)
        return self


@contextlib.asynccontextmanager
async def installed(database_url, data_dir, *, clock, **options):
    """An installation with its customers, on a migrated database."""
    urls = DatabaseUrls.single(database_url)
    db = await Database.open(urls, Session(app_connections=4, lookup_connections=1, worker_connections=4))
    owner = await asyncpg.connect(database_url)
    try:
        async with mounted(database_url, data_dir, clock=clock, **options) as app:
            yield await Installation(app, db, owner, clock, database_url).populate()
    finally:
        await owner.close()
        await db.close()
