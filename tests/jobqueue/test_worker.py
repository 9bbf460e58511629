import asyncio
import signal
import sys
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from backhaul.jobqueue import Backoff, Run, counts, job, list_parked
from backhaul.kernel.clock import SystemClock
from backhaul.kernel.errors import Unavailable
from backhaul.kernel.ids import OrgId

LETHAL_WORKER = Path(__file__).with_name("lethal_worker.py")


@pytest.fixture
def counted():
    """A quick job and the moments it ran."""
    ran: list[float] = []

    @job("test.counted")
    async def counted(run: Run, *, org_id: OrgId) -> None:
        ran.append(asyncio.get_running_loop().time())

    return counted, ran


async def test_an_idle_worker_starts_a_job_soon_after_the_commit(db, scope, working, until, counted):
    quick, ran = counted
    waits = []
    async with working():
        await asyncio.sleep(0.3)
        for number in range(5):
            async with db.transaction(scope) as tx:
                quick.enqueue(tx)
            committed = asyncio.get_running_loop().time()
            await until(lambda number=number: len(ran) > number)
            waits.append(ran[-1] - committed)
            await asyncio.sleep(0.06)
    assert max(waits) < 0.3


async def test_two_workers_run_many_jobs_once_each(db, scope, working, until, rows):
    ran = []

    @job("test.number")
    async def number(run: Run, *, org_id: OrgId, value: int) -> None:
        ran.append(value)

    async with db.transaction(scope) as tx:
        for value in range(200):
            number.enqueue(tx, value=value)
    async with working(), working():
        await until(lambda: len(ran) >= 200)
    assert sorted(ran) == list(range(200))
    assert await rows() == []


async def test_a_job_for_later_is_started_when_its_time_has_come(db, scope, working, until, counted):
    quick, ran = counted
    async with working():
        await asyncio.sleep(0.2)
        async with db.transaction(scope) as tx:
            quick.enqueue(tx, at=SystemClock().now() + timedelta(seconds=0.7))
        assert 0.5 < await until(lambda: ran) < 1.2


async def test_a_failed_job_is_tried_again(db, scope, working, until, rows):
    attempts = []

    @job("test.third_time", retry=Backoff(attempts=3, first_seconds=0.1))
    async def third(run: Run, *, org_id: OrgId) -> None:
        attempts.append(run.attempt)
        if run.attempt < 3:
            raise RuntimeError("not yet")

    async with db.transaction(scope) as tx:
        third.enqueue(tx)
    async with working():
        await until(lambda: attempts == [1, 2, 3], timedelta(seconds=3))
    assert await rows() == []


async def test_a_stop_lets_running_jobs_end(db, scope, working, until, rows):
    ended = []
    started = asyncio.Event()

    @job("test.take_a_moment")
    async def moment(run: Run, *, org_id: OrgId) -> None:
        started.set()
        await asyncio.sleep(0.5)
        ended.append(1)

    async with db.transaction(scope) as tx:
        moment.enqueue(tx)
    async with working() as stop:
        await started.wait()
        stop.set()
    assert ended == [1]
    assert await rows() == []


async def test_a_job_that_outlasts_the_stop_is_handed_back_uncounted(db, scope, working, rows):
    runs = []
    started = asyncio.Event()

    @job("test.take_for_ever", retry=Backoff(attempts=1))
    async def for_ever(run: Run, *, org_id: OrgId) -> None:
        runs.append(run.attempt)
        started.set()
        await asyncio.sleep(3600)

    async with db.transaction(scope) as tx:
        for_ever.enqueue(tx, key="kept")
    for _ in range(2):
        started.clear()
        async with working(drain_seconds=0.1):
            await asyncio.wait_for(started.wait(), 2)
        (row,) = await rows()
        assert (row["status"], row["attempts"], row["crashes"]) == ("queued", 0, 0)
        assert row["queue_manager_id"] is None
        assert row["dedupe_key"].endswith(":kept")
    assert runs == [1, 1]


