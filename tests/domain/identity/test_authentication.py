from datetime import timedelta

import pytest
from tests.domain.identity.calling import ELSEWHERE, HERE, refused

from backhaul.domain import identity
from backhaul.domain.identity import (
    Actor,
    AuthenticationSettings,
    Authenticator,
    Plan,
    Right,
    Role,
    ThrottleSettings,
    credentials,
)
from backhaul.domain.identity.errors import TooManyAttempts
from backhaul.domain.identity.model import RIGHTS
from backhaul.storage.history import Author


async def test_a_key_tells_who_calls_in_one_statement_and_then_in_none(
    cast, owner, authenticator, statements
):
    key, secret = await cast.key(owner)
    statements.clear()
    actor = await authenticator.by_api_key(secret, HERE)
    assert len(statements) == 1
    assert actor == Actor(
        org_id=owner.org_id,
        plan=Plan.ENTERPRISE,
        user_id=owner.user_id,
        user_email=owner.user_email,
        rights=RIGHTS[Role.OWNER],
        author=Author(kind="api_key", id=key.id),
        org_number=owner.org_number,
    )
    assert await authenticator.by_api_key(secret, ELSEWHERE) is actor
    assert len(statements) == 1


async def test_an_answer_is_trusted_for_thirty_seconds(cast, owner, authenticator, ticks, statements):
    _, secret = await cast.key(owner)
    statements.clear()
    await authenticator.by_api_key(secret, HERE)
    ticks.at += 29.9
    await authenticator.by_api_key(secret, HERE)
    assert len(statements) == 1
    ticks.at += 0.2
    await authenticator.by_api_key(secret, HERE)
    assert len(statements) == 2


async def test_without_any_notice_a_revoked_key_ends_after_thirty_seconds(cast, owner, authenticator, ticks):
    key, secret = await cast.key(owner)
    await authenticator.by_api_key(secret, HERE)
    await identity.revoke_api_key(cast.db, actor=owner, key_id=key.id, now=cast.clock.now())
    ticks.at += 30
    await refused(authenticator, secret)


async def test_scopes_narrow_what_a_key_may_do(cast, owner, authenticator):
    _, secret = await cast.key(owner, scopes=[Right.TRANSFERS_READ])
    assert (await authenticator.by_api_key(secret, HERE)).rights == {Right.TRANSFERS_READ}


async def test_malformed_secrets_never_reach_the_database(authenticator, statements):
    for secret in ("", "Token", "bh_abcdefgh_" + "a" * 42, "' OR 1=1 --"):
        await refused(authenticator, secret)
    assert statements == []


async def test_an_unknown_secret_asks_the_database_once_in_five_seconds(authenticator, ticks, statements):
    secret = credentials.make_secret().secret
    for _ in range(3):
        await refused(authenticator, secret)
    assert len(statements) == 1
    ticks.at += 5
    await refused(authenticator, secret)
    assert len(statements) == 2


async def test_expiry_counts_on_every_call(clock, cast, owner, authenticator):
    _, secret = await cast.key(owner, expires_at=clock.now() + timedelta(seconds=10))
    clock.advance(timedelta(seconds=9))
    await authenticator.by_api_key(secret, HERE)
    clock.advance(timedelta(seconds=1))
    await refused(authenticator, secret)


async def test_the_network_counts_on_every_call(cast, owner, authenticator):
    _, secret = await cast.key(owner, allowed_networks=["203.0.113.0/24", "2001:db8::/32"])
    for address in (HERE, "2001:db8::5", f"::ffff:{HERE}"):
        await authenticator.by_api_key(secret, address)
    for address in (ELSEWHERE, "2001:db9::5", None, "unix", ""):
        await refused(authenticator, secret, address)


async def test_guessing_is_slowed_and_good_keys_behind_the_same_address_still_work(
    db, clock, cast, owner, ticks
):
    settings = AuthenticationSettings(throttle=ThrottleSettings(burst=3, per_second=0.1))
    authenticator = Authenticator(db, clock=clock, settings=settings, ticks=ticks)
    _, known = await cast.key(owner)
    _, other = await cast.key(owner)
    await authenticator.by_api_key(known, HERE)
    await refused(authenticator, "nonsense")
    await refused(authenticator, credentials.make_secret().secret)
    await refused(authenticator, credentials.make_secret().secret)
    for secret in ("nonsense", credentials.make_secret().secret, other):
        with pytest.raises(TooManyAttempts) as caught:
            await authenticator.by_api_key(secret, HERE)
        assert caught.value.data == {"retry_after_seconds": 10}
    await authenticator.by_api_key(known, HERE)
    await authenticator.by_api_key(other, ELSEWHERE)
    for _ in range(10):  # past its time a known key is asked for again, whatever the neighbours do
        ticks.at += 31
        for _ in range(3):
            await refused(authenticator, "nonsense")
        with pytest.raises(TooManyAttempts):
            await authenticator.by_api_key("nonsense", HERE)
        await authenticator.by_api_key(known, HERE)
    await authenticator.close()


async def test_memory_is_bounded(db, clock, cast, owner, ticks):
    settings = AuthenticationSettings(capacity=2, refused_capacity=2, throttle=ThrottleSettings(burst=1000))
    authenticator = Authenticator(db, clock=clock, settings=settings, ticks=ticks)
    secrets = [(await cast.key(owner))[1] for _ in range(4)]
    for secret in secrets:
        await authenticator.by_api_key(secret, HERE)
        await refused(authenticator, credentials.make_secret().secret)
    assert len(authenticator._cache._live) == 2
    assert len(authenticator._cache._refused) == 2
    await authenticator.close()


async def test_the_last_use_is_written_outside_the_call_once_a_minute(cast, owner, authenticator, statements):
    key, secret = await cast.key(owner)
    used_at = cast.clock.now()

    async def last_used():
        [found] = await identity.list_api_keys(cast.db, actor=owner)
        return found.last_used_at

    await authenticator.by_api_key(secret, HERE)
    assert await last_used() is None
    await authenticator.write_uses()
    assert await last_used() == used_at
    cast.clock.advance(timedelta(seconds=59))
    await authenticator.by_api_key(secret, HERE)
    statements.clear()
    await authenticator.write_uses()
    assert statements == []
    other = Authenticator(cast.db, clock=cast.clock, settings=AuthenticationSettings())
    await other.by_api_key(secret, HERE)
    await other.close()
    assert await last_used() == used_at
    cast.clock.advance(timedelta(seconds=1))
    await authenticator.by_api_key(secret, HERE)
    await authenticator.close()
    assert await last_used() == cast.clock.now()
    assert key.last_used_at is None


async def test_a_refused_call_is_no_use(db, cast, owner, authenticator):
    _, secret = await cast.key(owner, allowed_networks=["10.0.0.0/8"])
    await refused(authenticator, secret)
    await authenticator.write_uses()
    [found] = await identity.list_api_keys(db, actor=owner)
    assert found.last_used_at is None
