"""Reads of one tenant that follow each other share a connection and its tenant; nothing else does."""

import asyncio

import asyncpg
import pytest
from tests.storage.happening import count

from backhaul.kernel.errors import Unavailable
from backhaul.kernel.ids import new_id
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import SET_TENANT, Database

WHERE = "SELECT pg_backend_pid()"
WHOSE = "SELECT current_setting('app.org_id')::uuid"


@pytest.fixture
def sent():
    return []


@pytest.fixture
async def single(ground, sent):
    """A pool of one connection: whoever needs a second one waits for ever."""
    session = Session(app_connections=1, logger=lambda logged: sent.append(logged.query))
    opened = await Database.open(DatabaseUrls.single(ground), session)
    yield opened
    await opened.close()


async def ask(db, scope, question):
    async with db.read(scope) as reader:
        return await reader.fetchval(question)


async def test_reads_that_follow_each_other_name_their_tenant_once(store, single, scope, sent):
    sent.clear()
    async with single.sharing(scope) as shared:
        places = [await ask(shared, scope, WHERE) for _ in range(3)]
    await asyncio.sleep(0)
    assert len(set(places)) == 1
    assert sent == [SET_TENANT, WHERE, WHERE, WHERE]


async def test_every_read_sees_its_own_tenant(store, scopes):
    one, other = scopes
    async with store.sharing(one) as shared:
        seen = [await ask(shared, scope, WHOSE) for scope in (one, other, one, other)]
    assert seen == [one.org_id, other.org_id] * 2


async def test_reads_beside_each_other_have_a_connection_each(store, scope):
    async with store.sharing(scope) as shared:
        await ask(shared, scope, WHERE)
        async with shared.read(scope) as one, shared.read(scope) as other:
            places = [await reader.fetchval(WHERE) for reader in (one, other)]
            assert [await reader.fetchval(WHOSE) for reader in (one, other)] == [scope.org_id] * 2
    assert len(set(places)) == 2


async def test_a_transaction_gets_the_only_connection(single, scope):
    async with single.sharing(scope) as shared:
        await ask(shared, scope, WHERE)
        async with asyncio.timeout(5), shared.transaction(scope) as tx:
            assert await tx.fetchval(WHOSE) == scope.org_id
        assert await ask(shared, scope, WHOSE) == scope.org_id
    assert await ask(single, scope, WHOSE) == scope.org_id


@pytest.mark.parametrize("question", ["SELECT 1 / 0", "SELECT pg_terminate_backend(pg_backend_pid())"])
async def test_after_a_failure_the_next_read_works(single, scope, question):
    async with single.sharing(scope) as shared:
        with pytest.raises((asyncpg.PostgresError, Unavailable)):
            await ask(shared, scope, question)
        assert await ask(shared, scope, WHOSE) == scope.org_id
    assert await ask(single, scope, WHOSE) == scope.org_id


async def test_a_cancelled_read_gives_its_connection_back(single, scope):
    async with single.sharing(scope) as shared:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await ask(shared, scope, "SELECT pg_sleep(60)")
        async with asyncio.timeout(5):
            assert await ask(shared, scope, WHOSE) == scope.org_id
    async with asyncio.timeout(5):
        assert await ask(single, scope, WHOSE) == scope.org_id


async def test_whoever_reads_on_after_the_end_has_a_connection_of_their_own(single, scope):
    async with single.sharing(scope) as shared:
        await ask(shared, scope, WHERE)
    async with shared.read(scope) as reader:
        assert await reader.fetchval(WHOSE) == scope.org_id
    async with asyncio.timeout(5):
        assert await count(single, "history", scope) == 0


async def test_a_statement_without_a_tenant_still_raises(store, scope, happen):
    await happen(scope, new_id(), 1)  # of no rows PostgreSQL need not ask whose they are
    async with store.sharing(scope) as shared:
        await ask(shared, scope, WHERE)
        async with shared.lookup() as lookup:
            with pytest.raises(asyncpg.UndefinedObjectError, match=r"app\.org_id"):
                await lookup.fetchval("SELECT count(*) FROM outbox")
