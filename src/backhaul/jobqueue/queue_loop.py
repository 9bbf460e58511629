"""A worker's view of the queue: pick what is due, run it, keep it alive, take over from the dead."""

import asyncio
from datetime import timedelta
from uuid import UUID

import msgspec
import structlog

from backhaul.jobqueue import borrowed, statements
from backhaul.jobqueue.declaring import runnable_names
from backhaul.jobqueue.dispatch import Picked, Verdict, dispatch
from backhaul.jobqueue.recording import Recorder
from backhaul.jobqueue.supervising import wait_for
from backhaul.kernel.clock import Clock
from backhaul.kernel.ports import Ports
from backhaul.storage.database import Database

logger = structlog.get_logger("backhaul.jobs")

BEATS_PER_TIMEOUT = 4  # two may be lost
SOONEST_SECONDS = 0.02


class WorkerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How one worker works."""

    concurrency: int = 8  # jobs at a time; each may borrow a connection of the app pool
    poll_seconds: float = 5.0  # how long a lost nudge can delay a job
    heartbeat_timeout_seconds: float = 10.0  # a worker silent for so long is taken for dead
    drain_seconds: float = 20.0  # how long a stop waits for running jobs before it hands them back
    max_crashes: int = 5  # dead workers in a row after which a job is parked


class QueueLoop:
    """The jobs one worker has in hand."""

    def __init__(
        self, db: Database, *, worker_id: UUID, clock: Clock, ports: Ports, settings: WorkerSettings
    ) -> None:
        self.wake = asyncio.Event()
        self.running: dict[int, asyncio.Task[None]] = {}
        self._in_handler: set[int] = set()  # of those running; the others are being recorded
        self._db = db
        self._worker_id = worker_id
        self._clock = clock
        self._ports = ports
        self._settings = settings
        self._recorder = Recorder(db, worker_id)

    async def pick(self, stop: asyncio.Event) -> None:
        """Start due jobs as long as there is room, until told to stop."""
        names = runnable_names()
        while names and not stop.is_set():
            self.wake.clear()
            room = self._settings.concurrency - len(self.running)
            if room == 0:
                await self.wake.wait()  # a job ends, or the stop wakes us
                continue
            picked = await self._pick(names, room)
            for job in picked:
                self._start(job)
            if len(picked) < room:
                await wait_for(self.wake, await self._seconds_to_rest(names))

    async def keep_alive(self) -> None:
        """Send heartbeats, and give back what dead workers held.

        Whoever has just connected looks on for one timeout: after PostgreSQL was away, the living need time
        to say so.
        """
        timeout = self._settings.heartbeat_timeout_seconds
        clock = asyncio.get_running_loop()
        reclaim_from = clock.time() + timeout
        while True:
            async with self._db.system() as reader:
                if self.running:
                    await reader.execute(borrowed.HEARTBEAT, list(self.running))
                if clock.time() >= reclaim_from:
                    rows = await reader.fetch(
                        statements.RECLAIM, timedelta(seconds=timeout), self._settings.max_crashes
                    )
                    for row in rows:
                        logger.error("job_lost_its_worker", **dict(row))
                    if rows:
                        self.wake.set()
            await asyncio.sleep(timeout / BEATS_PER_TIMEOUT)

    async def finish(self, *, drain_seconds: float, hand_back_seconds: float) -> None:
        """Wait for the running jobs, then cancel them so that they are handed back."""
        await asyncio.sleep(0)  # what was just started gets as far as being cancellable
        if self.running:
            await asyncio.wait(self.running.values(), timeout=drain_seconds)
        for job_id in self._in_handler:
            self.running[job_id].cancel()
        if self.running:
            await asyncio.wait(self.running.values(), timeout=hand_back_seconds)
        for job_id in self.running:
            logger.error("job_abandoned", job_id=job_id)  # it did not heed the stop, or PostgreSQL is away

    async def _pick(self, names: list[str], room: int) -> list[Picked]:
        statement, arguments = borrowed.pick(worker_id=self._worker_id, names=names, at_most=room)
        async with self._db.system() as reader:
            rows = await reader.fetch(statement, *arguments)
        return [
            Picked(row["id"], row["entrypoint"], row["payload"], row["attempts"])
            for row in rows
            if row["id"] not in self.running  # ours all along, taken for dead meanwhile
        ]

    async def _seconds_to_rest(self, names: list[str]) -> float:
        async with self._db.system() as reader:
            due_in = await reader.fetchval(statements.NEXT_DUE, names)
        longest = self._settings.poll_seconds
        return longest if due_in is None else min(max(due_in, SOONEST_SECONDS), longest)

    def _start(self, job: Picked) -> None:
        task = asyncio.create_task(self._run(job), name=f"{job.name} {job.id}")
        self.running[job.id] = task
        task.add_done_callback(lambda _: self._end(job.id))

    def _end(self, job_id: int) -> None:
        if len(self.running) == self._settings.concurrency:
            self.wake.set()
        task = self.running.pop(job_id)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("job_not_recorded", job_id=job_id, reason=str(error))

    async def _run(self, job: Picked) -> None:
        self._in_handler.add(job.id)
        try:
            outcome = await dispatch(job, db=self._db, clock=self._clock, ports=self._ports)
        finally:
            self._in_handler.discard(job.id)
        await self._recorder.record(outcome)
        if outcome.verdict is Verdict.RETRY:
            self.wake.set()  # it may be due sooner than what we rest for
