"""A worker: jobs, periodic jobs and the loops it is given, until it is told to stop."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import structlog

from backhaul.jobqueue import housekeeping  # noqa: F401 -- declares the queue's own periodic job
from backhaul.jobqueue.declaring import CHANNEL
from backhaul.jobqueue.periodics import PeriodicLoop
from backhaul.jobqueue.queue_loop import QueueLoop, WorkerSettings
from backhaul.jobqueue.supervising import supervise
from backhaul.kernel.clock import Clock
from backhaul.kernel.ids import new_id
from backhaul.kernel.ports import Ports
from backhaul.storage.database import Database
from backhaul.storage.nudges import listen

__all__ = ["Loop", "WorkerSettings", "run_worker"]

logger = structlog.get_logger("backhaul.jobs")

HAND_BACK_SECONDS = 5.0  # for cancelled jobs to let go and be written back

Loop = Callable[[asyncio.Event], Awaitable[None]]


async def run_worker(
    db: Database,
    *,
    clock: Clock,
    ports: Ports,
    settings: WorkerSettings,
    stop: asyncio.Event,
    extra_loops: Sequence[Loop] = (),
) -> None:
    """Work until `stop` is set, then let running jobs end; those that take too long are handed back.

    Each extra loop is called with `stop`, is started again when it fails, and should return soon after it.
    """
    worker_id = new_id()
    queue = QueueLoop(db, worker_id=worker_id, clock=clock, ports=ports, settings=settings)
    turns = PeriodicLoop(
        db, worker_id=worker_id, clock=clock, ports=ports, lease_seconds=settings.heartbeat_timeout_seconds
    )
    over = asyncio.Event()

    def keep(name: str, loop: Callable[[], Awaitable[None]], until: asyncio.Event) -> asyncio.Task[None]:
        return asyncio.create_task(supervise(name, loop, until), name=name)

    seekers = [
        keep("jobs", partial(queue.pick, stop), stop),
        keep("periodic", partial(turns.claim, stop), stop),
    ]
    extras = [keep(f"extra {number}", partial(loop, stop), stop) for number, loop in enumerate(extra_loops)]
    keepers = [
        keep("nudges", partial(listen, db.worker_pool, CHANNEL, queue.wake), over),
        keep("heartbeats", queue.keep_alive, over),
        keep("leases", turns.renew, over),
    ]
    logger.info("worker_started", worker_id=str(worker_id), concurrency=settings.concurrency)
    try:
        await stop.wait()
        logger.info("worker_stopping", running=len(queue.running) + len(turns.running))
        queue.wake.set()
        turns.wake.set()
        await _ended(seekers, HAND_BACK_SECONDS)  # from here on nothing new is started
        limits = {"drain_seconds": settings.drain_seconds, "hand_back_seconds": HAND_BACK_SECONDS}
        await asyncio.gather(
            queue.finish(**limits), turns.finish(**limits), _ended(extras, settings.drain_seconds)
        )
    finally:
        over.set()
        left = [*seekers, *extras, *keepers, *queue.running.values(), *turns.running.values()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
    logger.info("worker_stopped", worker_id=str(worker_id))


async def _ended(tasks: Sequence[asyncio.Task[None]], seconds: float) -> None:
    if tasks:
        await asyncio.wait(tasks, timeout=seconds)
