import asyncio
import time
from datetime import timedelta

import asyncpg
import pytest
from tests.domain.identity.signing_in import PASSWORD, written_out

from backhaul.domain import identity
from backhaul.domain.identity import (
    OPERATOR_ORG_ID,
    AuthenticationSettings,
    Authenticator,
    SessionSettings,
    tokens,
)
from backhaul.domain.identity.errors import CredentialsInvalid, RefreshRefused, RightMissing
from backhaul.domain.identity.queries import FIND_BEARER, FIND_SIGN_IN, FIND_SIGNING_KEYS
from backhaul.domain.identity.statements import REGISTER_TOKEN
from backhaul.storage.database import Scope

HERE = "203.0.113.7"
BEGINNING = "2000-01-01T00:00:00Z"


@pytest.fixture
async def ada(cast):
    return await cast.person(await cast.organization(), email="ada@example.com")


async def sign_in(authenticator):
    return await authenticator.sign_in(email="ada@example.com", password=PASSWORD, remote_address=HERE)


async def rotate(cast, **given):
    return await identity.rotate_signing_key(cast.db, actor=cast.operator, now=cast.clock.now(), **given)


def key_of(token):
    return written_out(token)[0]["kid"]


async def secrets_of(db):
    async with db.lookup_pool.acquire() as connection:
        await connection.execute("RESET ROLE")
        rows = await connection.fetch("SELECT id, secret FROM signing_keys ORDER BY created_at")
        await connection.execute("SET ROLE backhaul_app")
    return {str(row["id"]): row["secret"] for row in rows}


async def test_every_key_is_random_and_never_the_same(cast, db):
    for _ in range(3):
        await rotate(cast)
    found = list((await secrets_of(db)).values())
    assert len(set(found)) == 4
    assert {len(secret) for secret in found} == {32}
    assert all(len(set(secret)) > 16 for secret in found)


async def test_a_new_key_signs_and_the_former_one_still_verifies(cast, ada, authenticator):
    before = await sign_in(authenticator)
    key_id = await rotate(cast)
    authenticator.revocations._receive(None, 0, "", "{}")  # the notice of it
    after = await sign_in(authenticator)
    assert (key_of(before) != key_of(after), key_of(after)) == (True, str(key_id))
    for token in (before, after):
        assert await authenticator.by_token(token, HERE) == ada
        assert await authenticator.refresh(token=token, remote_address=HERE)
    assert await cast.history_of(OPERATOR_ORG_ID, "signing_key", key_id) == ["created"]
    former = tokens.key_id_of(before)
    assert await cast.history_of(OPERATOR_ORG_ID, "signing_key", former) == ["retired"]


async def test_every_process_signs_with_it_within_a_second(cast, ada, listening):
    for each in listening:
        await sign_in(each)
    key_id = await rotate(cast)
    began = time.monotonic()
    for each in listening:
        while (await each._sessions._keys.current()).id != key_id:
            assert time.monotonic() - began < 1
            await asyncio.sleep(0.005)


async def test_keys_that_a_notice_overtook_serve_once_and_are_not_kept(
    cast, ada, authenticator, monkeypatch, statements
):
    token = await sign_in(authenticator)
    lookup, keys = cast.db.lookup, authenticator._sessions._keys
    keys.forget()

    def overtaken():
        authenticator.revocations._receive(None, 0, "", "{}")
        return lookup()

    monkeypatch.setattr(cast.db, "lookup", overtaken)
    assert await keys.find(tokens.key_id_of(token))
    monkeypatch.setattr(cast.db, "lookup", lookup)
    statements.clear()
    for _ in range(2):
        assert await keys.find(tokens.key_id_of(token))
    assert statements == [FIND_SIGNING_KEYS]


async def test_without_any_notice_it_signs_after_thirty_seconds(cast, ada, authenticator, ticks):
    await sign_in(authenticator)
    key_id = await rotate(cast)
    ticks.at += 29
    assert key_of(await sign_in(authenticator)) != str(key_id)
    ticks.at += 1
    assert key_of(await sign_in(authenticator)) == str(key_id)


async def test_a_former_key_is_kept_until_nothing_it_signed_can_be_refreshed(db, clock, cast, ada):
    async def a_process():  # one that knows no key yet
        return Authenticator(db, clock=clock, settings=AuthenticationSettings())

    token = await sign_in(await a_process())
    await rotate(cast)
    clock.advance(timedelta(hours=28, seconds=-1))
    assert await (await a_process()).refresh(token=token, remote_address=HERE)
    settings = AuthenticationSettings(sessions=SessionSettings(refresh_grace_seconds=10 * 86_400))
    generous = Authenticator(db, clock=clock, settings=settings)
    clock.advance(timedelta(seconds=32))
    assert await generous.refresh(token=token, remote_address=HERE)
    with pytest.raises(RefreshRefused):
        await (await a_process()).refresh(token=token, remote_address=HERE)
    async with db.lookup() as lookup:
        kept = await lookup.fetch(FIND_SIGNING_KEYS, clock.now() - timedelta(hours=28, seconds=30))
    assert len(kept) == 1


