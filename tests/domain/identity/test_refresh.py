from datetime import timedelta

import pytest
from tests.domain.identity.signing_in import PASSWORD, written_out

from backhaul.domain import identity
from backhaul.domain.identity import (
    AuthenticationSettings,
    Authenticator,
    Role,
    SessionSettings,
    ThrottleSettings,
    operator_actor,
    system_actor,
)
from backhaul.domain.identity.errors import RefreshRefused, RefreshRevoked, TokenExpired, TooManyAttempts
from backhaul.domain.identity.queries import FIND_BEARER
from backhaul.domain.identity.statements import REGISTER_TOKEN
from backhaul.kernel.errors import Kind

HERE = "203.0.113.7"


@pytest.fixture
async def acme(cast):
    return await cast.organization()


@pytest.fixture
async def ada(cast, acme):
    return await cast.person(acme, Role.ADMIN, email="ada@example.com")


@pytest.fixture
async def token(ada, authenticator):
    return await authenticator.sign_in(email="ada@example.com", password=PASSWORD, remote_address=HERE)


async def refresh(authenticator, token):
    return await authenticator.refresh(token=token, remote_address=HERE)


async def refused(authenticator, token):
    with pytest.raises(RefreshRefused) as caught:
        await refresh(authenticator, token)
    assert (caught.value.text, caught.value.kind) == ("Invalid token.", Kind.UNAUTHENTICATED)


async def test_a_valid_token_is_exchanged_for_a_longer_one_and_stays_valid(clock, ada, authenticator, token):
    clock.advance(timedelta(hours=1))
    fresh = await refresh(authenticator, token)
    before, after = written_out(token)[1], written_out(fresh)[1]
    assert after == {**before, "iat": before["iat"] + 3600, "exp": before["exp"] + 3600}
    for each in (token, fresh):
        assert await authenticator.by_token(each, HERE) == ada


async def test_an_expired_token_is_exchanged_within_the_grace_and_not_after_it(
    clock, ada, authenticator, token
):
    clock.advance(timedelta(hours=4))
    with pytest.raises(TokenExpired):
        await authenticator.by_token(token, HERE)
    assert await authenticator.by_token(await refresh(authenticator, token), HERE) == ada
    clock.advance(timedelta(seconds=86_399))
    assert await refresh(authenticator, token)
    clock.advance(timedelta(seconds=1))
    await refused(authenticator, token)


async def test_without_a_grace_only_a_valid_token_is_exchanged(db, clock, token):
    settings = AuthenticationSettings(sessions=SessionSettings(refresh_grace_seconds=0))
    strict = Authenticator(db, clock=clock, settings=settings)
    clock.advance(timedelta(hours=4, seconds=-1))
    assert await refresh(strict, token)
    clock.advance(timedelta(seconds=1))
    await refused(strict, token)


async def test_the_organization_is_kept_and_not_the_default_one_taken(cast, acme, authenticator, token):
    clock = cast.clock
    other = await cast.organization()
    user = await identity.get_user(cast.db, email="ada@example.com")
    await cast.join(other, user, Role.VIEWER)
    await identity.remove_member(cast.db, actor=operator_actor(acme), user_id=user.id, now=clock.now())
    clock.advance(timedelta(seconds=2))
    await cast.join(acme, user, Role.ADMIN)  # no longer the default
    clock.advance(timedelta(seconds=2))
    elsewhere = await authenticator.sign_in(email=user.email, password=PASSWORD, remote_address=HERE)
    assert written_out(await refresh(authenticator, elsewhere))[1]["company_id"] == other.number
    await identity.remove_member(cast.db, actor=operator_actor(other), user_id=user.id, now=clock.now())
    with pytest.raises(RefreshRevoked):
        await refresh(authenticator, elsewhere)
    assert written_out(token)[1]["company_id"] == acme.number


@pytest.mark.parametrize("end", ["password", "account", "membership"])
@pytest.mark.parametrize("age", [timedelta(seconds=1), timedelta(hours=5)])
async def test_a_revoked_token_is_told_from_an_invalid_one(cast, ada, token, end, age):
    db, clock = cast.db, cast.clock
    authenticator = Authenticator(db, clock=clock, settings=AuthenticationSettings())
    assert await authenticator.by_token(token, HERE) == ada  # remembered, and not asked here
    clock.advance(age)
    if end == "password":
        await identity.set_password(
            db, actor=cast.operator, user_id=ada.user_id, password="another long one", now=clock.now()
        )
    elif end == "account":
        await identity.disable_user(db, actor=cast.operator, user_id=ada.user_id, now=clock.now())
    else:
        await identity.remove_member(db, actor=system_actor(ada.org_id), user_id=ada.user_id, now=clock.now())
    with pytest.raises(RefreshRevoked) as caught:
        await refresh(authenticator, token)
    assert (caught.value.text, caught.value.kind) == ("Refresh token has been revoked.", Kind.FORBIDDEN)


async def test_what_changed_meanwhile_stands_in_the_new_token(db, clock, ada, authenticator, token):
    await authenticator.by_token(token, HERE)
    await identity.set_role(
        db, actor=system_actor(ada.org_id), user_id=ada.user_id, role=Role.VIEWER, now=clock.now()
    )
    clock.advance(timedelta(seconds=1))
    fresh = await authenticator.by_token(await refresh(authenticator, token), HERE)
    assert fresh.rights < ada.rights


async def test_it_asks_the_database_each_time(ada, authenticator, token, statements):
    await authenticator.by_token(token, HERE)
    statements.clear()
    for _ in range(2):
        await refresh(authenticator, token)
    assert statements == [FIND_BEARER, REGISTER_TOKEN] * 2


@pytest.mark.parametrize("given", ["", "garbage", "a.b.c", "é", "x" * 5000])
async def test_garbage_is_refused_without_a_statement(authenticator, statements, given):
    await refused(authenticator, given)
    assert statements == []


async def test_a_changed_token_is_refused(authenticator, token):
    head, body, signature = token.split(".")
    for given in (f"{head}.{body}.", f"{head}.{signature}.{body}", token[:-2], token + "x"):
        await refused(authenticator, given)


async def test_guessing_is_slowed_and_a_genuine_token_is_not(db, clock, ada, ticks):
    settings = AuthenticationSettings(throttle=ThrottleSettings(burst=3, per_second=0.1))
    authenticator = Authenticator(db, clock=clock, settings=settings, ticks=ticks)
    token = await authenticator.sign_in(email="ada@example.com", password=PASSWORD, remote_address=HERE)
    for _ in range(3):
        await refused(authenticator, "garbage")
    with pytest.raises(TooManyAttempts):
        await refresh(authenticator, "garbage")
    assert await refresh(authenticator, token)
