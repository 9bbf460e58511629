"""An installation keeps somebody who can run it."""

import asyncio

import pytest

from backhaul.domain import identity
from backhaul.domain.identity import OPERATOR_ORG_ID, Role, find_organization, system_actor
from backhaul.domain.identity.errors import LastOperatorKept


@pytest.fixture
async def operators(db):
    return await find_organization(db, name=str(OPERATOR_ORG_ID))


async def roles(cast):
    members = await identity.list_members(cast.db, actor=cast.operator)
    return {member.user_id: member.role for member in members}


async def demotes(cast, actor, member, role=Role.ADMIN):
    return await identity.set_role(
        cast.db, actor=actor, user_id=member.user_id, role=role, now=cast.clock.now()
    )


async def removes(cast, actor, member):
    await identity.remove_member(cast.db, actor=actor, user_id=member.user_id, now=cast.clock.now())


async def test_the_last_operator_is_kept(cast, operators):
    last = await cast.member(operators, Role.OPERATOR)
    await cast.member(operators, Role.OWNER)
    await cast.member(await cast.organization(), Role.OWNER)
    before = await cast.traces()
    for actor in (last, system_actor(OPERATOR_ORG_ID)):
        with pytest.raises(LastOperatorKept):
            await removes(cast, actor, last)
        for role in (Role.OWNER, Role.ADMIN, Role.VIEWER):
            with pytest.raises(LastOperatorKept):
                await demotes(cast, actor, last, role)
    assert await cast.traces() == before
    assert (await roles(cast))[last.user_id] is Role.OPERATOR
    other = await cast.member(operators, Role.OPERATOR)
    await removes(cast, other, last)
    assert last.user_id not in await roles(cast)


async def test_a_disabled_operator_does_not_count(db, clock, cast, operators):
    last, disabled = [await cast.member(operators, Role.OPERATOR) for _ in range(2)]
    await identity.disable_user(db, actor=cast.operator, user_id=disabled.user_id, now=clock.now())
    with pytest.raises(LastOperatorKept):
        await demotes(cast, last, last)
    await demotes(cast, last, disabled)


async def test_two_operators_cannot_demote_each_other_at_the_same_time(cast, operators):
    one, other = [await cast.member(operators, Role.OPERATOR) for _ in range(2)]
    for _ in range(5):
        answers = await asyncio.gather(
            demotes(cast, one, other), demotes(cast, other, one), return_exceptions=True
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["LastOperatorKept", "Membership"]
        assert sorted((await roles(cast)).values()) == [Role.ADMIN, Role.OPERATOR]
        for member in (one, other):
            await demotes(cast, cast.operator, member, Role.OPERATOR)


async def test_two_operators_cannot_remove_each_other_at_the_same_time(cast, operators):
    one, other = [await cast.member(operators, Role.OPERATOR) for _ in range(2)]
    answers = await asyncio.gather(
        removes(cast, one, other), removes(cast, other, one), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["LastOperatorKept", "NoneType"]
    assert list((await roles(cast)).values()) == [Role.OPERATOR]