async def test_a_leaked_key_is_forgotten_at_once(cast, ada, listening):
    token = await sign_in(listening[0])
    for each in listening:
        await each.by_token(token, HERE)
    former = tokens.key_id_of(token)
    await rotate(cast, ends_sessions=True)
    began = time.monotonic()
    for each in listening:
        while time.monotonic() - began < 5:
            try:
                await each.by_token(token, HERE)
            except CredentialsInvalid:
                break
            await asyncio.sleep(0.005)
        with pytest.raises(RefreshRefused):
            await each.refresh(token=token, remote_address=HERE)
    assert time.monotonic() - began < 1
    assert await listening[1].by_token(await sign_in(listening[0]), HERE) == ada
    assert await cast.history_of(OPERATOR_ORG_ID, "signing_key", former) == ["withdrawn"]
    assert len(await secrets_of(cast.db)) == 1


async def test_without_any_notice_a_leaked_key_ends_after_thirty_seconds(cast, ada, authenticator, ticks):
    token = await sign_in(authenticator)
    await authenticator.by_token(token, HERE)
    await rotate(cast, ends_sessions=True)
    with pytest.raises(RefreshRefused):
        await authenticator.refresh(token=token, remote_address=HERE)
    ticks.at += 30
    with pytest.raises(CredentialsInvalid):
        await authenticator.by_token(token, HERE)


async def test_an_unknown_key_makes_the_process_look_again_but_not_for_every_call(
    cast, ada, authenticator, ticks, statements
):
    db, clock = cast.db, cast.clock
    await sign_in(authenticator)
    await rotate(cast)
    other = Authenticator(db, clock=clock, settings=AuthenticationSettings())
    token = await sign_in(other)  # by a key this process has not heard of
    ticks.at += 5
    statements.clear()
    assert await authenticator.by_token(token, HERE) == ada
    assert statements == [FIND_SIGNING_KEYS, FIND_BEARER]
    foreign = tokens.sign(
        tokens.claims_for(
            tokens.Bearer(1, "eve@example.com", 1, clock.now()), now=clock.now(), lifetime_seconds=9
        ),
        tokens.SigningKey(ada.user_id, tokens.OctKey.import_key(b"e" * 32), is_current=True),
    )
    ticks.at += 5
    statements.clear()
    for _ in range(10):
        with pytest.raises(CredentialsInvalid):
            await authenticator.by_token(foreign, HERE)
    assert statements == [FIND_SIGNING_KEYS]


async def test_many_calls_at_once_ask_for_the_keys_once(db, clock, ada, authenticator, statements):
    token = await sign_in(authenticator)
    other = Authenticator(db, clock=clock, settings=AuthenticationSettings())
    statements.clear()
    await asyncio.gather(*(other.by_token(token, HERE) for _ in range(10)))
    assert statements.count(FIND_SIGNING_KEYS) == 1


async def test_rotations_at_the_same_time_follow_one_another(cast, db):
    await asyncio.gather(*(rotate(cast) for _ in range(4)))
    async with db.lookup() as lookup:
        rows = await lookup.fetch(FIND_SIGNING_KEYS, cast.clock.now() - timedelta(days=1))
    assert [row["retired_at"] is None for row in rows] == [True] + [False] * 4


async def test_only_the_operator_rotates_and_a_refused_call_changes_nothing(cast, db, ada):
    before = await secrets_of(db)
    with pytest.raises(RightMissing):
        await identity.rotate_signing_key(db, actor=ada, now=cast.clock.now())
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with db.transaction(Scope(ada.org_id)) as tx:
            await tx.execute("SELECT rotate_signing_key($1, gen_random_uuid(), true, now())", ada.org_id)
    assert await secrets_of(db) == before


async def test_a_tenants_session_sees_neither_keys_nor_hashes(cast, db, ada):
    async with db.lookup() as lookup:
        found = await lookup.fetchrow(FIND_SIGN_IN, "ada@example.com")
        standing = (found["user_number"], found["org_number"], found["valid_from"], cast.clock.now())
        assert await lookup.fetchval(REGISTER_TOKEN, *standing) is True
    for scope in (Scope(ada.org_id), Scope(OPERATOR_ORG_ID)):
        async with db.transaction(scope) as tx:
            assert await tx.fetch(FIND_SIGNING_KEYS, cast.clock.now()) == []
            assert await tx.fetch(FIND_SIGN_IN, "ada@example.com") == []
            assert await tx.fetchval(REGISTER_TOKEN, *standing) is False
        async with db.read(scope) as reader:
            assert await reader.fetch(FIND_SIGNING_KEYS, cast.clock.now()) == []
    for statement in (
        "SELECT * FROM signing_keys",
        "DELETE FROM signing_keys",
        "SELECT make_signing_secret()",
    ):
        for opened in (db.transaction(Scope(OPERATOR_ORG_ID)), db.system_transaction()):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with opened as tx:
                    await tx.execute(statement)
    for statement in (FIND_SIGNING_KEYS, FIND_SIGN_IN):
        given = cast.clock.now() if statement is FIND_SIGNING_KEYS else "ada@example.com"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with db.system() as system:
                await system.fetch(statement, given)
