"""A transaction is all or nothing, and its connection always comes back."""

import asyncio
import contextlib

import asyncpg
import pytest
from tests.storage.happening import Happened, count

from backhaul.jobqueue import declare
from backhaul.jobqueue.declaring import JOBS
from backhaul.kernel.errors import Unavailable
from backhaul.kernel.ids import new_id
from backhaul.storage import history, outbox
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database


@pytest.fixture
def chore():
    job = declare("tests.chore")
    yield job
    del JOBS["tests.chore"]


@pytest.fixture
async def narrow(ground):
    """A pool of two connections: a lost one would be missed at once."""
    opened = await Database.open(DatabaseUrls.single(ground), Session(app_connections=2))
    yield opened
    await opened.close()


def note_everything(tx, at, chore):
    subject_id = new_id()
    history.note(tx, history.SYSTEM, subject=("test", subject_id), action="done", at=at)
    outbox.record(tx, Happened(subject_id=subject_id, n=1), at=at)
    chore.enqueue(tx)


async def left(store, scope):
    async with store.system() as reader:
        jobs = await reader.fetchval("SELECT count(*) FROM jobs.pgqueuer")
    return [await count(store, "history", scope), await count(store, "outbox", scope), jobs]


async def test_a_commit_keeps_history_event_and_job(store, scope, clock, listener, chore):
    async with store.transaction(scope) as tx:
        note_everything(tx, clock.now(), chore)
        assert await left(store, scope) == [0, 0, 0]
    assert await left(store, scope) == [1, 1, 1]


async def test_a_rollback_leaves_neither_history_nor_event_nor_job(store, scope, clock, listener, chore):
    for are_written in (False, True):
        with pytest.raises(LookupError):  # noqa: PT012
            async with store.transaction(scope) as tx:
                note_everything(tx, clock.now(), chore)
                if are_written:
                    await tx.write_facts()
                raise LookupError
        assert await left(store, scope) == [0, 0, 0]


async def test_a_rollback_is_no_error_in_the_log(store, scope, caplog):
    with pytest.raises(LookupError):
        async with store.transaction(scope):
            raise LookupError
    with pytest.raises(asyncpg.PostgresSyntaxError):
        async with store.transaction(scope) as tx:
            await tx.execute("NONSENSE")
    assert caplog.records == []


async def test_a_failure_that_was_swallowed_is_not_mistaken_for_a_commit(
    store, scope, clock, listener, chore
):
    with pytest.raises(asyncpg.InFailedSQLTransactionError):  # noqa: PT012
        async with store.transaction(scope) as tx:
            note_everything(tx, clock.now(), chore)
            await tx.write_facts()
            with contextlib.suppress(asyncpg.DivisionByZeroError):
                await tx.execute("SELECT 1 / 0")
    assert await left(store, scope) == [0, 0, 0]


async def test_a_fact_the_database_refuses_takes_everything_with_it(store, scope, clock, listener, chore):
    with pytest.raises(asyncpg.NotNullViolationError):  # noqa: PT012
        async with store.transaction(scope) as tx:
            note_everything(tx, clock.now(), chore)
            history.note(tx, history.SYSTEM, subject=("test", new_id()), action=None, at=clock.now())
    assert await left(store, scope) == [0, 0, 0]


async def test_refused_and_failed_transactions_give_their_connections_back(narrow, scope):
    for _ in range(5):
        with pytest.raises(asyncpg.PostgresSyntaxError):
            async with narrow.transaction(scope) as tx:
                await tx.execute("NONSENSE")
        with pytest.raises(asyncpg.PostgresSyntaxError):
            async with narrow.read(scope) as reader:
                await reader.fetch("NONSENSE")
    await asyncio.wait_for(_use_both(narrow, scope), 5)


async def test_cancelled_work_gives_its_connection_back_and_commits_nothing(narrow, scope, clock, store):
    async def slow():
        async with narrow.transaction(scope) as tx:
            history.note(tx, history.SYSTEM, subject=("test", new_id()), action="x", at=clock.now())
            await tx.write_facts()
            await tx.execute("SELECT pg_sleep(20)")

    tasks = [asyncio.create_task(slow()) for _ in range(6)]  # two at work, four waiting for a connection
    await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    assert all(isinstance(end, asyncio.CancelledError) for end in await _ends(tasks))
    await asyncio.wait_for(_use_both(narrow, scope), 5)
    assert await count(store, "history", scope) == 0


async def _ends(tasks):
    return await asyncio.gather(*tasks, return_exceptions=True)


async def _use_both(db, scope):
    async with db.read(scope) as one, db.read(scope) as other:
        assert await one.fetchval("SELECT 1") == await other.fetchval("SELECT 1") == 1


async def test_refusals_of_the_database_itself_pass_unchanged(store, scope):
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with store.read(scope) as reader:
            await reader.fetchval("SELECT 1 / 0")


async def test_nobody_listening_is_said_clearly(tmp_path):
    with pytest.raises(Unavailable, match=r"^The database does not answer at the moment"):
        await Database.open(DatabaseUrls.single(f"postgresql:///x?host={tmp_path}&user=nobody"), Session())


async def test_a_system_transaction_has_no_tenant(store):
    async with store.system_transaction() as tx:
        with pytest.raises(AssertionError, match="no tenant"):
            _ = tx.org_id
