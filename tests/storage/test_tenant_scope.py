"""Row-level security stands behind every statement: one session sees one tenant, or none."""

import asyncio
import random

import asyncpg
import pytest
from tests.storage.happening import count

from backhaul.kernel.ids import OrgId, new_id
from backhaul.storage import history
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database, Scope

TENANT_TABLES = """
SELECT c.oid::regclass::text AS name, c.relrowsecurity,
    (SELECT jsonb_object_agg(polname, ARRAY[
            pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid),
            (SELECT string_agg(rolname, ',') FROM pg_roles WHERE oid = ANY(polroles)), polpermissive::text])
     FROM pg_policy WHERE polrelid = c.oid) AS policies
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'org_id'
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""
TENANT = "(org_id = ( SELECT (current_setting('app.org_id'::text))::uuid AS current_setting))"
OWN = "SELECT current_setting('app.org_id')::uuid"
ADD = """
INSERT INTO history (org_id, id, subject_kind, subject_id, action, actor_kind, at, change)
VALUES ($1, $2, 'test', $2, 'x', 'system', now(), '{}')
"""


async def note(db, scope, action="x"):
    async with db.transaction(scope) as tx:
        from datetime import UTC, datetime

        history.note(tx, history.SYSTEM, subject=("test", new_id()), action=action, at=datetime.now(UTC))


async def test_every_tenant_table_is_protected_in_the_same_way(store):
    async with store.system() as reader:
        tables = await reader.fetch(TENANT_TABLES)
    assert {"history", "outbox", "transfers", "shipments", "charges", "messages"} <= {
        table["name"] for table in tables
    }
    for table in tables:
        assert table["relrowsecurity"], table["name"]
        policies = table["policies"]
        assert policies["tenant"] == [TENANT, TENANT, "backhaul_app", "true"], table["name"]
        assert {
            name: policy[2] for name, policy in policies.items() if name != "tenant"
        } == {"every_tenant": "backhaul_worker"}, table["name"]  # fmt: skip


async def test_a_statement_without_a_predicate_shows_one_tenants_rows(store, scopes):
    one, other = scopes
    await note(store, one)
    await note(store, other)
    await note(store, other)
    assert [await count(store, "history", scope) for scope in scopes] == [1, 2]
    async with store.system() as reader:
        assert await reader.fetchval("SELECT count(*) FROM history") == 3


async def test_nothing_can_be_written_into_another_tenant(store, scopes):
    one, other = scopes
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await execute(store, one, ADD, other.org_id, new_id())
    await execute(store, one, ADD, one.org_id, new_id())
    assert [await count(store, "history", scope) for scope in scopes] == [1, 0]


async def test_nothing_can_be_moved_into_another_tenant(store, scopes, clock, happen):
    one, other = scopes
    await happen(one, new_id(), 1)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await execute(store, one, "UPDATE outbox SET org_id = $1", other.org_id)
    assert [await count(store, "outbox", scope) for scope in scopes] == [1, 0]


async def execute(db, scope, statement, *values):
    async with db.transaction(scope) as tx:
        await tx.execute(statement, *values)


async def test_a_session_that_never_had_a_tenant_gets_an_error_and_no_rows(store, scope):
    await note(store, scope)
    with pytest.raises(asyncpg.UndefinedObjectError, match=r"app\.org_id"):
        async with store.lookup() as reader:
            await reader.fetch("SELECT * FROM history")


async def test_the_roles_may_not_do_more_than_they_need(store, scope):
    for statement in (
        "DELETE FROM history",
        "DELETE FROM outbox",
        "TRUNCATE history",
        "UPDATE history SET at = at",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await execute(store, scope, statement)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with store.system() as reader:
            await reader.execute(ADD, scope.org_id, new_id())


async def test_200_interleaved_tasks_on_two_connections_never_mix(ground, store):
    tenants = [Scope(OrgId(new_id())) for _ in range(5)]
    chance = random.Random(7)
    narrow = await Database.open(DatabaseUrls.single(ground), Session(app_connections=2))
    kept = dict.fromkeys(tenants, 0)

    async def work(tenant, way):
        await asyncio.sleep(chance.random() / 50)
        if way == "read":
            async with narrow.read(tenant) as reader:
                await only_own(reader, tenant)
            return
        try:
            async with narrow.transaction(tenant) as tx:
                await tx.execute(ADD, tenant.org_id, new_id())
                await asyncio.sleep(chance.random() / 200)
                await only_own(tx, tenant)
                if way == "fail":
                    raise LookupError  # noqa: TRY301 -- the transaction is to roll back
        except LookupError:
            return
        kept[tenant] += 1

    async def only_own(reader, tenant):
        assert await reader.fetchval(OWN) == tenant.org_id
        rows = await reader.fetch("SELECT DISTINCT org_id FROM history")
        assert {row["org_id"] for row in rows} <= {tenant.org_id}

    ways = ("read", "write", "write", "fail")
    tasks = [asyncio.create_task(work(chance.choice(tenants), chance.choice(ways))) for _ in range(200)]
    await asyncio.sleep(0.05)
    for task in tasks[::9]:
        task.cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    await narrow.close()
    assert {type(end) for end in ends} <= {type(None), asyncio.CancelledError}
    assert sum(kept.values()) > 50
    for tenant in tenants:
        assert await count(store, "history", tenant) >= kept[tenant]


async def test_a_transaction_inside_another_tenants_keeps_them_apart(store, scopes):
    one, other = scopes
    async with store.transaction(one) as outer:
        await outer.execute(ADD, one.org_id, new_id())
        async with store.transaction(other) as inner:
            await inner.execute(ADD, other.org_id, new_id())
            assert await inner.fetchval("SELECT count(*) FROM history") == 1
        async with store.read(other) as reader:
            assert await reader.fetchval("SELECT count(*) FROM history") == 1
        assert await outer.fetchval(OWN) == one.org_id
        assert await outer.fetchval("SELECT count(*) FROM history") == 1
