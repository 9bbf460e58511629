import time
from datetime import timedelta

import pytest
from tests.domain.identity.signing_in import HERE, PASSWORD, refused, sign_in, written_out

from backhaul.domain import identity
from backhaul.domain.identity import (
    Role,
    operator_actor,
    passwords,
)
from backhaul.domain.identity.errors import SignInRefused
from backhaul.domain.identity.passwords import PasswordComparer
from backhaul.domain.identity.queries import FIND_SIGN_IN, FIND_SIGNING_KEYS
from backhaul.domain.identity.statements import REGISTER_TOKEN

pytestmark = pytest.mark.usefixtures("as_delivered")


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
