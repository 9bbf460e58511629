"""Who calls with a token, how long that is believed, and what ends it."""

import asyncio
import time
from datetime import timedelta

import pytest
from tests.domain.identity.signing_in import PASSWORD, written_out

from backhaul.domain import identity
from backhaul.domain.identity import (
    AuthenticationSettings,
    Authenticator,
    Plan,
    Role,
    ThrottleSettings,
    operator_actor,
    system_actor,
)
from backhaul.domain.identity.errors import (
    CredentialsInvalid,
    TokenExpired,
    TokenRevoked,
    TooManyAttempts,
)
from backhaul.domain.identity.model import RIGHTS
from backhaul.domain.identity.queries import FIND_BEARER
from backhaul.storage.history import Author

HERE = "203.0.113.7"
ELSEWHERE = "198.51.100.9"
ANOTHER = "another long one"


@pytest.fixture
async def acme(cast):
    return await cast.organization()


@pytest.fixture
async def ada(cast, acme):
    return await cast.person(acme, Role.ADMIN, email="ada@example.com")


async def sign_in(authenticator, password=PASSWORD):
    return await authenticator.sign_in(email="ada@example.com", password=password, remote_address=HERE)


async def password_changed(cast, ada):
    await identity.set_password(
        cast.db, actor=cast.operator, user_id=ada.user_id, password=ANOTHER, now=cast.clock.now()
    )


async def disabled(cast, ada):
    await identity.disable_user(cast.db, actor=cast.operator, user_id=ada.user_id, now=cast.clock.now())


async def removed(cast, ada):
    await identity.remove_member(
        cast.db, actor=system_actor(ada.org_id), user_id=ada.user_id, now=cast.clock.now()
    )


ENDS = [password_changed, disabled, removed]


async def made_good(end, cast, ada):
    """The account may act again; its former tokens may not."""
    if end is disabled:
        await identity.enable_user(cast.db, actor=cast.operator, user_id=ada.user_id, now=cast.clock.now())
    if end is removed:
        await identity.add_member(
            cast.db,
            actor=system_actor(ada.org_id),
            user_id=ada.user_id,
            role=Role.ADMIN,
            now=cast.clock.now(),
        )


async def revoked(authenticator, token):
    with pytest.raises(TokenRevoked):
        await authenticator.by_token(token, HERE)


async def test_a_token_tells_who_calls_in_one_statement_and_then_in_none(
    acme, ada, authenticator, statements
):
    token = await sign_in(authenticator)
    statements.clear()
    actor = await authenticator.by_token(token, HERE)
    assert statements == [FIND_BEARER]
    assert actor == identity.Actor(
        org_id=acme.id,
        plan=Plan.ENTERPRISE,
        user_id=ada.user_id,
        user_email="ada@example.com",
        rights=RIGHTS[Role.ADMIN],
        author=Author(kind="user", id=ada.user_id),
        org_number=acme.number,
    )
    assert await authenticator.by_token(token, ELSEWHERE) is actor
    assert len(statements) == 1


async def test_another_process_asks_for_the_keys_once(db, clock, ada, authenticator, statements):
    tokens = [await sign_in(authenticator) for _ in range(2)]
    clock.advance(timedelta(seconds=1))
    tokens.append(await sign_in(authenticator))
    other = Authenticator(db, clock=clock, settings=AuthenticationSettings())
    statements.clear()
    assert await other.by_token(tokens[0], HERE) == ada
    assert len(statements) == 2
    assert await other.by_token(tokens[2], HERE) == ada
    assert len(statements) == 3


async def test_an_answer_is_trusted_for_thirty_seconds(ada, authenticator, ticks, statements):
    token = await sign_in(authenticator)
    await authenticator.by_token(token, HERE)
    statements.clear()
    ticks.at += 29.9
    await authenticator.by_token(token, HERE)
    assert statements == []
    ticks.at += 0.2
    await authenticator.by_token(token, HERE)
    assert statements == [FIND_BEARER]


async def test_expiry_counts_on_every_call_and_costs_nothing(clock, ada, authenticator, ticks, statements):
    token = await sign_in(authenticator)
    clock.advance(timedelta(seconds=14_399))
    await authenticator.by_token(token, HERE)
    statements.clear()
    clock.advance(timedelta(seconds=1))
    for _ in range(2):
        with pytest.raises(TokenExpired):
            await authenticator.by_token(token, HERE)
        ticks.at += 31  # known no more
    assert statements == []


@pytest.mark.parametrize("end", ENDS)
async def test_without_any_notice_a_token_ends_after_thirty_seconds_and_stays_ended(
    cast, ada, authenticator, ticks, end
):
    token = await sign_in(authenticator)
    await authenticator.by_token(token, HERE)
    cast.clock.advance(timedelta(milliseconds=1))
    await end(cast, ada)
    ticks.at += 30
    await revoked(authenticator, token)
    cast.clock.advance(timedelta(milliseconds=1))
    await made_good(end, cast, ada)
    for _ in range(3):
        await revoked(authenticator, token)
        ticks.at += 31
    fresh = await sign_in(authenticator, ANOTHER if end is password_changed else PASSWORD)
    assert written_out(fresh)[1]["iat"] > written_out(token)[1]["iat"]
    assert (await authenticator.by_token(fresh, HERE)).user_id == ada.user_id


