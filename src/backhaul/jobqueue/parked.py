"""What an operator does with the queue: count, look at parked jobs, release or discard them."""

from datetime import datetime
from typing import Any

import msgspec

from backhaul.jobqueue import statements
from backhaul.jobqueue.declaring import CHANNEL
from backhaul.kernel.errors import DomainError, Kind
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Database


class JobNotParked(DomainError):
    """No parked job has this number."""

    code = "job.not_parked"
    kind = Kind.NOT_FOUND
    message = "Job {job_id} is not parked. It may have been released or discarded meanwhile."


class ParkedJob(msgspec.Struct, frozen=True):
    """A job that is not tried again until somebody releases it."""

    id: int
    name: str
    arguments: dict[str, Any]  # ids as text, org_id among them
    attempts: int  # failed runs
    crashes: int  # workers that died over it
    reason: str
    created_at: datetime
    parked_at: datetime


class Count(msgspec.Struct, frozen=True):
    """How many jobs of one name there are; finished ones are gone."""

    name: str
    waiting: int
    running: int
    parked: int


async def list_parked(db: Database, org_id: OrgId | None = None, *, limit: int = 200) -> list[ParkedJob]:
    """Return parked jobs, the latest first, of one organization or of all."""
    async with db.system() as reader:
        rows = await reader.fetch(statements.LIST_PARKED, org_id, limit)
    return [msgspec.convert(dict(row), ParkedJob) for row in rows]


async def release(db: Database, job_id: int) -> None:
    """Let a parked job run again, at once and with all its attempts; raises `JobNotParked`."""
    await _change(db, statements.RELEASE, job_id)
    db.nudge(CHANNEL)


async def discard_parked(db: Database, job_id: int) -> None:
    """Remove a parked job for good; raises `JobNotParked`."""
    await _change(db, statements.DISCARD_PARKED, job_id)


async def counts(db: Database) -> list[Count]:
    """Return how many jobs wait, run and are parked, by name."""
    async with db.system() as reader:
        return [Count(**dict(row)) for row in await reader.fetch(statements.COUNTS)]


async def _change(db: Database, statement: str, job_id: int) -> None:
    async with db.system() as reader:
        if await reader.fetchval(statement, job_id) is None:
            raise JobNotParked(job_id=job_id)