async def test_a_slow_living_job_is_not_run_twice(db, scope, working, until):
    runs, ended = [], []

    @job("test.slow")
    async def slow(run: Run, *, org_id: OrgId) -> None:
        runs.append(1)
        await asyncio.sleep(2.5)
        ended.append(1)

    async with db.transaction(scope) as tx:
        slow.enqueue(tx)
    settings = {"heartbeat_timeout_seconds": 0.5, "poll_seconds": 0.1}
    async with working(**settings), working(**settings):
        await until(lambda: ended)
    assert runs == [1]


async def test_a_worker_outlives_the_loss_of_every_connection(db, database_url, scope, working, until):
    ran, held = [], []
    going_on = asyncio.Event()

    @job("test.quick")
    async def quick(run: Run, *, org_id: OrgId) -> None:
        ran.append(1)

    @job("test.hold")
    async def hold(run: Run, *, org_id: OrgId) -> None:
        held.append(1)
        await going_on.wait()

    async with working(heartbeat_timeout_seconds=2):
        async with db.transaction(scope) as tx:
            hold.enqueue(tx)
        await until(lambda: held)
        for number in range(3):
            await cut_every_connection(database_url)
            await until(lambda: enqueue_somehow(db, scope, quick))
            await until(lambda number=number: len(ran) > number, timedelta(seconds=3))
        going_on.set()
        await until(lambda: nothing_left(db))
    assert held == [1]
    assert len(ran) == 3


async def cut_every_connection(url):
    connection = await asyncpg.connect(url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


async def enqueue_somehow(db, scope, quick):
    try:
        async with db.transaction(scope) as tx:
            quick.enqueue(tx)
    except Unavailable:  # the pool still hands out connections that were cut
        return False
    return True


async def nothing_left(db):
    return await counts(db) == []


async def test_jobs_of_one_key_lost_by_a_dead_worker_both_run_again(db, scope, working, until):
    ran = []

    @job("test.twin")
    async def twin(run: Run, *, org_id: OrgId, number: int) -> None:
        ran.append(number)

    for number in (1, 2):
        async with db.transaction(scope) as tx:
            twin.enqueue(tx, number=number, key="same")
        async with db.system() as reader:
            await reader.execute(
                "UPDATE jobs.pgqueuer SET status = 'picked', queue_manager_id = gen_random_uuid(), "
                "heartbeat = now() - interval '1 hour'"
            )
    async with working(heartbeat_timeout_seconds=0.2):
        await until(lambda: sorted(ran) == [1, 2])


async def test_extra_loops_run_beside_the_queue_and_are_started_again(working, until):
    begun = []

    async def relay(stop: asyncio.Event) -> None:
        begun.append(1)
        if len(begun) == 1:
            raise RuntimeError("stumbles once")
        await stop.wait()

    async with working(extra_loops=[relay]):
        await until(lambda: len(begun) == 2)


async def test_a_job_that_kills_its_workers_is_parked_and_the_others_run(db, database_url, scope, until):
    @job("test.die")
    async def die(run: Run, *, org_id: OrgId) -> None: ...

    @job("test.innocent")
    async def innocent(run: Run, *, org_id: OrgId) -> None: ...

    async with db.transaction(scope) as tx:
        die.enqueue(tx)
    for _ in range(2):
        worker = await start_lethal_worker(database_url)
        try:
            assert await asyncio.wait_for(worker.wait(), 15) == -signal.SIGKILL
        finally:
            if worker.returncode is None:
                worker.kill()
                await worker.wait()
    async with db.transaction(scope) as tx:
        innocent.enqueue(tx)
    worker = await start_lethal_worker(database_url)
    try:
        await until(lambda: only_parked_is_left(db), timedelta(seconds=15))
        assert worker.returncode is None
    finally:
        worker.kill()
        await worker.wait()
    (parked,) = await list_parked(db)
    assert (parked.name, parked.crashes) == ("test.die", 2)
    assert parked.reason == "the worker died while running it, 2 times in a row"


async def only_parked_is_left(db):
    found = await counts(db)
    return [(one.name, one.waiting, one.running, one.parked) for one in found] == [("test.die", 0, 0, 1)]


async def start_lethal_worker(url):
    return await asyncio.create_subprocess_exec(sys.executable, str(LETHAL_WORKER), url)