@pytest.mark.parametrize("end", ENDS)
async def test_an_end_is_seen_by_every_process_within_a_second(cast, ada, listening, end):
    token = await sign_in(listening[0])
    for each in listening:
        await each.by_token(token, HERE)
    cast.clock.advance(timedelta(milliseconds=1))
    await end(cast, ada)
    began = time.monotonic()
    for each in listening:
        while time.monotonic() - began < 5:
            try:
                await each.by_token(token, HERE)
            except TokenRevoked:
                break
            await asyncio.sleep(0.005)
    assert time.monotonic() - began < 1


async def test_plan_and_role_changes_arrive_within_a_second(db, clock, acme, ada, listening):
    token = await sign_in(listening[0])
    for each in listening:
        await each.by_token(token, HERE)
    await identity.set_plan(db, actor=operator_actor(acme), plan=Plan.FREE, now=clock.now())
    await identity.set_role(
        db, actor=operator_actor(acme), user_id=ada.user_id, role=Role.VIEWER, now=clock.now()
    )
    await asyncio.sleep(0.5)
    for each in listening:
        actor = await each.by_token(token, HERE)
        assert (actor.plan, actor.rights) == (Plan.FREE, RIGHTS[Role.VIEWER])


async def test_a_notice_is_for_those_it_names(cast, acme, ada, listening, statements):
    owner = await cast.member(acme)
    key, _ = await cast.key(owner)
    token = await sign_in(listening[0])
    await listening[0].by_token(token, HERE)
    await identity.revoke_api_key(cast.db, actor=owner, key_id=key.id, now=cast.clock.now())
    await identity.disable_user(cast.db, actor=cast.operator, user_id=owner.user_id, now=cast.clock.now())
    await asyncio.sleep(0.2)
    statements.clear()
    await listening[0].by_token(token, HERE)
    assert statements == []


async def test_a_listener_that_comes_back_trusts_nothing_it_held(ada, authenticator, statements):
    token = await sign_in(authenticator)
    await authenticator.by_token(token, HERE)
    await authenticator.start()
    await authenticator.revocations.wait_until_listening()
    statements.clear()
    await authenticator.by_token(token, HERE)
    assert FIND_BEARER in statements


async def test_an_answer_that_a_notice_overtook_is_not_kept(ada, authenticator, monkeypatch, statements):
    token = await sign_in(authenticator)
    find = authenticator._sessions._find_bearer

    async def overtaken(*asked):
        row = await find(*asked)
        authenticator.revocations._receive(None, 0, "", f'{{"org_id": "{ada.org_id}"}}')
        return row

    monkeypatch.setattr(authenticator._sessions, "_find_bearer", overtaken)
    await authenticator.by_token(token, HERE)
    statements.clear()
    await authenticator.by_token(token, HERE)
    assert statements == [FIND_BEARER]


async def test_a_revoked_token_asks_the_database_once_in_five_seconds(
    cast, ada, authenticator, ticks, statements
):
    token = await sign_in(authenticator)
    cast.clock.advance(timedelta(milliseconds=1))
    await password_changed(cast, ada)
    statements.clear()
    for _ in range(3):
        await revoked(authenticator, token)
    assert statements == [FIND_BEARER]
    ticks.at += 5
    await revoked(authenticator, token)
    assert len(statements) == 2


@pytest.mark.parametrize(
    "token", ["", "Bearer", "a.b.c", "bh_abcdefgh_" + "a" * 43, "x" * 5000, "\ud800.é.x"]
)
async def test_garbage_is_refused_without_a_statement(authenticator, statements, token):
    with pytest.raises(CredentialsInvalid):
        await authenticator.by_token(token, HERE)
    assert statements == []


async def test_only_what_is_no_token_of_ours_counts_as_guessing(db, clock, cast, ada, ticks):
    settings = AuthenticationSettings(throttle=ThrottleSettings(burst=3, per_second=0.1))
    authenticator = Authenticator(db, clock=clock, settings=settings, ticks=ticks)
    old = await sign_in(authenticator)
    clock.advance(timedelta(milliseconds=1))
    await password_changed(cast, ada)
    token = await sign_in(authenticator, ANOTHER)
    await authenticator.by_token(token, HERE)
    for _ in range(10):
        await revoked(authenticator, old)
    for _ in range(3):
        with pytest.raises(CredentialsInvalid):
            await authenticator.by_token(token + "x", HERE)
    with pytest.raises(TooManyAttempts):
        await authenticator.by_token(token + "x", HERE)
    await authenticator.by_token(token, HERE)
    ticks.at += 31
    for _ in range(4):
        with pytest.raises((CredentialsInvalid, TooManyAttempts)):
            await authenticator.by_token("nonsense", HERE)
    await authenticator.by_token(
        token, HERE
    )  # past its time it is asked for again, whatever the neighbours do
    clock.advance(timedelta(hours=5))
    for _ in range(10):
        with pytest.raises(TokenExpired):
            await authenticator.by_token(token, HERE)


async def test_memory_is_bounded(db, clock, cast, ada, ticks):
    authenticator = Authenticator(
        db, clock=clock, settings=AuthenticationSettings(capacity=2, refused_capacity=2), ticks=ticks
    )
    for _ in range(4):
        await authenticator.by_token(await sign_in(authenticator), HERE)
        clock.advance(timedelta(seconds=1))
    assert len(authenticator._sessions._cache._live) == 2
