import asyncio
from uuid import uuid4

import asyncpg
import pytest

from backhaul.domain import identity
from backhaul.domain.identity import OPERATOR_ORG_ID, Role, operator_actor, system_actor
from backhaul.domain.identity.errors import (
    AlreadyMember,
    LastOwnerKept,
    MemberUnknown,
    OperatorRoleRefused,
    RightMissing,
    UserUnknown,
)
from backhaul.kernel.errors import InvalidInput
from backhaul.storage.database import Scope


async def roles(db, organization):
    members = await identity.list_members(db, actor=operator_actor(organization))
    return {member.user_id: member.role for member in members}


async def defaults(db, user_id):
    async with db.system() as system:
        rows = await system.fetch("SELECT org_id FROM memberships WHERE user_id = $1 AND is_default", user_id)
    return [row["org_id"] for row in rows]


async def test_the_first_membership_is_the_default_and_passes_on_when_it_ends(db, clock, cast):
    first, second, third = [await cast.organization() for _ in range(3)]
    ada = await cast.user()
    assert (await cast.join(first, ada, Role.MEMBER)).is_default
    assert not (await cast.join(second, ada, Role.MEMBER)).is_default
    assert not (await cast.join(third, ada, Role.MEMBER)).is_default
    assert await defaults(db, ada.id) == [first.id]
    for leaving, left in ((first, [second.id]), (second, [third.id]), (third, [])):
        await identity.remove_member(db, actor=operator_actor(leaving), user_id=ada.id, now=clock.now())
        assert await defaults(db, ada.id) == left


async def test_joining_twice_is_refused_and_leaves_no_trace(cast):
    acme, other = await cast.organization(), await cast.organization()
    ada = await cast.user()
    await cast.join(other, ada, Role.MEMBER)
    await cast.join(acme, ada, Role.MEMBER)
    before = await cast.traces()
    for organization in (acme, other):
        with pytest.raises(AlreadyMember):
            await cast.join(organization, ada, Role.ADMIN)
    assert await cast.traces() == before


async def test_an_unknown_account_cannot_join(db, clock, cast):
    acme = await cast.organization()
    with pytest.raises(UserUnknown):
        await identity.add_member(
            db, actor=operator_actor(acme), user_id=uuid4(), role=Role.MEMBER, now=clock.now()
        )


async def test_an_owner_cannot_read_accounts_by_adding_them(db, clock, cast):
    acme = await cast.organization()
    owner = await cast.member(acme, Role.OWNER)
    stranger = await cast.user()
    with pytest.raises(RightMissing):
        await identity.add_member(db, actor=owner, user_id=stranger.id, role=Role.VIEWER, now=clock.now())


async def test_the_operator_role_is_refused_elsewhere_by_domain_and_database(db, clock, cast):
    acme = await cast.organization()
    member = await cast.member(acme, Role.MEMBER)
    ada = await cast.user()
    before = await cast.traces()
    with pytest.raises(OperatorRoleRefused):
        await cast.join(acme, ada, Role.OPERATOR)
    with pytest.raises(OperatorRoleRefused):
        await identity.set_role(
            db, actor=operator_actor(acme), user_id=member.user_id, role=Role.OPERATOR, now=clock.now()
        )
    assert await cast.traces() == before
    with pytest.raises(asyncpg.CheckViolationError):
        async with db.transaction(Scope(acme.id)) as tx:
            await tx.execute("UPDATE memberships SET role = 'operator' WHERE org_id = $1", acme.id)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with db.transaction(Scope(acme.id)) as tx:
            await tx.execute(
                "INSERT INTO memberships (org_id, user_id, role, is_in_operator_organization, created_at) "
                "VALUES ($1, $2, 'operator', true, now())",
                acme.id,
                ada.id,
            )


async def test_the_operator_organization_has_operators(db, clock, cast):
    ada = await cast.user()
    added = await identity.add_member(
        db, actor=system_actor(OPERATOR_ORG_ID), user_id=ada.id, role=Role.OPERATOR, now=clock.now()
    )
    assert added.role is Role.OPERATOR


async def test_the_last_owner_is_kept(db, clock, cast):
    acme = await cast.organization()
    owner = await cast.member(acme, Role.OWNER)
    await cast.member(acme, Role.ADMIN)
    before = await cast.traces()
    with pytest.raises(LastOwnerKept):
        await identity.remove_member(db, actor=owner, user_id=owner.user_id, now=clock.now())
    with pytest.raises(LastOwnerKept):
        await identity.set_role(db, actor=owner, user_id=owner.user_id, role=Role.ADMIN, now=clock.now())
    assert await cast.traces() == before
    assert (await roles(db, acme))[owner.user_id] is Role.OWNER


async def test_a_disabled_owner_does_not_count(db, clock, cast):
    acme = await cast.organization()
    owner, other = await cast.member(acme, Role.OWNER), await cast.member(acme, Role.OWNER)
    await identity.disable_user(db, actor=cast.operator, user_id=other.user_id, now=clock.now())
    with pytest.raises(LastOwnerKept):
        await identity.remove_member(db, actor=owner, user_id=owner.user_id, now=clock.now())


