"""Expired tokens and codes are let go; whatever can still be used, or would be needed to end a token, stays."""

from datetime import timedelta

import pytest

from backhaul.domain.identity.cache import Notice
from backhaul.domain.identity.clients import add_client, find_known_client, issue_own_token
from backhaul.domain.identity.errors import TokenExpired
from backhaul.jobqueue import PERIODICS, Run
from backhaul.storage.database import Scope

TEN_YEARS = timedelta(seconds=315_360_000)
HERE = "192.0.2.1"
CODE = """
INSERT INTO authorization_codes (org_id, code_hash, client_id, user_id, user_number, redirect_uri, scopes, created_at,
    expires_at, used_at)
VALUES ($1, sha256($2::bytea), $3, $4, 1, 'https://shop.example/', '{returns}', $5, $6, $7)
"""
OF_CODE = """
INSERT INTO client_tokens (org_id, id, client_id, user_id, user_number, scopes, key_id, code_hash, issued_at,
    expires_at)
VALUES ($1, gen_random_uuid(), $2, $3, 1, '{returns}', gen_random_uuid(), sha256($4::bytea), $5, $6)
"""
MANY = """
INSERT INTO client_tokens (org_id, id, client_id, user_id, user_number, scopes, key_id, issued_at, expires_at)
SELECT $1, gen_random_uuid(), $2, $3, 1, '{returns}', gen_random_uuid(), $4, $4 FROM generate_series(1, 2100)
"""
LEFT = """
SELECT (SELECT count(*) FROM client_tokens) AS tokens, (SELECT count(*) FROM authorization_codes) AS codes
"""


@pytest.fixture
async def owner(cast):
    return await cast.member(await cast.organization())


@pytest.fixture
async def known(cast, owner):
    client, _ = await add_client(
        cast.db, actor=owner, name="Shop", scopes=["returns"], most=2, now=cast.clock.now()
    )
    return await find_known_client(cast.db, client_id=client.client_id)


async def issue(cast, authenticator, known):
    issued = await issue_own_token(
        cast.db, bearers=authenticator.clients, client=known, scope=None, now=cast.clock.now()
    )
    return issued.access_token


async def code(cast, known, name, *, is_used=False):
    """A code that is good for a minute, or was used for a token of ten years."""
    now = cast.clock.now()
    async with cast.db.transaction(Scope(known.org_id)) as tx:
        used_at = now if is_used else None
        expires_at = now + timedelta(minutes=1)
        await tx.execute(CODE, known.org_id, name, known.id, known.user_id, now, expires_at, used_at)
        if is_used:
            await tx.execute(OF_CODE, known.org_id, known.id, known.user_id, name, now, now + TEN_YEARS)


async def forget(cast):
    """What is left after a turn of the job: (tokens, codes)."""
    await PERIODICS["identity.forget_tokens"](Run(cast.db, cast.clock, {}))
    async with cast.db.system() as system:
        return tuple(await system.fetchrow(LEFT))


async def test_a_token_goes_a_day_after_it_expired_and_is_refused_before_and_after(
    cast, authenticator, known
):
    token = await issue(cast, authenticator, known)
    cast.clock.advance(TEN_YEARS)
    with pytest.raises(TokenExpired):
        await authenticator.clients.by_token(token, HERE)
    assert await forget(cast) == (1, 0)
    cast.clock.advance(timedelta(days=1, seconds=1))
    assert await forget(cast) == (0, 0)
    authenticator.clients.heed(Notice())
    with pytest.raises(TokenExpired):
        await authenticator.clients.by_token(token, HERE)


async def test_a_token_in_its_time_stays_and_opens(cast, authenticator, known):
    token = await issue(cast, authenticator, known)
    cast.clock.advance(TEN_YEARS - timedelta(seconds=1))
    assert await forget(cast) == (1, 0)
    assert (await authenticator.clients.by_token(token, HERE)).actor.org_id == known.org_id


async def test_a_code_nobody_used_goes_a_day_after_its_minute(cast, known):
    await code(cast, known, b"unused")
    cast.clock.advance(timedelta(days=1, minutes=1))
    assert await forget(cast) == (0, 1)
    cast.clock.advance(timedelta(seconds=1))
    assert await forget(cast) == (0, 0)


async def test_a_used_code_stays_as_long_as_what_it_brought(cast, known):
    """Brought again, it ends the token: that works only while it is known."""
    await code(cast, known, b"used", is_used=True)
    cast.clock.advance(timedelta(days=3000))
    assert await forget(cast) == (1, 1)
    cast.clock.advance(TEN_YEARS)
    assert await forget(cast) == (0, 0)


async def test_more_than_a_batch_goes_in_one_turn(cast, known):
    for number in range(3):
        await code(cast, known, f"used {number}".encode(), is_used=True)
    async with cast.db.transaction(Scope(known.org_id)) as tx:
        await tx.execute(MANY, known.org_id, known.id, known.user_id, cast.clock.now())
    cast.clock.advance(timedelta(days=2))
    assert await forget(cast) == (3, 3)
