import asyncio
import time
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
    passwords,
)
from backhaul.domain.identity.errors import CredentialsInvalid, SignInRefused, TooManyAttempts
from backhaul.domain.identity.passwords import PasswordComparer
from backhaul.domain.identity.queries import FIND_SIGN_IN, FIND_SIGNING_KEYS
from backhaul.domain.identity.statements import REGISTER_TOKEN
from backhaul.kernel.errors import Unavailable

HERE = "203.0.113.7"
ELSEWHERE = "198.51.100.9"


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


async def sign_in(authenticator, email="ada@example.com", password=PASSWORD, address=HERE):
    return await authenticator.sign_in(email=email, password=password, remote_address=address)


async def refused(authenticator, *given):
    with pytest.raises(SignInRefused) as caught:
        await sign_in(authenticator, *given)
    assert caught.value.text == "Invalid email or password."
    assert caught.value.data == {}


async def numbers(db, email):
    async with db.lookup_pool.acquire() as connection:
        await connection.execute("RESET ROLE")
        found = await connection.fetchval("SELECT number FROM users WHERE email = $1", email)
        await connection.execute("SET ROLE backhaul_app")
    return found


async def test_a_person_signs_in_and_acts_with_the_token(db, clock, acme, ada, authenticator):
    token = await sign_in(authenticator)
    _, claims = written_out(token)
    now = int(clock.now().timestamp())
    assert claims == {
        "id": await numbers(db, "ada@example.com"),
        "email": "ada@example.com",
        "company_id": acme.number,
        "iat": now,
        "exp": now + 14_400,
    }
    assert await authenticator.by_token(token, HERE) == ada


@pytest.mark.parametrize("email", [" ADA@Example.com ", "Ada@EXAMPLE.COM"])
async def test_the_address_may_be_written_in_any_case(ada, authenticator, email):
    assert written_out(await sign_in(authenticator, email))[1]["email"] == "ada@example.com"


async def test_it_costs_two_statements_and_the_keys_once(ada, authenticator, statements):
    statements.clear()
    await sign_in(authenticator)
    assert statements == [FIND_SIGN_IN, FIND_SIGNING_KEYS, REGISTER_TOKEN]
    statements.clear()
    await sign_in(authenticator)
    assert statements == [FIND_SIGN_IN, REGISTER_TOKEN]


async def test_the_default_organization_is_the_one_signed_in_to(cast, acme, ada, authenticator):
    other = await cast.organization()
    user = await identity.get_user(cast.db, email="ada@example.com")
    await cast.join(other, user, Role.VIEWER)
    assert written_out(await sign_in(authenticator))[1]["company_id"] == acme.number
    owner = await cast.member(acme)
    await identity.remove_member(
        cast.db, actor=owner, user_id=user.id, now=cast.clock.now()
    )  # the other one takes over
    actor = await authenticator.by_token(await sign_in(authenticator), HERE)
    assert (actor.org_id, actor.org_number) == (other.id, other.number)


async def test_every_reason_to_refuse_gets_the_same_answer_after_the_same_work(
    cast, acme, ada, authenticator, comparisons
):
    now = cast.clock.now()
    await cast.member(acme, email="keys-only@example.com")
    disabled = await cast.person(acme, email="disabled@example.com")
    await identity.disable_user(cast.db, actor=cast.operator, user_id=disabled.user_id, now=now)
    await cast.user(email="alone@example.com", password=PASSWORD)
    left = await cast.person(acme, Role.VIEWER, email="left@example.com")
    await identity.remove_member(cast.db, actor=operator_actor(acme), user_id=left.user_id, now=now)
    names = ("nobody", "keys-only", "disabled", "alone", "left")
    for name in names:
        await refused(authenticator, f"{name}@example.com")
    await refused(authenticator, "ada@example.com", "wrong horse battery")
    assert comparisons[:-1] == [passwords._HASH_OF_NOTHING] * len(names)
    assert len(comparisons) == len(names) + 1  # one comparison each
    assert {compared.split("$")[3] for compared in comparisons} == {"m=65536,t=3,p=4"}  # as costly
    assert {len(compared) for compared in comparisons} == {len(comparisons[0])}


@pytest.mark.parametrize(
    "email",
    ["", "ada", "a" * 65 + "@example.com", "x" * 300 + "@y", "ada\0@example.com", "\ud800@example.com"],
)
async def test_what_cannot_be_an_address_is_refused_alike_without_a_statement(
    authenticator, comparisons, statements, email
):
    await refused(authenticator, email)
    assert comparisons == [passwords._HASH_OF_NOTHING]
    assert statements == []


@pytest.mark.parametrize("password", ["", "x", "\ud800" * 12, "\0" * 12, "x" * 1024])
async def test_odd_passwords_are_compared_like_others(ada, authenticator, comparisons, password):
    await refused(authenticator, "ada@example.com", password)
    assert len(comparisons) == 1


async def test_an_endless_password_is_refused_without_being_hashed(ada, authenticator, comparisons):
    await refused(authenticator, "ada@example.com", "x" * 1025)
    await refused(authenticator, "ada@example.com", PASSWORD + "x" * 10_000_000)
    assert comparisons == []


async def test_the_dummy_hash_takes_as_long_as_a_real_one(ada):
    comparer = PasswordComparer(at_once=1, waiting=0)
    real = await passwords.hash_password(PASSWORD)

    async def seconds(password_hash):
        began = time.perf_counter()
        assert not await comparer.matches("wrong horse battery", password_hash)
        return time.perf_counter() - began

    with_hash = sorted([await seconds(real) for _ in range(5)])[1]
    without = sorted([await seconds(None) for _ in range(5)])[1]
    assert 0.3 < without / with_hash < 3


async def test_no_secret_is_in_the_refusal_or_in_the_log(ada, authenticator, caplog, capfd):
    with pytest.raises(SignInRefused) as caught:
        await sign_in(authenticator, password="wrong horse battery")
    said = repr(caught.value) + str(caught.value) + caplog.text + "".join(capfd.readouterr())
    assert "horse" not in said
    assert "argon2" not in said


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


async def test_a_password_changed_while_it_is_checked_lets_nobody_in(
    clock, cast, ada, authenticator, monkeypatch
):
    find = authenticator._sessions._find_sign_in

    async def overtaken(email):
        row = await find(email)
        clock.advance(timedelta(milliseconds=3))
        await identity.set_password(
            cast.db, actor=cast.operator, user_id=ada.user_id, password="another long one", now=clock.now()
        )
        return row

    monkeypatch.setattr(authenticator._sessions, "_find_sign_in", overtaken)
    await refused(authenticator)
