"""A token is believed for 30 seconds at most without asking, and not a moment longer once a notice has come."""

import asyncio
from datetime import timedelta

import pytest

from backhaul.domain.identity import Role, add_member, find_organization, operator_actor, remove_member
from backhaul.domain.identity.clients import (
    add_client,
    disable_client,
    find_known_client,
    issue_own_token,
    revoke_authorization,
)
from backhaul.domain.identity.clients.errors import ClientRefused
from backhaul.domain.identity.clients.operations.keeping import rotate_client_secret
from backhaul.domain.identity.clients.queries import FIND_BEARER
from backhaul.domain.identity.errors import CredentialsInvalid, TokenRevoked, TooManyAttempts

HERE = "192.0.2.1"


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


async def test_who_calls_is_the_member_within_the_scopes(cast, owner, authenticator, known):
    caller = await authenticator.clients.by_token(await issue(cast, authenticator, known), HERE)
    assert (caller.actor.org_id, caller.actor.user_id) == (owner.org_id, owner.user_id)
    assert (caller.actor.author.kind, caller.actor.author.id) == ("client", known.id)
    assert {right.value for right in caller.actor.rights} == {"returns.read", "returns.write", "billing.read"}
    assert caller.scopes == {"returns"}


async def test_without_a_notice_a_token_is_looked_up_again_after_30_seconds(
    cast, authenticator, known, ticks, statements
):
    """This authenticator does not listen: what it holds, it holds until the time is over."""
    token = await issue(cast, authenticator, known)
    await authenticator.clients.by_token(token, HERE)
    await revoke_authorization(cast.db, client=known, user_number=known.user_number, now=cast.clock.now())
    statements.clear()
    ticks.at += 29.9
    await authenticator.clients.by_token(token, HERE)
    assert statements == []
    ticks.at += 0.1
    with pytest.raises(TokenRevoked):
        await authenticator.clients.by_token(token, HERE)
    assert statements == [FIND_BEARER]
    with pytest.raises(TokenRevoked):  # a refusal is remembered too, for a moment
        await authenticator.clients.by_token(token, HERE)
    assert statements == [FIND_BEARER]


async def test_a_notice_reaches_every_process(cast, owner, listening, known):
    first, second = listening
    token = await issue(cast, first, known)
    for each in listening:
        assert (await each.clients.by_token(token, HERE)).client_id == known.id
    await disable_client(cast.db, actor=owner, client_id=known.client_id, now=cast.clock.now())
    for each in (first, second):
        for _ in range(500):
            try:
                await each.clients.by_token(token, HERE)
            except TokenRevoked:
                break
            await asyncio.sleep(0.01)
        else:
            pytest.fail("the token is still believed")


async def test_nothing_is_issued_to_a_client_that_ended_since_it_showed_its_secret(
    cast, owner, authenticator, known
):
    cast.clock.advance(timedelta(seconds=1))
    await rotate_client_secret(cast.db, actor=owner, client_id=known.client_id, now=cast.clock.now())
    with pytest.raises(ClientRefused):
        await issue(cast, authenticator, known)
    again = await find_known_client(cast.db, client_id=known.client_id)
    assert await issue(cast, authenticator, again)
    await disable_client(cast.db, actor=owner, client_id=known.client_id, now=cast.clock.now())
    with pytest.raises(ClientRefused):
        await issue(cast, authenticator, again)


async def test_who_becomes_a_member_again_gets_no_old_token_back(cast, owner, authenticator, known, ticks):
    organization = await find_organization(cast.db, name=str(owner.org_id))
    actor = operator_actor(organization)
    await cast.member(organization)  # another owner, so that this one can leave
    token = await issue(cast, authenticator, known)
    cast.clock.advance(timedelta(days=1))
    await remove_member(cast.db, actor=actor, user_id=owner.user_id, now=cast.clock.now())
    await add_member(cast.db, actor=actor, user_id=owner.user_id, role=Role.OWNER, now=cast.clock.now())
    with pytest.raises(TokenRevoked):
        await authenticator.clients.by_token(token, HERE)


async def test_only_what_is_no_token_of_ours_is_slowed(cast, authenticator, known):
    token = await issue(cast, authenticator, known)
    for _ in range(30):
        with pytest.raises(CredentialsInvalid):
            await authenticator.clients.by_token("nonsense", HERE)
    with pytest.raises(TooManyAttempts):
        await authenticator.clients.by_token("nonsense", HERE)
    assert (await authenticator.clients.by_token(token, HERE)).client_id == known.id
