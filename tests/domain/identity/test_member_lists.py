"""Members by address and by how their names begin, who is the last of their kind, and names that are kept true."""

import asyncio

import asyncpg
import pytest

from backhaul.domain import identity
from backhaul.domain.identity import OPERATOR_ORG_ID, Role, operator_actor
from backhaul.domain.identity.errors import RightMissing
from backhaul.storage.database import Scope

NAMES = {
    "case@example.com": "Henry Dorsett Case",
    "dixie@example.com": "McCoy  Pauley",
    "finn@example.com": "The Finn",
    "henry@example.com": "Armitage",
    "molly@example.com": "Molly Millions",
}
RENAME = "SELECT rename_user_account(org_id => $1, user_id => $2, new_name => $3)"


@pytest.fixture
async def acme(cast):
    """An organization with people, beside another that has people with the same names."""
    made, other = await cast.organization(), await cast.organization()
    for email, name in reversed(NAMES.items()):
        await cast.join(made, await cast.user(email=email, name=name), Role.MEMBER)
        await cast.join(other, await cast.user(email=f"other-{email}", name=name), Role.MEMBER)
    return made


async def found(db, acme, text, limit=50):
    members = await identity.find_members(db, actor=operator_actor(acme), text=text, limit=limit)
    return [one.email.partition("@")[0] for one in members]


async def renamed(db, user_id, name):
    async with db.transaction(Scope(OPERATOR_ORG_ID)) as tx:
        await tx.execute(RENAME, OPERATOR_ORG_ID, user_id, name)


async def test_pages_follow_one_another_by_address(db, acme):
    actor, seen = operator_actor(acme), [""]
    while page := await identity.list_members(db, actor=actor, after=seen[-1], limit=2):
        assert len(page) <= 2
        seen += [one.email for one in page]
    assert seen[1:] == list(NAMES)
    assert [one.name for one in await identity.list_members(db, actor=actor)] == list(NAMES.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HEN", ["case", "henry"]),  # a name, and an address
        ("henry d", ["case"]),
        ("mccoy pauley", ["dixie"]),
        ("Molly@Example.com", ["molly"]),
        ("molly", ["molly"]),
        ("example", []),
        ("finn", ["finn"]),
        ("%", []),
        ("_olly", []),
        ("h" * 300, []),
    ],
)
async def test_members_are_found_by_how_their_name_or_address_begins(db, acme, text, expected):
    assert await found(db, acme, text) == expected
    assert await found(db, acme, text, limit=1) == expected[:1]


async def test_a_new_name_is_found_at_once_in_every_organization(db, cast, acme):
    second = await cast.organization()
    (member,) = await identity.find_members(db, actor=operator_actor(acme), text="molly", limit=2)
    user = await identity.get_user(db, email=member.email)
    await cast.join(second, user, Role.VIEWER)
    await renamed(db, user.id, "Sally  Shears")
    for one in (acme, second):
        assert await found(db, one, "sally shears") == ["molly"]
        assert await found(db, one, "molly mill") == []


async def test_who_is_renamed_while_they_join_is_found_by_the_new_name(db, cast, acme):
    for number in range(8):
        user = await cast.user(email=f"new{number}@example.com", name="Before")
        await asyncio.gather(cast.join(acme, user, Role.MEMBER), renamed(db, user.id, f"After {number}"))
        assert await found(db, acme, f"after {number}") == [f"new{number}"]
    assert await found(db, acme, "before") == []


async def test_nobody_writes_what_members_are_found_by(db, cast, acme):
    user = await cast.user(email="wintermute@example.com", name="Wintermute")
    async with db.transaction(Scope(acme.id)) as tx:
        await tx.execute(
            "INSERT INTO memberships (org_id, user_id, role, created_at, email, name_key)"
            " VALUES ($1, $2, 'viewer', now(), 'rio@example.com', 'rio')",
            acme.id,
            user.id,
        )
    assert (await found(db, acme, "rio"), await found(db, acme, "winter")) == ([], ["wintermute"])
    for column in ("email", "name_key"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with db.transaction(Scope(acme.id)) as tx:
                await tx.execute(f"UPDATE memberships SET {column} = 'rio'")


async def test_the_last_enabled_owner_is_named(db, clock, cast, acme):
    actor = operator_actor(acme)

    async def last():
        return [one.email for one in await identity.list_members(db, actor=actor) if one.is_last]

    assert await last() == []
    first = await cast.member(acme, Role.OWNER, email="first@example.com")
    assert await last() == ["first@example.com"]
    second = await cast.member(acme, Role.OWNER, email="second@example.com")
    assert await last() == []
    operator = cast.operator
    await identity.disable_user(db, actor=operator, user_id=first.user_id, now=clock.now())
    assert await last() == ["second@example.com"]
    await identity.disable_user(db, actor=operator, user_id=second.user_id, now=clock.now())
    assert await last() == ["first@example.com", "second@example.com"]


async def test_who_may_not_manage_members_finds_none(db, cast, acme):
    viewer = await cast.member(acme, Role.VIEWER)
    with pytest.raises(RightMissing):
        await identity.find_members(db, actor=viewer, text="molly", limit=1)
    with pytest.raises(RightMissing):
        await identity.list_members(db, actor=viewer, limit=1)
