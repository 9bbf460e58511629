"""Guessing passwords is slowed, for each account and each address, and costs no more memory than there is."""

import asyncio
import time

import pytest
from tests.domain.identity.signing_in import ELSEWHERE, HERE, PASSWORD, refused, sign_in

from backhaul.domain.identity import (
    AuthenticationSettings,
    Authenticator,
    SessionSettings,
    ThrottleSettings,
    passwords,
)
from backhaul.domain.identity.errors import CredentialsInvalid, SignInRefused, TooManyAttempts
from backhaul.domain.identity.passwords import PasswordComparer
from backhaul.kernel.errors import Unavailable

pytestmark = pytest.mark.usefixtures("as_delivered")


def impatient(db, clock, ticks):
    settings = AuthenticationSettings(throttle=ThrottleSettings(burst=3, per_second=0.1))
    return Authenticator(db, clock=clock, settings=settings, ticks=ticks)


async def test_guessing_at_one_account_is_slowed_from_every_address(cast, acme, ada, ticks):
    await cast.person(acme, email="eve@example.com")
    authenticator = impatient(cast.db, cast.clock, ticks)
    for n in range(3):
        await refused(authenticator, " ADA@example.com", "wrong horse battery", f"198.51.100.{n}")
    with pytest.raises(TooManyAttempts) as caught:
        await sign_in(authenticator, address=ELSEWHERE)
    assert caught.value.data == {"retry_after_seconds": 10}
    assert await sign_in(authenticator, "eve@example.com", address=ELSEWHERE)
    ticks.at += 10
    assert await sign_in(authenticator)


async def test_accounts_nobody_has_are_slowed_alike(db, clock, ticks):
    authenticator = impatient(db, clock, ticks)
    for n in range(3):
        await refused(authenticator, "nobody@example.com", PASSWORD, f"198.51.100.{n}")
    with pytest.raises(TooManyAttempts):
        await sign_in(authenticator, "nobody@example.com", address=ELSEWHERE)


async def test_guessing_from_one_address_is_slowed_for_every_account(db, clock, ada, ticks):
    authenticator = impatient(db, clock, ticks)
    for name in ("a@example.com", "b@example.com", "no address"):
        await refused(authenticator, name)
    with pytest.raises(TooManyAttempts):
        await sign_in(authenticator)
    assert await sign_in(authenticator, address=ELSEWHERE)


async def test_bad_tokens_and_keys_slow_nobodys_sign_in_and_bad_passwords_neither(cast, acme, ada, ticks):
    authenticator = impatient(cast.db, cast.clock, ticks)
    _, secret = await cast.key(ada)
    nonsense = {
        authenticator.by_token: "a.b.c",
        authenticator.by_api_key: "bh_abcdefgh_" + "a" * 43,
    }
    for ask, given in nonsense.items():
        for _ in range(3):
            with pytest.raises(CredentialsInvalid):
                await ask(given, HERE)
        with pytest.raises(TooManyAttempts):
            await ask(given, HERE)
    token = await sign_in(authenticator)
    for name in ("a@example.com", "b@example.com", "c@example.com"):
        await refused(authenticator, name)
    with pytest.raises(TooManyAttempts):
        await sign_in(authenticator)
    ticks.at += 10  # one failure is forgiven to tokens and keys
    with pytest.raises(CredentialsInvalid):
        await authenticator.by_token("a.b.c", HERE)
    assert await authenticator.by_token(token, HERE) == ada
    assert (await authenticator.by_api_key(secret, HERE)).user_id == ada.user_id


async def test_signing_in_forgives_the_account_but_not_the_address(db, clock, ada, ticks):
    authenticator = impatient(db, clock, ticks)
    for _ in range(2):
        await refused(authenticator, "ada@example.com", "wrong horse battery")
    await sign_in(authenticator, address=ELSEWHERE)
    for n in range(3):
        await refused(authenticator, "ada@example.com", "wrong horse battery", f"198.51.100.{n}")
        await sign_in(authenticator, address=ELSEWHERE)
    await refused(authenticator, "ada@example.com", "wrong horse battery")
    with pytest.raises(TooManyAttempts):
        await sign_in(authenticator)


async def test_a_slowed_caller_costs_neither_a_statement_nor_a_comparison(
    db, clock, ticks, statements, comparisons
):
    authenticator = impatient(db, clock, ticks)
    for _ in range(3):
        await refused(authenticator, "nobody@example.com")
    statements.clear()
    comparisons.clear()
    with pytest.raises(TooManyAttempts):
        await sign_in(authenticator, "nobody@example.com")
    assert (statements, comparisons) == ([], [])


async def test_many_guesses_at_the_same_time_are_slowed_like_one_after_the_other(
    db, clock, ada, ticks, comparisons
):
    authenticator = impatient(db, clock, ticks)
    guesses = [sign_in(authenticator, password=f"wrong horse {n:02d}") for n in range(20)]
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    assert {type(answer) for answer in answers} == {SignInRefused, TooManyAttempts}
    in_hand = SessionSettings().comparisons_at_once  # what ends and what begins may pass each other
    assert 3 <= len(comparisons) < 3 + 2 * in_hand


async def test_no_more_comparisons_run_at_once_than_the_memory_allows(monkeypatch):
    running, most = 0, 0

    def slow(password, password_hash):
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.02)
        running -= 1
        return False

    monkeypatch.setattr(passwords, "_matches", slow)
    comparer = PasswordComparer(at_once=2, waiting=6)
    tasks = [asyncio.create_task(comparer.matches("x", None)) for _ in range(8)]
    await asyncio.sleep(0.005)
    tasks[
        0
    ].cancel()  # who goes away leaves a thread at work: its place is not given to another before it ends
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(done[0], asyncio.CancelledError)
    assert done[1:] == [False] * 7
    assert most == 2


async def test_who_would_wait_too_long_is_told_to_come_back(monkeypatch):
    monkeypatch.setattr(passwords, "_matches", lambda *_: time.sleep(0.05))
    comparer = PasswordComparer(at_once=1, waiting=1)
    answers = await asyncio.gather(*(comparer.matches("x", None) for _ in range(3)), return_exceptions=True)
    assert sorted(isinstance(answer, Unavailable) for answer in answers) == [False, False, True]
    assert await comparer.matches("x", None) is None
