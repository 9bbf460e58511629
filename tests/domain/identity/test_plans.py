"""An organization's own plan and name, as its owner or admin changes them."""

import pytest

from backhaul.domain.identity import (
    Plan,
    Role,
    choose_plan,
    operator_actor,
    rename_organization,
)
from backhaul.domain.identity.clients.queries import get_own_organization
from backhaul.domain.identity.errors import PlanAgreed, RightMissing
from backhaul.kernel.errors import InvalidInput


async def plan_of(cast, actor):
    return (await get_own_organization(cast.db, actor=actor)).plan


async def test_an_admin_enables_enterprise_and_goes_back(cast):
    organization = await cast.organization(plan=Plan.FREE)
    admin = await cast.member(organization, Role.ADMIN)
    for plan in (Plan.ENTERPRISE, Plan.ENTERPRISE, Plan.FREE):
        changed = await choose_plan(cast.db, actor=admin, plan=plan, now=cast.clock.now())
        assert changed.plan is plan
    noted = await cast.history_of(organization.id, "organization", organization.id)
    assert noted == ["created", "plan_set", "plan_set"]


async def test_the_custom_plan_is_the_operators_to_give_and_to_take(cast):
    custom = await cast.organization(plan=Plan.CUSTOM)
    free = await cast.organization(plan=Plan.FREE)
    for organization, wanted in ((custom, Plan.FREE), (custom, Plan.ENTERPRISE), (free, Plan.CUSTOM)):
        owner = await cast.member(organization)
        before = await cast.traces()
        with pytest.raises(PlanAgreed):
            await choose_plan(cast.db, actor=owner, plan=wanted, now=cast.clock.now())
        assert await cast.traces() == before
        assert await plan_of(cast, owner) is organization.plan


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
async def test_nobody_below_an_admin_changes_plan_or_name(cast, role):
    organization = await cast.organization(plan=Plan.FREE)
    actor = await cast.member(organization, role)
    before = await cast.traces()
    with pytest.raises(RightMissing):
        await choose_plan(cast.db, actor=actor, plan=Plan.ENTERPRISE, now=cast.clock.now())
    with pytest.raises(RightMissing):
        await rename_organization(cast.db, actor=actor, name="Mine", now=cast.clock.now())
    assert await cast.traces() == before


async def test_an_organization_is_renamed_and_keeps_everything_else(cast):
    organization = await cast.organization(name="Before", plan=Plan.ENTERPRISE)
    owner = operator_actor(organization)
    renamed = await rename_organization(cast.db, actor=owner, name="  After ", now=cast.clock.now())
    assert (renamed.name, renamed.slug, renamed.plan) == ("After", organization.slug, Plan.ENTERPRISE)
    assert await get_own_organization(cast.db, actor=owner) == renamed
    for name in ("", " ", "x" * 201, "a\x00b"):
        with pytest.raises(InvalidInput):
            await rename_organization(cast.db, actor=owner, name=name, now=cast.clock.now())
    assert await get_own_organization(cast.db, actor=owner) == renamed
