"""Tokens count whole seconds and ends do not: whatever falls into one second keeps its order."""

from datetime import timedelta

import pytest
from tests.domain.identity.signing_in import PASSWORD

from backhaul.domain import identity
from backhaul.domain.identity.errors import TokenRevoked

HERE = "203.0.113.7"
ANOTHER = "another long one"


@pytest.fixture
async def ada(cast):
    return await cast.person(await cast.organization(), email="ada@example.com")


async def sign_in(authenticator, password=PASSWORD):
    return await authenticator.sign_in(email="ada@example.com", password=password, remote_address=HERE)


async def password_changed(cast, ada, password=ANOTHER):
    await identity.set_password(
        cast.db, actor=cast.operator, user_id=ada.user_id, password=password, now=cast.clock.now()
    )


async def revoked(authenticator, token):
    with pytest.raises(TokenRevoked):
        await authenticator.by_token(token, HERE)


async def test_two_ends_and_a_sign_in_within_one_second_leave_no_token_behind(
    cast, clock, ada, authenticator
):
    given_out = []
    for password in (PASSWORD, ANOTHER, "yet another long one"):
        given_out.append(await sign_in(authenticator, password))
        clock.advance(timedelta(milliseconds=200))
        following = {PASSWORD: ANOTHER, ANOTHER: "yet another long one"}.get(password, PASSWORD)
        await password_changed(cast, ada, following)
        clock.advance(timedelta(milliseconds=100))
    for token in given_out:
        await revoked(authenticator, token)
    assert await authenticator.by_token(await sign_in(authenticator), HERE) == ada


async def test_a_clock_that_stands_still_keeps_the_order_of_events(cast, ada, authenticator):
    before = await sign_in(authenticator)
    await password_changed(cast, ada)
    after = await sign_in(authenticator, ANOTHER)
    await revoked(authenticator, before)
    assert await authenticator.by_token(after, HERE) == ada


async def test_who_joins_late_in_a_second_can_sign_in_and_out_within_it(cast, clock, authenticator, ticks):
    clock.advance(timedelta(milliseconds=300))
    ada = await cast.person(await cast.organization(), email="ada@example.com")
    token = await sign_in(authenticator)
    assert await authenticator.by_token(token, HERE) == ada
    clock.advance(timedelta(milliseconds=300))
    await password_changed(cast, ada)
    ticks.at += 30
    await revoked(authenticator, token)
    assert await authenticator.by_token(await sign_in(authenticator, ANOTHER), HERE) == ada
