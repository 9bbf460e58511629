"""An invitation gives no more than who sent it may still give, and what it cannot give is over."""

import pytest
from tests.domain.invitations.inviting import (
    counts,
    enters,
    invited,
    is_open,
    joins,
    listed,
    settle,
)

from backhaul.domain import identity
from backhaul.domain.identity import Role, operator_actor
from backhaul.domain.identity.model import RIGHTS, Right
from backhaul.domain.invitations import AlreadyInvited, InvitationOver
from backhaul.domain.invitations.model import is_given
from backhaul.domain.invitations.operations import accept
from backhaul.kernel.ids import UserId, new_id
from backhaul.storage.author import Author


@pytest.fixture
async def acme(cast):
    return await cast.organization()


async def demote(cast, organization, member, role):
    actor = operator_actor(organization)
    await identity.set_role(cast.db, actor=actor, user_id=member.user_id, role=role, now=cast.clock.now())


async def remove(cast, organization, member):
    actor = operator_actor(organization)
    await identity.remove_member(cast.db, actor=actor, user_id=member.user_id, now=cast.clock.now())


async def disable(cast, _, member):
    await identity.disable_user(cast.db, actor=cast.operator, user_id=member.user_id, now=cast.clock.now())


async def demote_to_member(cast, organization, member):
    await demote(cast, organization, member, Role.MEMBER)


LOSSES = [remove, demote_to_member, disable]


@pytest.mark.parametrize("loses", LOSSES)
async def test_who_may_not_invite_any_more_has_not_invited(cast, acme, loses):
    admin, ada = await cast.member(acme, Role.ADMIN), await cast.user(email="ada@example.com")
    _, to_new = await invited(cast, admin)
    _, to_ada = await invited(cast, admin, "ada@example.com", role=Role.VIEWER)
    assert [await is_open(cast, token) for token in (to_new, to_ada)] == [True, True]
    await loses(cast, acme, admin)
    assert [await is_open(cast, token) for token in (to_new, to_ada)] == [False, False]
    before = await counts(cast)
    with pytest.raises(InvitationOver):
        await joins(cast, to_new)
    with pytest.raises(InvitationOver):
        await enters(cast, to_ada, ada.id)
    assert await counts(cast) == before
    role = Role.MEMBER if loses is demote_to_member else None
    said = (False, "Ada Byron", role)
    assert await listed(cast, acme) == {"new@example.com": said, "ada@example.com": said}


@pytest.mark.parametrize("loses", LOSSES)
async def test_what_is_lost_while_somebody_joins_is_not_given(cast, acme, monkeypatch, loses):
    admin = await cast.member(acme, Role.ADMIN)
    _, token = await invited(cast, admin)
    seen = {}

    async def hash_password(_):  # after the invitation was looked at, before the transaction
        await loses(cast, acme, admin)
        seen.update(await counts(cast))
        return "hash"

    monkeypatch.setattr(accept.passwords, "hash_password", hash_password)
    with pytest.raises(InvitationOver):
        await joins(cast, token)
    assert await counts(cast) == seen


async def test_who_is_no_owner_any_more_makes_members_and_no_owners(cast, acme):
    owner = await cast.member(acme)
    await cast.member(acme)
    _, as_owner = await invited(cast, owner, role=Role.OWNER)
    _, as_admin = await invited(cast, owner, "other@example.com", role=Role.ADMIN)
    await demote(cast, acme, owner, Role.ADMIN)
    with pytest.raises(InvitationOver):
        await joins(cast, as_owner)
    assert (await joins(cast, as_admin)).role is Role.ADMIN


async def test_people_of_the_parent_invite_as_long_as_they_may_work_here(cast, acme):
    child = await cast.organization(parent_id=acme.id)
    owner = await cast.member(acme)
    await cast.member(acme)
    there = identity.Actor(
        org_id=child.id,
        plan=child.plan,
        user_id=owner.user_id,
        user_email=owner.user_email,
        rights=RIGHTS[Role.OWNER],
        author=Author(kind="user", id=owner.user_id),
    )
    _, first = await invited(cast, there)
    _, second = await invited(cast, there, "other@example.com")
    assert (await listed(cast, child))["new@example.com"] == (True, "Ada Byron", Role.OWNER)
    await joins(cast, first)
    await demote(cast, acme, owner, Role.MEMBER)
    with pytest.raises(InvitationOver):
        await joins(cast, second)


async def test_who_leaves_takes_their_open_invitations_along(cast, acme):
    admin, other = await cast.member(acme, Role.ADMIN), await cast.member(acme, Role.ADMIN)
    used, token = await invited(cast, admin, "used@example.com")
    await joins(cast, token)
    theirs, _ = await invited(cast, admin)
    kept, _ = await invited(cast, other, "kept@example.com")
    await remove(cast, acme, admin)
    await settle(cast)
    assert list(await listed(cast, acme)) == ["kept@example.com"]
    assert await cast.history_of(acme.id, "invitation", theirs.id) == ["sent", "withdrawn"]
    assert await cast.history_of(acme.id, "invitation", used.id) == ["sent", "accepted"]
    assert await cast.history_of(acme.id, "invitation", kept.id) == ["sent"]


async def test_who_comes_back_at_once_has_still_invited(cast, acme):
    admin = await cast.member(acme, Role.ADMIN)
    _, token = await invited(cast, admin)
    await remove(cast, acme, admin)
    await cast.join(acme, await identity.get_user(cast.db, email=admin.user_email), Role.ADMIN)
    await settle(cast)
    await joins(cast, token)


async def test_an_invitation_that_gives_nothing_makes_way_for_another(cast, acme):
    admin, owner = await cast.member(acme, Role.ADMIN), await cast.member(acme)
    former, _ = await invited(cast, admin)
    with pytest.raises(AlreadyInvited):
        await invited(cast, owner)
    await demote(cast, acme, admin, Role.VIEWER)
    _, token = await invited(cast, owner)
    assert await cast.history_of(acme.id, "invitation", former.id) == ["sent", "withdrawn"]
    await joins(cast, token)


async def test_one_that_ran_out_makes_way_with_a_line_of_history(cast, acme):
    former, _ = await invited(cast, operator_actor(acme))
    cast.clock.advance(former.expires_at - cast.clock.now())
    await invited(cast, operator_actor(acme))
    assert await cast.history_of(acme.id, "invitation", former.id) == ["sent", "withdrawn"]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("inviter", [None, *Role])
def test_nobody_gives_more_than_they_have(role, inviter):
    may = inviter is not None and Right.MEMBERS_MANAGE in RIGHTS[inviter] and RIGHTS[role] <= RIGHTS[inviter]
    assert is_given(role, by=UserId(new_id()), role_of_inviter=inviter) is may
    assert is_given(role, by=None, role_of_inviter=None)  # whoever runs the installation
