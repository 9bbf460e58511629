import asyncio
from datetime import timedelta

import pytest

from backhaul.domain import identity
from backhaul.domain.identity import Right, Role, credentials, operator_actor
from backhaul.domain.identity.errors import (
    ApiKeyAlreadyRevoked,
    ApiKeyUnknown,
    MemberUnknown,
    RightMissing,
)
from backhaul.kernel.errors import InvalidInput


async def test_a_key_is_shown_once_and_stored_as_a_hash(db, clock, cast):
    acme = await cast.organization()
    owner = await cast.member(acme)
    expires_at = clock.now() + timedelta(days=1)
    key, secret = await cast.key(
        owner,
        name=" CI ",
        scopes=[Right.TRANSFERS_READ, Right.TRANSFERS_READ],
        allowed_networks=["203.0.113.7"],
        expires_at=expires_at,
    )
    assert secret.startswith(key.prefix)
    assert (key.name, key.user_id, key.scopes) == ("CI", owner.user_id, (Right.TRANSFERS_READ,))
    assert await identity.list_api_keys(db, actor=owner) == [key]
    async with db.lookup_pool.acquire() as connection:
        await connection.execute("RESET ROLE")
        stored = await connection.fetchval("SELECT secret_hash FROM api_keys")
        everything = await connection.fetchval(
            "SELECT string_agg(t::text, '') FROM (SELECT k::text AS t FROM api_keys AS k UNION ALL "
            "SELECT h::text FROM history AS h UNION ALL SELECT o::text FROM outbox AS o) AS rows"
        )
        await connection.execute("SET ROLE backhaul_app")
    assert stored == credentials.hash_of(secret)
    assert secret not in everything
    assert await cast.history_of(acme.id, "api_key", key.id) == ["created"]


async def test_keys_are_listed_newest_first_in_pages(db, cast):
    owner = await cast.member(await cast.organization())
    made = [(await cast.key(owner))[0] for _ in range(3)]
    first = await identity.list_api_keys(db, actor=owner, limit=2)
    rest = await identity.list_api_keys(db, actor=owner, limit=2, before=first[-1].id)
    assert first + rest == made[::-1]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"allowed_networks": ["10.0.0.1/8"]}, "allowed_networks[0]"),
        ({"allowed_networks": [f"10.0.0.{n}" for n in range(101)]}, "allowed_networks"),
        ({"scopes": [Right.TRANSFERS_READ, Right.INSTALLATION_OPERATE]}, "scopes[1]"),
    ],
)
async def test_wrong_values_are_named_and_leave_no_trace(cast, given, path):
    owner = await cast.member(await cast.organization())
    before = await cast.traces()
    with pytest.raises(InvalidInput) as caught:
        await cast.key(owner, **given)
    assert [problem.path for problem in caught.value.problems] == [path]
    assert await cast.traces() == before


async def test_a_key_must_not_be_born_expired(clock, cast):
    owner = await cast.member(await cast.organization())
    with pytest.raises(InvalidInput):
        await cast.key(owner, expires_at=clock.now())


async def test_members_do_not_make_keys_and_nobody_makes_one_above_themselves(db, cast):
    acme = await cast.organization()
    owner, admin = await cast.member(acme, Role.OWNER), await cast.member(acme, Role.ADMIN)
    member = await cast.member(acme, Role.MEMBER)
    before = await cast.traces()
    with pytest.raises(RightMissing):
        await cast.key(member)
    with pytest.raises(RightMissing):
        await identity.list_api_keys(db, actor=member)
    with pytest.raises(RightMissing):
        await cast.key(admin, user_id=owner.user_id)
    assert await cast.traces() == before
    await cast.key(admin, user_id=owner.user_id, scopes=[Right.TRANSFERS_READ])
    await cast.key(admin, user_id=member.user_id)


async def test_only_enabled_members_get_keys(db, clock, cast):
    acme, other = await cast.organization(), await cast.organization()
    owner, stranger = await cast.member(acme), await cast.member(other)
    before = await cast.traces()
    with pytest.raises(MemberUnknown):
        await cast.key(owner, user_id=stranger.user_id)
    with pytest.raises(InvalidInput):
        await cast.key(operator_actor(acme))
    assert await cast.traces() == before
    await identity.disable_user(db, actor=cast.operator, user_id=owner.user_id, now=clock.now())
    with pytest.raises(MemberUnknown):
        await cast.key(operator_actor(acme), user_id=owner.user_id)


async def test_revoking_is_noted_and_refused_the_second_time(db, clock, cast, statements):
    acme = await cast.organization()
    owner = await cast.member(acme)
    key, _ = await cast.key(owner)
    statements.clear()
    after = await identity.revoke_api_key(db, actor=owner, key_id=key.id, now=clock.now())
    assert len(statements) == 4
    assert after.revoked_at == clock.now()
    before = await cast.traces()
    with pytest.raises(ApiKeyAlreadyRevoked):
        await identity.revoke_api_key(db, actor=owner, key_id=key.id, now=clock.now())
    assert await cast.traces() == before
    assert await cast.history_of(acme.id, "api_key", key.id) == ["created", "revoked"]


async def test_somebody_elses_key_is_unknown(db, clock, cast):
    owner, eve = [await cast.member(await cast.organization()) for _ in range(2)]
    key, _ = await cast.key(owner)
    before = await cast.traces()
    with pytest.raises(ApiKeyUnknown):
        await identity.revoke_api_key(db, actor=eve, key_id=key.id, now=clock.now())
    assert await cast.traces() == before
    assert await identity.list_api_keys(db, actor=owner) == [key]


async def test_a_key_made_while_its_user_leaves_is_refused_or_ends_with_the_membership(db, clock, cast):
    acme = await cast.organization()
    for _ in range(10):
        admin = await cast.member(acme, Role.ADMIN)
        made, _ = await asyncio.gather(
            cast.key(operator_actor(acme), user_id=admin.user_id),
            identity.remove_member(db, actor=operator_actor(acme), user_id=admin.user_id, now=clock.now()),
            return_exceptions=True,
        )
        assert isinstance(made, tuple | MemberUnknown)
    assert all(key.revoked_at for key in await identity.list_api_keys(db, actor=operator_actor(acme)))
