import itertools
from typing import Any
from uuid import UUID

import pytest
from tests.domain.identity.signing_in import PASSWORD

from backhaul.domain import identity
from backhaul.domain.identity import (
    OPERATOR_ORG_ID,
    Actor,
    ApiKey,
    AuthenticationSettings,
    Authenticator,
    Organization,
    Plan,
    Role,
    User,
    operator_actor,
    passwords,
    system_actor,
)
from backhaul.domain.identity.model import RIGHTS
from backhaul.kernel.clock import SteppedClock
from backhaul.storage import history
from backhaul.storage.database import Database, Reader, Scope
from backhaul.storage.history import Author


class Cast:
    """Organizations, people and keys for a test; valid by default."""

    def __init__(self, db: Database, clock: SteppedClock) -> None:
        self.db = db
        self.clock = clock
        self.operator = system_actor(OPERATOR_ORG_ID)
        self._numbers = itertools.count(1)

    async def organization(self, **given: Any) -> Organization:
        given.setdefault("name", f"Company {next(self._numbers)}")
        given.setdefault("plan", Plan.ENTERPRISE)
        return await identity.create_organization(self.db, actor=self.operator, now=self.clock.now(), **given)

    async def user(self, **given: Any) -> User:
        given.setdefault("email", f"person{next(self._numbers)}@example.com")
        given.setdefault("name", "Ada Byron")
        return await identity.create_user(self.db, actor=self.operator, now=self.clock.now(), **given)

    async def member(self, organization: Organization, role: Role = Role.OWNER, **given: Any) -> Actor:
        """Return a new member of the organization, ready to act."""
        user = await self.user(**given)
        await self.join(organization, user, role)
        return Actor(
            org_id=organization.id,
            plan=organization.plan,
            user_id=user.id,
            user_email=user.email,
            rights=RIGHTS[role],
            author=Author(kind="user", id=user.id),
            org_number=organization.number,
        )

    async def person(self, organization: Organization, role: Role = Role.OWNER, **given: Any) -> Actor:
        """Return a new member who can sign in with `PASSWORD`."""
        return await self.member(organization, role, password=PASSWORD, **given)

    async def join(self, organization: Organization, user: User, role: Role) -> identity.Membership:
        actor = operator_actor(organization)
        return await identity.add_member(
            self.db, actor=actor, user_id=user.id, role=role, now=self.clock.now()
        )

    async def key(self, actor: Actor, **given: Any) -> tuple[ApiKey, str]:
        given.setdefault("name", "build server")
        return await identity.create_api_key(self.db, actor=actor, now=self.clock.now(), **given)

    async def history_of(self, org_id: UUID, kind: str, subject_id: UUID) -> list[str]:
        async with self.db.read(Scope(org_id)) as reader:
            entries = await history.of_subject(reader, Scope(org_id), kind=kind, subject_id=subject_id)
        return [entry.action for entry in entries]

    async def traces(self) -> dict[str, int]:
        """Return how many rows everything has: a refused call leaves this as it was."""
        names = ("organizations", "users", "memberships", "api_keys", "history", "outbox")
        async with self.db.system() as system:
            return {name: await system.fetchval(f"SELECT count(*) FROM {name}") for name in names}


class Ticks:
    """A monotonic counter moved by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def cast(db, clock):
    return Cast(db, clock)


@pytest.fixture
def ticks():
    return Ticks()


@pytest.fixture
async def authenticator(db, clock, ticks):
    made = Authenticator(db, clock=clock, settings=AuthenticationSettings(), ticks=ticks)
    yield made
    await made.close()


@pytest.fixture
async def listening(db, clock):
    """Two authenticators that share nothing but PostgreSQL, as in two processes."""
    made = [Authenticator(db, clock=clock, settings=AuthenticationSettings()) for _ in range(2)]
    for each in made:
        await each.start()
        await each.revocations.wait_until_listening()
    yield made
    for each in made:
        await each.close()


@pytest.fixture
def statements(monkeypatch):
    """Every statement sent by a reader or in a transaction, in order."""
    sent: list[str] = []
    original = Reader.__init__

    def observed(self: Reader, connection: Any) -> None:
        original(self, connection)
        for name in ("fetch", "fetchrow", "fetchval", "execute"):
            setattr(self, name, _noting(getattr(self, name), sent))

    monkeypatch.setattr(Reader, "__init__", observed)
    return sent


def _noting(method: Any, sent: list[str]) -> Any:
    async def call(statement: str, *arguments: Any) -> Any:
        sent.append(statement)
        return await method(statement, *arguments)

    return call


@pytest.fixture
async def acme(cast):
    return await cast.organization()


@pytest.fixture
async def ada(cast, acme):
    return await cast.person(acme, email="ada@example.com")


@pytest.fixture
def comparisons(monkeypatch):
    """Every hash a password was compared with."""
    seen = []
    original = passwords._matches

    def observed(password, password_hash):
        seen.append(password_hash)
        return original(password, password_hash)

    monkeypatch.setattr(passwords, "_matches", observed)
    return seen


@pytest.fixture
async def owner(cast):
    return await cast.member(await cast.organization())
