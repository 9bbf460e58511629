"""PostgreSQL goes away: callers are told so by name, nothing is half done, and the pools come back."""

import asyncio
import contextlib
import shutil
import tempfile
from pathlib import Path

import asyncpg
import pytest
from tests.storage.happening import count

from backhaul.kernel.errors import Unavailable
from backhaul.kernel.ids import new_id
from backhaul.storage import database, history, leases
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database
from backhaul.storage.embedded import discard, start
from backhaul.storage.migrations.apply import migrate

CUT = """
SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


END_OF_SESSION = "RESET ROLE; SELECT pg_terminate_backend(pg_backend_pid())"


async def cut(url):
    """End every connection, as a restart or an administrator does."""
    admin = await asyncpg.connect(url)
    await admin.execute(CUT)
    await admin.close()


def note(tx, clock):
    history.note(tx, history.SYSTEM, subject=("test", new_id()), action="x", at=clock.now())


async def recovered(db, scope):
    """Whether a call succeeds again; until then nothing but `Unavailable` may be heard."""
    for _ in range(12):  # as many as there are connections
        with contextlib.suppress(Unavailable):
            async with db.read(scope) as reader:
                return await reader.fetchval("SELECT true")
        await asyncio.sleep(0)
    return False


async def test_idle_connections_that_were_cut_are_replaced(db, database_url, scope):
    async with db.read(scope) as one, db.read(scope) as other:
        assert await one.fetchval("SELECT 1") == await other.fetchval("SELECT 1")
    await cut(database_url)
    assert await recovered(db, scope)
    async with db.read(scope) as one, db.read(scope) as other, db.read(scope) as third:
        assert [await reader.fetchval("SELECT 1") for reader in (one, other, third)] == [1, 1, 1]


async def test_a_transaction_that_is_cut_leaves_nothing_and_says_so(db, database_url, scope, clock):
    async def interrupted(*, by_commit):
        async with db.transaction(scope) as tx:
            note(tx, clock)
            await tx.write_facts()
            note(tx, clock)
            await cut(database_url)
            if not by_commit:
                await tx.execute("SELECT 1")

    for by_commit in (False, True):
        with pytest.raises(Unavailable):
            await interrupted(by_commit=by_commit)
        assert await recovered(db, scope)
        assert await count(db, "history", scope) == 0


async def test_a_transaction_cut_by_a_refusal_of_ours_still_shows_the_loss(db, database_url, scope, clock):
    with pytest.raises(LookupError):  # noqa: PT012
        async with db.transaction(scope) as tx:
            note(tx, clock)
            await cut(database_url)
            raise LookupError
    assert await recovered(db, scope)
    assert await count(db, "history", scope) == 0


@pytest.fixture
def folder():
    """A data directory that the server's own account can enter, unlike pytest's."""
    folder = Path(tempfile.mkdtemp(prefix="bh-gone-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    discard(folder)
    shutil.rmtree(folder)


async def test_a_connection_lost_while_committing_leaves_the_outcome_open(db, scope, clock, monkeypatch):
    monkeypatch.setattr(leases, "COMMIT", END_OF_SESSION)
    with pytest.raises(database.OutcomeUnknown, match="may or may not have been made"):
        await save(db, scope, clock)
    monkeypatch.undo()
    await save(db, scope, clock)
    assert await count(db, "history", scope) == 1


async def save(db, scope, clock):
    async with db.transaction(scope) as tx:
        note(tx, clock)


async def test_a_server_that_stops_is_unavailable_everywhere_until_it_is_back(folder, scope, clock):
    server = start(folder)
    urls = DatabaseUrls.single(server.dsn())
    try:
        await asyncio.to_thread(migrate, urls.owner)
        db = await Database.open(urls, Session(app_connections=2, connect_timeout_seconds=2))
        async with db.transaction(scope) as tx:
            note(tx, clock)
        server.close()

        for way in (db.read(scope), db.transaction(scope), db.system(), db.lookup(), db.system_transaction()):
            with pytest.raises(Unavailable, match="The database does not answer"):
                await visit(way)
        with pytest.raises(Unavailable):
            await Database.open(urls, Session(connect_timeout_seconds=2))

        server = start(folder)
        assert server.dsn() == urls.owner
        assert await recovered(db, scope)
        assert await count(db, "history", scope) == 1
        await db.close()
    finally:
        server.close()


async def visit(way):
    async with way as reader:
        await reader.fetchval("SELECT 1")
