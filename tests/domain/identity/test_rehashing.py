"""A hash made at a former cost is replaced at the next sign-in; nothing else changes."""

import pytest
from argon2 import PasswordHasher
from tests.domain.identity.signing_in import PASSWORD

from backhaul.domain import identity
from backhaul.domain.identity import OPERATOR_ORG_ID
from backhaul.domain.identity.errors import SignInRefused
from backhaul.domain.identity.statements import REPLACE_PASSWORD_HASH
from backhaul.storage.database import Scope

pytestmark = pytest.mark.usefixtures("as_delivered")

HERE = "203.0.113.7"
ANOTHER = "another long one"
CHEAP = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


class Stored:
    """What the database keeps of one account, seen as its owner."""

    def __init__(self, db):
        self.db = db

    async def ask(self, statement, *arguments):
        async with self.db.lookup_pool.acquire() as connection:
            await connection.execute("RESET ROLE")
            found = await connection.fetchrow(statement, *arguments)
            await connection.execute("SET ROLE backhaul_app")
        return found

    async def account(self):
        return await self.ask("SELECT number, password_hash, tokens_valid_from FROM users")

    async def password_hash(self):
        return (await self.account())["password_hash"]


@pytest.fixture
async def ada(cast):
    return await cast.person(await cast.organization(), email="ada@example.com")


@pytest.fixture
async def stored(db, ada):
    made = Stored(db)
    await made.ask("UPDATE users SET password_hash = $1", CHEAP.hash(PASSWORD))
    return made


async def sign_in(authenticator, password=PASSWORD):
    return await authenticator.sign_in(email="ada@example.com", password=password, remote_address=HERE)


async def test_a_sign_in_brings_the_hash_to_todays_cost_and_ends_no_token(ada, authenticator, stored):
    before = await stored.account()
    token = await sign_in(authenticator)
    after = await stored.account()
    assert "m=65536,t=3,p=4" in after["password_hash"]
    assert after["tokens_valid_from"] == before["tokens_valid_from"]
    assert await authenticator.by_token(token, HERE) == ada
    assert await sign_in(authenticator)
    assert await stored.password_hash() == after["password_hash"]  # it has that cost now


async def test_a_wrong_password_changes_no_hash(ada, authenticator, stored):
    before = await stored.password_hash()
    with pytest.raises(SignInRefused):
        await sign_in(authenticator, ANOTHER)
    assert await stored.password_hash() == before


async def test_a_new_password_given_meanwhile_stays(cast, ada, authenticator, stored, monkeypatch):
    rehashed = authenticator._sessions._passwords.rehashed

    async def overtaken(*given):
        renewed = await rehashed(*given)
        await identity.set_password(
            cast.db, actor=cast.operator, user_id=ada.user_id, password=ANOTHER, now=cast.clock.now()
        )
        return renewed

    monkeypatch.setattr(authenticator._sessions._passwords, "rehashed", overtaken)
    await sign_in(authenticator)
    PasswordHasher().verify(await stored.password_hash(), ANOTHER)


async def test_a_tenants_session_replaces_no_hash(db, ada, stored):
    account = await stored.account()
    for scope in (Scope(ada.org_id), Scope(OPERATOR_ORG_ID)):
        async with db.transaction(scope) as tx:
            await tx.execute(REPLACE_PASSWORD_HASH, account["number"], account["password_hash"], "x")
    assert await stored.account() == account
