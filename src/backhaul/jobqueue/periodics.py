"""Periodic jobs: each runs on one worker at a time, whoever claims its turn in jobs.periodic."""

import asyncio
import time
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import structlog

from backhaul.jobqueue import statements
from backhaul.jobqueue.declaring import PERIODICS, Periodic
from backhaul.jobqueue.metrics import JOB_SECONDS, JOBS_FINISHED
from backhaul.jobqueue.running import Run
from backhaul.jobqueue.supervising import wait_for
from backhaul.kernel.clock import Clock
from backhaul.kernel.errors import Unavailable
from backhaul.kernel.ports import Ports
from backhaul.storage.database import Database

logger = structlog.get_logger("backhaul.jobs")

SOONEST_SECONDS = 0.01
LONGEST_SECONDS = 5.0
RENEWALS_PER_LEASE = 4


class PeriodicLoop:
    """The periodic jobs one worker takes part in."""

    def __init__(
        self, db: Database, *, worker_id: UUID, clock: Clock, ports: Ports, lease_seconds: float
    ) -> None:
        self.wake = asyncio.Event()
        self.running: dict[str, asyncio.Task[None]] = {}
        self._db = db
        self._worker_id = worker_id
        self._lease = timedelta(seconds=lease_seconds)
        self._given = Run(db, clock, ports)

    async def claim(self, stop: asyncio.Event) -> None:
        """Run every turn this worker gets, until told to stop."""
        if not PERIODICS:
            return
        names, spans = _names_and_spans(PERIODICS.values())
        async with self._db.system() as reader:
            await reader.execute(statements.DECLARE_PERIODIC, names, spans)
        while not stop.is_set():
            self.wake.clear()
            free = [known for name, known in PERIODICS.items() if name not in self.running]
            names, spans = _names_and_spans(free)
            async with self._db.system() as reader:
                for row in await reader.fetch(
                    statements.CLAIM_PERIODIC, names, spans, self._worker_id, self._lease
                ):
                    self._start(PERIODICS[row["name"]])
                names = [name for name in names if name not in self.running]
                due_in = await reader.fetchval(statements.NEXT_PERIODIC, names)
            rest = LONGEST_SECONDS if due_in is None else due_in
            await wait_for(self.wake, min(max(rest, SOONEST_SECONDS), LONGEST_SECONDS))

    async def renew(self) -> None:
        """Keep the turns that take longer than a lease."""
        while True:
            await asyncio.sleep(self._lease.total_seconds() / RENEWALS_PER_LEASE)
            if self.running:
                async with self._db.system() as reader:
                    await reader.execute(
                        statements.RENEW_PERIODIC, list(self.running), self._worker_id, self._lease
                    )

    async def finish(self, *, drain_seconds: float, hand_back_seconds: float) -> None:
        """Wait for the running turns, then cut them short."""
        if self.running:
            await asyncio.wait(self.running.values(), timeout=drain_seconds)
        for task in self.running.values():
            task.cancel()
        if self.running:
            await asyncio.wait(self.running.values(), timeout=hand_back_seconds)

    def _start(self, known: Periodic) -> None:
        task = asyncio.create_task(self._run(known), name=known.name)
        self.running[known.name] = task
        task.add_done_callback(lambda _: self._end(known.name))

    def _end(self, name: str) -> None:
        del self.running[name]
        self.wake.set()

    async def _run(self, known: Periodic) -> None:
        await run_turn(known, self._given)
        try:
            async with self._db.system() as reader:
                await reader.execute(statements.FREE_PERIODIC, known.name, self._worker_id)
        except Unavailable:  # the lease runs out by itself
            logger.warning("periodic_not_freed", name=known.name)


async def run_turn(known: Periodic, run: Run) -> None:
    """Run one turn; a failure is told and waits for the next turn."""
    started = time.perf_counter()
    outcome = "finished"
    try:
        with structlog.contextvars.bound_contextvars(periodic=known.name):
            await known.handler(run)
    except asyncio.CancelledError:
        outcome = "cut_short"
    except Exception:
        outcome = "failed"
        logger.exception("periodic_failed", name=known.name)
    seconds = time.perf_counter() - started
    JOBS_FINISHED.labels(known.name, outcome).inc()
    JOB_SECONDS.labels(known.name).observe(seconds)
    logger.debug("periodic_ran", name=known.name, outcome=outcome, milliseconds=round(seconds * 1000, 1))


def _names_and_spans(known: Iterable[Periodic]) -> tuple[list[str], list[timedelta]]:
    listed = list(known)
    return [one.name for one in listed], [one.every for one in listed]
