from uuid import uuid4

import asyncpg
import pytest
from argon2 import PasswordHasher

from backhaul.domain import identity
from backhaul.domain.identity import OPERATOR_ORG_ID, Role
from backhaul.domain.identity.errors import EmailTaken, RightMissing, UserUnknown
from backhaul.kernel.errors import InvalidInput
from backhaul.storage.database import Scope


async def stored_hash(db, user_id):
    async with db.lookup_pool.acquire() as connection:
        await connection.execute("RESET ROLE")
        found = await connection.fetchval("SELECT password_hash FROM users WHERE id = $1", user_id)
        await connection.execute("SET ROLE backhaul_app")
    return found


async def test_an_account_is_found_by_its_address_in_any_case(db, cast):
    ada = await cast.user(email="Ada@Example.com")
    assert ada.email == "ada@example.com"
    assert await identity.find_user(db, email=" ADA@example.COM") == ada
    assert await identity.find_user(db, email="eve@example.com") is None
    with pytest.raises(UserUnknown):
        await identity.get_user(db, email="eve@example.com")
    assert await cast.history_of(OPERATOR_ORG_ID, "user", ada.id) == ["created"]


async def test_a_taken_address_is_refused_and_leaves_no_trace(cast):
    await cast.user(email="ada@example.com")
    before = await cast.traces()
    with pytest.raises(EmailTaken):
        await cast.user(email="ADA@example.com")
    assert await cast.traces() == before


async def test_a_password_is_kept_as_argon2id_and_nowhere_in_clear(db, clock, cast):
    ada = await cast.user(password="correct horse battery")
    first = await stored_hash(db, ada.id)
    assert first.startswith("$argon2id$")
    PasswordHasher().verify(first, "correct horse battery")
    await identity.set_password(
        db, actor=cast.operator, user_id=ada.id, password="another long one", now=clock.now()
    )
    PasswordHasher().verify(await stored_hash(db, ada.id), "another long one")
    async with db.system() as system:
        noted = await system.fetchval("SELECT string_agg(change::text, '') FROM history")
    assert "horse" not in noted
    assert "argon2" not in noted


@pytest.mark.parametrize("password", ["", "short", "x" * 1025])
async def test_a_short_or_endless_password_is_refused_and_leaves_no_trace(cast, password):
    before = await cast.traces()
    with pytest.raises(InvalidInput):
        await cast.user(password=password)
    assert await cast.traces() == before


async def test_only_the_operator_changes_accounts(db, clock, cast):
    acme = await cast.organization()
    owner = await cast.member(acme, Role.OWNER)
    before = await cast.traces()
    with pytest.raises(RightMissing):
        await identity.create_user(db, actor=owner, email="eve@example.com", name="Eve", now=clock.now())
    with pytest.raises(RightMissing):
        await identity.disable_user(db, actor=owner, user_id=owner.user_id, now=clock.now())
    assert await cast.traces() == before


async def test_disabling_twice_is_noted_once(db, clock, cast):
    ada = await cast.user()
    for _ in range(2):
        after = await identity.disable_user(db, actor=cast.operator, user_id=ada.id, now=clock.now())
        assert not after.is_enabled
    assert (await identity.enable_user(db, actor=cast.operator, user_id=ada.id, now=clock.now())).is_enabled
    assert await cast.history_of(OPERATOR_ORG_ID, "user", ada.id) == ["created", "disabled", "enabled"]


async def test_an_unknown_account_cannot_be_changed(db, clock, cast):
    with pytest.raises(UserUnknown):
        await identity.disable_user(db, actor=cast.operator, user_id=uuid4(), now=clock.now())
    with pytest.raises(UserUnknown):
        await identity.set_password(
            db, actor=cast.operator, user_id=uuid4(), password="long enough for all", now=clock.now()
        )


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT create_user_account($1, gen_random_uuid(), 'eve@example.com', 'Eve', NULL, now())",
        "SELECT * FROM lock_user_account($1, gen_random_uuid())",
        "SELECT enable_user_account($1, gen_random_uuid(), false, now())",
        "SELECT set_user_password($1, gen_random_uuid(), 'x', now())",
    ],
)
async def test_the_database_itself_refuses_account_changes_from_a_customers_scope(db, cast, statement):
    acme = await cast.organization()
    for claimed in (acme.id, OPERATOR_ORG_ID):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with db.transaction(Scope(acme.id)) as tx:
                await tx.execute(statement, claimed)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT password_hash FROM users",
        "SELECT secret_hash FROM api_keys",
        "UPDATE users SET name = 'Eve'",
        "INSERT INTO users (id, email) VALUES (gen_random_uuid(), 'e@x')",
        "DELETE FROM users",
        "DELETE FROM organizations",
        "DELETE FROM api_keys",
    ],
)
async def test_neither_role_may_read_secrets_or_write_accounts(db, statement):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with db.transaction(Scope(OPERATOR_ORG_ID)) as tx:
            await tx.execute(statement)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with db.system_transaction() as tx:
            await tx.execute(statement)
