import asyncio
import time
from collections.abc import Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from backhaul.jobqueue import JOBS, PERIODICS
from backhaul.jobqueue.worker import WorkerSettings, run_worker
from backhaul.kernel.clock import SystemClock
from backhaul.kernel.ids import OrgId, new_id
from backhaul.storage.scope import Scope


@pytest.fixture(autouse=True)
def _only_own_jobs():
    """Forget what a test declares; other tests count the declared jobs."""
    jobs, periodics = dict(JOBS), dict(PERIODICS)
    PERIODICS.clear()
    yield
    JOBS.clear()
    JOBS.update(jobs)
    PERIODICS.clear()
    PERIODICS.update(periodics)


@pytest.fixture
def scope():
    return Scope(OrgId(new_id()))


@pytest.fixture
def working(db):
    """Run a worker inside `async with working(...)`; leaving stops it gracefully."""

    @asynccontextmanager
    async def start(*, ports=None, extra_loops=(), **settings):
        stop = asyncio.Event()
        chosen = WorkerSettings(**settings)
        worker = asyncio.create_task(
            run_worker(
                db,
                clock=SystemClock(),
                ports=ports or {},
                settings=chosen,
                stop=stop,
                extra_loops=extra_loops,
            )
        )
        try:
            yield stop
        finally:
            stop.set()
            await worker

    return start


@pytest.fixture
def until():
    """Wait until a condition holds; fail when it takes too long."""

    async def wait(condition: Callable[[], object], within: timedelta = timedelta(seconds=10)) -> float:
        started = time.monotonic()
        while True:
            held = condition()
            if asyncio.iscoroutine(held):
                held = await held
            passed = time.monotonic() - started
            if held:
                return passed
            assert passed < within.total_seconds(), "it did not happen in time"
            await asyncio.sleep(0.005)

    return wait


@pytest.fixture
def rows(db):
    """Return the queue's rows as the worker role sees them."""

    async def read():
        async with db.system() as reader:
            return [dict(row) for row in await reader.fetch("SELECT * FROM jobs.pgqueuer ORDER BY id")]

    return read