async def test_two_owners_cannot_remove_each_other_at_the_same_time(db, clock, cast):
    for _ in range(5):
        acme = await cast.organization()
        one, other = await cast.member(acme, Role.OWNER), await cast.member(acme, Role.OWNER)
        answers = await asyncio.gather(
            identity.remove_member(db, actor=one, user_id=other.user_id, now=clock.now()),
            identity.remove_member(db, actor=other, user_id=one.user_id, now=clock.now()),
            return_exceptions=True,
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["LastOwnerKept", "NoneType"]
        assert len(await roles(db, acme)) == 1


async def test_an_admin_neither_makes_nor_removes_owners(db, clock, cast):
    acme = await cast.organization()
    owner, admin = await cast.member(acme, Role.OWNER), await cast.member(acme, Role.ADMIN)
    await cast.member(acme, Role.OWNER)
    before = await cast.traces()
    with pytest.raises(RightMissing):
        await identity.set_role(db, actor=admin, user_id=admin.user_id, role=Role.OWNER, now=clock.now())
    with pytest.raises(RightMissing):
        await identity.set_role(db, actor=admin, user_id=owner.user_id, role=Role.VIEWER, now=clock.now())
    with pytest.raises(RightMissing):
        await identity.remove_member(db, actor=admin, user_id=owner.user_id, now=clock.now())
    assert await cast.traces() == before
    await identity.set_role(db, actor=owner, user_id=admin.user_id, role=Role.OWNER, now=clock.now())
    assert (await roles(db, acme))[admin.user_id] is Role.OWNER
    assert await cast.history_of(acme.id, "member", admin.user_id) == ["added", "role_set"]


async def test_somebody_elses_member_is_unknown(db, clock, cast):
    acme, other = await cast.organization(), await cast.organization()
    owner, stranger = await cast.member(acme, Role.OWNER), await cast.member(other, Role.MEMBER)
    before = await cast.traces()
    with pytest.raises(MemberUnknown):
        await identity.remove_member(db, actor=owner, user_id=stranger.user_id, now=clock.now())
    with pytest.raises(MemberUnknown):
        await identity.set_role(db, actor=owner, user_id=stranger.user_id, role=Role.VIEWER, now=clock.now())
    assert await cast.traces() == before


async def test_leaving_revokes_the_members_keys_here_and_nowhere_else(db, clock, cast):
    acme, other = await cast.organization(), await cast.organization()
    ada = await cast.member(acme, Role.ADMIN)
    await cast.join(other, await identity.get_user(db, email=ada.user_email), Role.ADMIN)
    here, _ = await cast.key(ada)
    elsewhere, _ = await cast.key(operator_actor(other), user_id=ada.user_id)
    await identity.remove_member(db, actor=operator_actor(acme), user_id=ada.user_id, now=clock.now())
    [ended] = await identity.list_api_keys(db, actor=operator_actor(acme))
    [alive] = await identity.list_api_keys(db, actor=operator_actor(other))
    assert (ended.id, ended.revoked_at) == (here.id, clock.now())
    assert (alive.id, alive.revoked_at) == (elsewhere.id, None)
    assert await cast.history_of(acme.id, "api_key", here.id) == ["created", "revoked"]
    assert await cast.history_of(acme.id, "member", ada.user_id) == ["added", "removed"]


async def test_a_member_is_found_by_address_in_one_statement(db, clock, cast, statements):
    acme, other = await cast.organization(), await cast.organization()
    ada = await cast.member(acme, Role.VIEWER, email="ada@example.com")
    await cast.member(other, Role.VIEWER, email="eve@example.com")
    scope = Scope(acme.id)
    async with db.transaction(scope) as tx:
        statements.clear()
        found = await identity.find_member_by_email(tx, scope, " Ada@EXAMPLE.com")
        assert len(statements) == 1
        assert found is not None
        assert found.id == ada.user_id
        assert await identity.require_member_by_email(tx, email="ada@example.com", path="user_email") == found
        assert await tx.fetchval("SELECT enabled_member($1, $2)", acme.id, "ada@example.com") == ada.user_id
        for email in ("eve@example.com", "nobody@example.com"):
            assert await identity.find_member_by_email(tx, scope, email) is None
            assert await tx.fetchval("SELECT enabled_member($1, $2)", acme.id, email) is None
            assert await tx.fetchval("SELECT enabled_member($1, $2)", other.id, email) is None
            with pytest.raises(InvalidInput) as caught:
                await identity.require_member_by_email(tx, email=email, path="user_email")
            assert [problem.path for problem in caught.value.problems] == ["user_email"]
    await identity.disable_user(db, actor=cast.operator, user_id=ada.user_id, now=clock.now())
    async with db.read(scope) as reader:
        assert await identity.find_member_by_email(reader, scope, "ada@example.com") is None


async def test_row_level_security_alone_hides_other_tenants(db, cast):
    acme, other = await cast.organization(), await cast.organization()
    ada, eve = await cast.member(acme), await cast.member(other)
    await cast.key(ada)
    await cast.key(eve)
    async with db.read(Scope(acme.id)) as reader:
        assert [row["org_id"] for row in await reader.fetch("SELECT org_id FROM organizations")] == [acme.id]
        assert [row["user_id"] for row in await reader.fetch("SELECT user_id FROM memberships")] == [
            ada.user_id
        ]
        assert [row["user_id"] for row in await reader.fetch("SELECT user_id FROM api_keys")] == [ada.user_id]
        assert [row["id"] for row in await reader.fetch("SELECT id FROM users")] == [ada.user_id]
    async with db.transaction(Scope(acme.id)) as tx:
        assert (
            await tx.execute("UPDATE organizations SET name = 'x' WHERE org_id = $1", other.id) == "UPDATE 0"
        )
        assert await tx.execute("UPDATE memberships SET role = 'viewer'") == "UPDATE 1"
        assert await tx.execute("UPDATE api_keys SET revoked_at = now()") == "UPDATE 1"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with db.transaction(Scope(acme.id)) as tx:
            await tx.execute(
                "INSERT INTO memberships (org_id, user_id, role, created_at) VALUES ($1, $2, 'owner', now())",
                other.id,
                ada.user_id,
            )
