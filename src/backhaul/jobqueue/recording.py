"""Write down how runs ended: many at once when many end at once, and again until PostgreSQL takes it."""

import asyncio
from collections.abc import Iterable
from uuid import UUID

import asyncpg
import structlog

from backhaul.jobqueue import borrowed, statements
from backhaul.jobqueue.dispatch import Outcome, Verdict
from backhaul.kernel.errors import Unavailable
from backhaul.storage.database import Database, Reader

logger = structlog.get_logger("backhaul.jobs")

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0


class Recorder:
    """Records the outcomes of one worker."""

    def __init__(self, db: Database, worker_id: UUID) -> None:
        self._db = db
        self._worker_id = worker_id
        self._waiting: dict[int, Outcome] = {}
        self._turn = asyncio.Lock()

    async def record(self, outcome: Outcome) -> None:
        """Return when the outcome is committed, along with all that came in meanwhile."""
        self._waiting[outcome.job_id] = outcome
        async with self._turn:
            pause = FIRST_PAUSE_SECONDS
            while outcome.job_id in self._waiting:
                batch = dict(self._waiting)
                try:
                    async with self._db.system() as reader:
                        await write(reader, self._worker_id, batch.values())
                except (Unavailable, asyncpg.PostgresError) as error:
                    logger.warning("outcomes_wait_for_database", count=len(batch), reason=str(error))
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                else:
                    for job_id in batch:
                        del self._waiting[job_id]


async def write(reader: Reader, worker_id: UUID, outcomes: Iterable[Outcome]) -> None:
    """Write outcomes. Safe to repeat: a row that is no longer this worker's is left alone."""
    finished: list[int] = []
    for outcome in outcomes:
        match outcome.verdict:
            case Verdict.FINISHED:
                finished.append(outcome.job_id)
            case Verdict.RETRY:
                await reader.execute(
                    statements.RETRY, outcome.job_id, worker_id, outcome.retry_at, outcome.reason
                )
            case Verdict.PARKED:
                await reader.execute(statements.PARK, outcome.job_id, worker_id, outcome.reason)
            case Verdict.HANDED_BACK:
                await reader.execute(statements.HAND_BACK, outcome.job_id, worker_id)
    if finished:
        await reader.execute(borrowed.FINISH, *borrowed.finish_arguments(finished))
