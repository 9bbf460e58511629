from uuid import uuid4

import asyncpg
import msgspec
import pytest

from backhaul.domain import identity
from backhaul.domain.identity import OPERATOR_ORG_ID, Plan, Role, operator_actor
from backhaul.domain.identity.errors import OrganizationUnknown, RightMissing, SlugTaken
from backhaul.kernel.addresses import Address
from backhaul.kernel.errors import InvalidInput
from backhaul.storage.database import Scope

DESK = Address(
    name="Acme", line_1="1 Main St", city="Austin", state_code="TX", postal_code="78701", country_code="US"
)


async def test_an_organization_is_created_with_its_history_and_event(db, clock, cast):
    acme = await cast.organization(name=" Acme, Inc. ", plan=Plan.CUSTOM, default_address=DESK)
    assert (acme.name, acme.slug, acme.plan, acme.version) == ("Acme, Inc.", "acme-inc", Plan.CUSTOM, 1)
    assert acme.default_address == DESK
    assert not acme.is_operator
    assert acme.created_at == clock.now()
    assert await cast.history_of(acme.id, "organization", acme.id) == ["created"]
    async with db.system() as system:
        told = await system.fetch("SELECT org_id, type, subject_id FROM outbox")
    assert [tuple(row) for row in told] == [(acme.id, "identity.organization_created", acme.id)]
    async with db.read(Scope(acme.id)) as reader:
        assert await identity.get_organization(reader, Scope(acme.id)) == acme


async def test_an_organization_is_found_by_slug_number_and_id(db, cast):
    acme = await cast.organization(name="Acme")
    for name in ("acme", " ACME ", str(acme.number), str(acme.id)):
        assert await identity.find_organization(db, name=name) == acme
    assert await identity.find_organization(db, name="other") is None


async def test_a_slug_of_digits_is_not_mistaken_for_a_number(db, cast):
    acme = await cast.organization(name="Acme")
    other = await cast.organization(name=str(acme.number))
    assert await identity.find_organization(db, name=str(acme.number)) == other


async def test_organizations_are_listed_in_pages_by_number(db, cast):
    made = [await cast.organization() for _ in range(3)]
    first = await identity.list_organizations(db, limit=2)
    rest = await identity.list_organizations(db, limit=10, after_number=first[-1].number)
    assert [each.id for each in first + rest] == [OPERATOR_ORG_ID, *(each.id for each in made)]


async def test_a_taken_slug_is_refused_and_leaves_no_trace(cast):
    await cast.organization(name="Acme")
    before = await cast.traces()
    with pytest.raises(SlugTaken):
        await cast.organization(name="ACME")
    with pytest.raises(InvalidInput):
        await cast.organization(name="株式会社")
    assert await cast.traces() == before


async def test_a_sub_account_needs_an_existing_parent(cast):
    parent = await cast.organization()
    child = await cast.organization(parent_id=parent.id)
    assert child.parent_id == parent.id
    before = await cast.traces()
    with pytest.raises(OrganizationUnknown):
        await cast.organization(parent_id=uuid4())
    assert await cast.traces() == before


async def test_only_the_operator_creates_organizations_and_sets_plans(db, clock, cast):
    acme = await cast.organization()
    owner = await cast.member(acme, Role.OWNER)
    before = await cast.traces()
    with pytest.raises(RightMissing):
        await identity.create_organization(db, actor=owner, name="Mine", now=clock.now())
    with pytest.raises(RightMissing):
        await identity.set_plan(db, actor=owner, plan=Plan.CUSTOM, now=clock.now())
    assert await cast.traces() == before


async def test_a_plan_is_set_once(db, clock, cast):
    acme = await cast.organization(plan=Plan.FREE)
    for _ in range(2):
        after = await identity.set_plan(db, actor=operator_actor(acme), plan=Plan.ENTERPRISE, now=clock.now())
        assert (after.plan, after.version) == (Plan.ENTERPRISE, 2)
    assert await cast.history_of(acme.id, "organization", acme.id) == ["created", "plan_set"]


async def test_an_admin_sets_and_clears_the_default_address(db, clock, cast):
    acme = await cast.organization()
    admin = await cast.member(acme, Role.ADMIN)
    member = await cast.member(acme, Role.MEMBER)
    after = await identity.set_default_address(db, actor=admin, address=DESK, now=clock.now())
    assert after.default_address == DESK
    wrong = msgspec.structs.replace(DESK, phone="call me")
    with pytest.raises(InvalidInput):
        await identity.set_default_address(db, actor=admin, address=wrong, now=clock.now())
    with pytest.raises(RightMissing):
        await identity.set_default_address(db, actor=member, address=None, now=clock.now())
    after = await identity.set_default_address(db, actor=admin, address=None, now=clock.now())
    assert after.default_address is None
    actions = await cast.history_of(acme.id, "organization", acme.id)
    assert actions == ["created", "default_address_set", "default_address_set"]


async def test_there_is_exactly_one_operator_organization(db, cast):
    acme = await cast.organization()
    operator = await identity.find_organization(db, name="operator")
    assert operator is not None
    assert (operator.id, operator.is_operator) == (OPERATOR_ORG_ID, True)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with db.transaction(Scope(acme.id)) as tx:
            await tx.execute("UPDATE organizations SET is_operator = true WHERE org_id = $1", acme.id)
    async with db.lookup_pool.acquire() as connection:
        await connection.execute("RESET ROLE")  # even the tables' owner cannot have a second one
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute("UPDATE organizations SET is_operator = true")
        await connection.execute("SET ROLE backhaul_app")
