"""Run one picked job and say how it ended. The worker and `drain` share this."""

import asyncio
import time
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
import structlog

from backhaul.jobqueue.declaring import JOBS, Job
from backhaul.jobqueue.metrics import JOB_SECONDS, JOBS_FINISHED
from backhaul.jobqueue.running import Retry, Run
from backhaul.kernel.clock import Clock
from backhaul.kernel.errors import DomainError, Kind
from backhaul.kernel.ports import Ports
from backhaul.storage.database import Database

logger = structlog.get_logger("backhaul.jobs")

MAX_REASON_LENGTH = 2000
WORTH_RETRYING = {Kind.UNAVAILABLE, Kind.TOO_MANY}  # any other refusal would be the same next time


class Verdict(StrEnum):
    """How a run ended."""

    FINISHED = "finished"
    RETRY = "retry"
    PARKED = "parked"
    HANDED_BACK = "handed_back"  # cut short by a stop; it does not count


class Picked(msgspec.Struct, frozen=True):
    """A job this process has taken on."""

    id: int
    name: str
    payload: bytes
    attempts: int  # runs that failed so far


class Outcome(msgspec.Struct, frozen=True):
    """What is to be recorded about a run."""

    job_id: int
    verdict: Verdict
    reason: str = ""
    retry_at: datetime | None = None


async def dispatch(picked: Picked, *, db: Database, clock: Clock, ports: Ports) -> Outcome:
    """Run the job; every ending, a cancellation included, becomes an outcome."""
    job = JOBS[picked.name]
    attempt = picked.attempts + 1
    log = logger.bind(name=job.name, job_id=picked.id, attempt=attempt)
    try:
        payload = msgspec.json.decode(picked.payload, type=job.arguments)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _ended(
            log, Outcome(picked.id, Verdict.PARKED, f"its arguments cannot be read: {error}"), job, 0.0
        )
    arguments = {name: getattr(payload, name) for name in payload.__struct_fields__}
    log = log.bind(org_id=str(arguments["org_id"]))
    log.info("job_started")
    started = time.perf_counter()
    with structlog.contextvars.bound_contextvars(job=job.name, job_id=picked.id):
        outcome = await _judged(job, picked, arguments, Run(db, clock, ports, attempt), log)
    return _ended(log, outcome, job, time.perf_counter() - started)


async def _judged(job: Job, picked: Picked, arguments: dict[str, Any], run: Run, log: Any) -> Outcome:
    try:
        await job(run, **arguments)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            return Outcome(picked.id, Verdict.HANDED_BACK)
        after_seconds, reason = None, "it cancelled itself"
    except Retry as wish:
        after_seconds, reason = wish.after_seconds, wish.reason
    except DomainError as refusal:
        after_seconds, reason = None, f"{refusal.code}: {refusal.text}"
        if refusal.kind not in WORTH_RETRYING:
            return Outcome(picked.id, Verdict.PARKED, reason)
    except Exception as error:
        log.exception("job_failed")
        after_seconds, reason = None, f"{type(error).__name__}: {error}"
    else:
        return Outcome(picked.id, Verdict.FINISHED)
    return _again(job, picked.id, run, after_seconds, reason)


def _again(job: Job, job_id: int, run: Run, after_seconds: float | None, reason: str) -> Outcome:
    if job.retry.is_used_up(run.attempt):
        return Outcome(job_id, Verdict.PARKED, reason)
    if after_seconds is None:
        after_seconds = job.retry.delay_seconds(job_id=job_id, attempt=run.attempt)
    return Outcome(job_id, Verdict.RETRY, reason, run.now() + timedelta(seconds=after_seconds))


def _ended(log: Any, outcome: Outcome, job: Job, seconds: float) -> Outcome:
    JOBS_FINISHED.labels(job.name, outcome.verdict.value).inc()
    JOB_SECONDS.labels(job.name).observe(seconds)
    say = log.info if outcome.verdict is Verdict.FINISHED else log.warning
    extra: dict[str, Any] = {"reason": outcome.reason} if outcome.reason else {}
    if outcome.retry_at is not None:
        extra["retry_at"] = outcome.retry_at.isoformat()
    say(f"job_{outcome.verdict.value}", milliseconds=round(seconds * 1000, 1), **extra)
    return msgspec.structs.replace(outcome, reason=_storable(outcome.reason))


def _storable(text: str) -> str:
    """Return text that PostgreSQL takes: no NUL, no lone surrogates, not too long."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:MAX_REASON_LENGTH]
