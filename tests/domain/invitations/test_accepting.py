"""A link works once, whoever follows it and however many do so at once."""

import asyncio

import pytest
from tests.domain.invitations.inviting import counts, enters, invited, joins

from backhaul.domain import identity
from backhaul.domain.identity import Role, operator_actor
from backhaul.domain.invitations import AccountNeeded, InvitationForSomebodyElse, InvitationOver
from backhaul.domain.invitations.operations import accept


@pytest.fixture
async def acme(cast):
    return await cast.organization()


async def roles(cast, organization):
    members = await identity.list_members(cast.db, actor=operator_actor(organization))
    return {one.email: one.role for one in members}


@pytest.fixture
def both_wait(monkeypatch):
    """Nobody's transaction begins before two have looked at their invitation."""
    barrier, original = asyncio.Barrier(2), accept.passwords.hash_password

    async def hash_password(password):
        await barrier.wait()
        return await original(password)

    monkeypatch.setattr(accept.passwords, "hash_password", hash_password)


async def test_whoever_comes_late_learns_that_the_link_was_used(cast, acme):
    stranger = await cast.user()
    sent, token = await invited(cast, operator_actor(acme))
    await joins(cast, token)
    before = await counts(cast)
    with pytest.raises(InvitationOver):
        await joins(cast, token)
    for user_id in (None, stranger.id):
        with pytest.raises(InvitationOver):
            await enters(cast, token, user_id)
    assert await counts(cast) == before
    assert await roles(cast, acme) == {"new@example.com": Role.MEMBER}
    assert await cast.history_of(acme.id, "invitation", sent.id) == ["sent", "accepted"]


async def test_an_open_link_is_for_the_account_of_its_address_alone(cast, acme):
    ada, stranger = await cast.user(email="ada@example.com"), await cast.user()
    _, token = await invited(cast, operator_actor(acme), "ada@example.com")
    before = await counts(cast)
    for user_id in (None, stranger.id):
        with pytest.raises(InvitationForSomebodyElse):
            await enters(cast, token, user_id)
    with pytest.raises(AccountNeeded):
        await joins(cast, token)
    assert await counts(cast) == before
    await enters(cast, token, ada.id)
    assert await roles(cast, acme) == {"ada@example.com": Role.MEMBER}


@pytest.mark.usefixtures("both_wait")
async def test_of_two_new_people_at_once_one_joins(cast, acme):
    sent, token = await invited(cast, operator_actor(acme))
    answers = await asyncio.gather(joins(cast, token), joins(cast, token), return_exceptions=True)
    assert sorted(type(one).__name__ for one in answers) == ["InvitationOver", "OpenedInvitation"]
    assert await roles(cast, acme) == {"new@example.com": Role.MEMBER}
    assert await cast.history_of(acme.id, "invitation", sent.id) == ["sent", "accepted"]


async def test_an_account_that_accepts_twice_at_once_joins_once(cast):
    for _ in range(5):
        acme, ada = await cast.organization(), await cast.user()
        sent, token = await invited(cast, operator_actor(acme), ada.email)
        answers = await asyncio.gather(
            enters(cast, token, ada.id), enters(cast, token, ada.id), return_exceptions=True
        )
        assert sorted(type(one).__name__ for one in answers) == ["InvitationOver", "OpenedInvitation"]
        assert await cast.history_of(acme.id, "invitation", sent.id) == ["sent", "accepted"]


@pytest.mark.usefixtures("both_wait")
async def test_of_two_invitations_of_one_address_at_once_one_makes_the_account(cast, acme):
    other = await cast.organization()
    tokens = [(await invited(cast, operator_actor(one)))[1] for one in (acme, other)]
    answers = await asyncio.gather(*(joins(cast, token) for token in tokens), return_exceptions=True)
    assert sorted(type(one).__name__ for one in answers) == ["AccountNeeded", "OpenedInvitation"]
    assert sorted([len(await roles(cast, one)) for one in (acme, other)]) == [0, 1]
