"""What is taken away is gone in every process within a second: notices reach all who hold an answer."""

import asyncio

from tests.domain.identity.calling import HERE, refused, until_refused

from backhaul.domain import identity
from backhaul.domain.identity import (
    Plan,
    Role,
    credentials,
    operator_actor,
)
from backhaul.domain.identity.model import RIGHTS


async def test_revocation_is_seen_by_every_process_within_a_second(db, clock, cast, owner, listening):
    key, secret = await cast.key(owner)
    for each in listening:
        await each.by_api_key(secret, HERE)
    await identity.revoke_api_key(db, actor=owner, key_id=key.id, now=clock.now())
    for each in listening:
        assert await until_refused(each, secret) < 1


async def test_a_disabled_account_is_shut_out_within_a_second_and_let_back_in(
    db, clock, cast, owner, listening
):
    _, secret = await cast.key(owner)
    for each in listening:
        await each.by_api_key(secret, HERE)
    await identity.disable_user(db, actor=cast.operator, user_id=owner.user_id, now=clock.now())
    for each in listening:
        assert await until_refused(each, secret) < 1
    await identity.enable_user(db, actor=cast.operator, user_id=owner.user_id, now=clock.now())
    await asyncio.sleep(0.2)
    for each in listening:
        await each.by_api_key(secret, HERE)


async def test_an_ended_membership_ends_its_keys_within_a_second(db, clock, cast, listening):
    acme = await cast.organization()
    admin = await cast.member(acme, Role.ADMIN)
    _, secret = await cast.key(admin)
    for each in listening:
        await each.by_api_key(secret, HERE)
    await identity.remove_member(db, actor=operator_actor(acme), user_id=admin.user_id, now=clock.now())
    for each in listening:
        assert await until_refused(each, secret) < 1
    user = await identity.get_user(db, email=admin.user_email)
    await cast.join(acme, user, Role.ADMIN)  # a key that ended stays ended
    await refused(listening[0], secret)


async def test_plan_and_role_changes_arrive_within_a_second(db, clock, cast, listening):
    acme = await cast.organization()
    admin = await cast.member(acme, Role.ADMIN)
    _, secret = await cast.key(admin)
    for each in listening:
        await each.by_api_key(secret, HERE)
    await identity.set_plan(db, actor=operator_actor(acme), plan=Plan.FREE, now=clock.now())
    await identity.set_role(
        db, actor=operator_actor(acme), user_id=admin.user_id, role=Role.VIEWER, now=clock.now()
    )
    await asyncio.sleep(0.5)
    for each in listening:
        actor = await each.by_api_key(secret, HERE)
        assert actor.plan is Plan.FREE
        assert actor.rights == RIGHTS[Role.VIEWER]


async def test_a_notice_is_for_those_it_names(cast, owner, listening, statements):
    _, bystander = await cast.key(owner)
    key, _ = await cast.key(owner)
    await listening[0].by_api_key(bystander, HERE)
    await identity.revoke_api_key(cast.db, actor=owner, key_id=key.id, now=cast.clock.now())
    await asyncio.sleep(0.2)
    statements.clear()
    await listening[0].by_api_key(bystander, HERE)
    assert statements == []


async def test_an_answer_that_a_notice_overtook_is_not_kept(cast, owner, authenticator, monkeypatch):
    _, secret = await cast.key(owner)
    lookup = cast.db.lookup

    def overtaken():
        authenticator.revocations._receive(None, 0, "", '{"org_id": null}')
        return lookup()

    monkeypatch.setattr(cast.db, "lookup", overtaken)
    await authenticator.by_api_key(secret, HERE)
    monkeypatch.setattr(cast.db, "lookup", lookup)
    assert authenticator._cache.find(credentials.hash_of(secret)) is None


async def test_an_unreadable_notice_means_everybody(cast, owner, authenticator, statements):
    _, secret = await cast.key(owner)
    await authenticator.by_api_key(secret, HERE)
    authenticator.revocations._receive(None, 0, "", "not json")
    statements.clear()
    await authenticator.by_api_key(secret, HERE)
    assert len(statements) == 1


async def test_a_lost_listener_comes_back_and_trusts_nothing_it_held(db, clock, cast, owner, listening):
    key, secret = await cast.key(owner)
    for each in listening:
        await each.by_api_key(secret, HERE)
    async with db.lookup_pool.acquire() as connection:
        await connection.execute("RESET ROLE")
        killed = await connection.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND (query ILIKE 'listen%' OR query = '')"
        )
        assert len(killed) == len(listening)
        # without any notice, as if it had been sent while nobody listened
        await connection.execute("UPDATE api_keys SET revoked_at = $1 WHERE id = $2", clock.now(), key.id)
        await connection.execute("SET ROLE backhaul_app")
    for each in listening:
        assert await until_refused(each, secret) < 2
    other, second = await cast.key(owner)
    for each in listening:
        await asyncio.wait_for(each.revocations.wait_until_listening(), 5)
        await each.by_api_key(second, HERE)
    await identity.revoke_api_key(db, actor=owner, key_id=other.id, now=clock.now())
    for each in listening:
        assert await until_refused(each, second) < 1
