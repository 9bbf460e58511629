"""Tokens made while the account's tokens are being ended: whichever comes first, none outlives the end."""

import asyncio
from datetime import timedelta

import pytest
from tests.domain.identity.signing_in import PASSWORD, written_out

from backhaul.domain import identity
from backhaul.domain.identity import (
    OPERATOR_ORG_ID,
    AuthenticationSettings,
    Authenticator,
    Role,
    passwords,
    system_actor,
    tables,
)
from backhaul.domain.identity.errors import RefreshRefused, RefreshRevoked, SignInRefused, TokenRevoked
from backhaul.kernel.clock import SystemClock
from backhaul.storage.database import Scope

HERE = "203.0.113.7"
ANOTHER = "another long one"
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
async def ada(cast):
    return await cast.person(await cast.organization(), Role.ADMIN, email="ada@example.com")


@pytest.fixture
async def another_hash():
    return await passwords.hash_password(ANOTHER)


@pytest.fixture
def overtaking(authenticator, monkeypatch):
    """Let something happen once, just after the answer to a look-up has come."""

    def arrange(name, happening):
        find = getattr(authenticator._sessions, name)

        async def overtaken(*asked):
            monkeypatch.undo()
            row = await find(*asked)
            await happening()
            return row

        monkeypatch.setattr(authenticator._sessions, name, overtaken)

    return arrange


async def sign_in(authenticator, password=PASSWORD):
    return await authenticator.sign_in(email="ada@example.com", password=password, remote_address=HERE)


async def refresh(authenticator, token):
    return await authenticator.refresh(token=token, remote_address=HERE)


async def revoked(db, clock, token):
    """Asked of a process that remembers nothing."""
    with pytest.raises(TokenRevoked):
        await Authenticator(db, clock=clock, settings=AuthenticationSettings()).by_token(token, HERE)


async def new_password(cast, ada, at):
    await identity.set_password(cast.db, actor=cast.operator, user_id=ada.user_id, password=ANOTHER, now=at)


async def out_and_in(cast, ada, at):
    await identity.disable_user(cast.db, actor=cast.operator, user_id=ada.user_id, now=at)
    await identity.enable_user(cast.db, actor=cast.operator, user_id=ada.user_id, now=at)


async def left_and_back(cast, ada, at):
    actor = system_actor(ada.org_id)
    await identity.remove_member(cast.db, actor=actor, user_id=ada.user_id, now=at)
    await identity.add_member(cast.db, actor=actor, user_id=ada.user_id, role=Role.ADMIN, now=at)


ENDS = [new_password, out_and_in, left_and_back]


async def until_somebody_waits(db):
    async with asyncio.timeout(5):
        async with db.system() as system:
            while not await system.fetchval(WAITING):  # noqa: ASYNC110 -- PostgreSQL tells nobody
                await asyncio.sleep(0.005)


@pytest.mark.parametrize("way", ["refresh", "sign in"])
async def test_who_asks_while_a_password_is_being_changed_waits_and_gets_nothing(
    cast, ada, authenticator, another_hash, way
):
    db, clock = cast.db, cast.clock
    token = await sign_in(authenticator)
    async with db.transaction(Scope(OPERATOR_ORG_ID)) as tx:
        await tables.lock_user(tx, ada.user_id)
        await tables.set_password(tx, ada.user_id, password_hash=another_hash, at=clock.now())
        clock.advance(timedelta(seconds=1.5))  # the change takes its time
        asked = asyncio.create_task(
            refresh(authenticator, token) if way == "refresh" else sign_in(authenticator)
        )
        await until_somebody_waits(db)
    with pytest.raises(RefreshRevoked if way == "refresh" else SignInRefused):
        await asked
    fresh = await sign_in(authenticator, ANOTHER)
    assert await authenticator.by_token(fresh, HERE) == ada
    await revoked(db, clock, token)


@pytest.mark.parametrize("end", ENDS)
async def test_an_end_reaches_tokens_made_after_the_instant_it_was_asked_for(
    cast, clock, ada, authenticator, end
):
    at = clock.now()
    clock.advance(timedelta(seconds=3))  # meanwhile the password is hashed, or another host's clock is ahead
    first = await sign_in(authenticator)
    second = await refresh(authenticator, first)
    await end(cast, ada, at)
    for token in (first, second):
        await revoked(cast.db, clock, token)
        with pytest.raises(RefreshRevoked):
            await refresh(authenticator, token)
    fresh = await sign_in(authenticator, ANOTHER if end is new_password else PASSWORD)
    assert written_out(fresh)[1]["iat"] > written_out(second)[1]["iat"]
    assert (await authenticator.by_token(fresh, HERE)).user_id == ada.user_id


@pytest.mark.parametrize("end", ENDS)
async def test_an_end_between_look_up_and_signing_leaves_nothing_to_sign(
    cast, ada, authenticator, overtaking, end
):
    async def ended():
        cast.clock.advance(timedelta(milliseconds=1))
        await end(cast, ada, cast.clock.now())
        cast.clock.advance(timedelta(seconds=2))

    overtaking("_find_sign_in", ended)
    with pytest.raises(SignInRefused):
        await sign_in(authenticator)
    token = await sign_in(authenticator, ANOTHER if end is new_password else PASSWORD)
    overtaking("_find_bearer", ended)
    with pytest.raises(RefreshRevoked):
        await refresh(authenticator, token)


async def test_no_token_survives_the_withdrawal_of_the_key_it_was_refreshed_by(
    cast, clock, ada, authenticator, overtaking
):
    token = await sign_in(authenticator)

    async def withdrawn():
        await identity.rotate_signing_key(cast.db, actor=cast.operator, now=clock.now(), ends_sessions=True)
        authenticator._sessions._keys.forget()  # the notice comes at once

    overtaking("_find_bearer", withdrawn)
    fresh = await refresh(authenticator, token)
    with pytest.raises(RefreshRefused):
        await refresh(authenticator, fresh)


async def test_of_all_tokens_refreshed_during_changes_of_password_none_survives(cast, db, ada):
    """By the machine's clock, each change beginning just before a second is over."""
    clock = SystemClock()
    authenticators = [Authenticator(db, clock=clock, settings=AuthenticationSettings()) for _ in range(2)]
    password = PASSWORD
    for following in (ANOTHER, PASSWORD):
        given_out = [await sign_in(authenticators[0], password)]
        changed = asyncio.Event()

        async def go_on_refreshing(authenticator, given_out=given_out, changed=changed):
            while not changed.is_set():
                try:
                    given_out.append(await refresh(authenticator, given_out[0]))
                except RefreshRevoked:
                    await asyncio.sleep(0)

        refreshing = [asyncio.create_task(go_on_refreshing(each)) for each in authenticators * 2]
        left = 1 - clock.now().microsecond / 1e6 - 0.01
        await asyncio.sleep(left if left > 0.2 else left + 1)  # so that some were refreshed before
        await identity.set_password(
            db, actor=cast.operator, user_id=ada.user_id, password=following, now=clock.now()
        )
        changed.set()
        await asyncio.gather(*refreshing)
        assert len(given_out) > len(refreshing)
        for token in set(given_out):
            await revoked(db, clock, token)
        password = following


async def test_a_refused_sign_in_notes_nothing(db, ada, authenticator):
    with pytest.raises(SignInRefused):
        await sign_in(authenticator, ANOTHER)
    async with db.lookup_pool.acquire() as connection:
        await connection.execute("RESET ROLE")
        assert await connection.fetchval("SELECT count(tokens_issued_until) FROM users") == 0
        await connection.execute("SET ROLE backhaul_app")
