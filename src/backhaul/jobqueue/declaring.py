"""Declare jobs, enqueue them in a transaction, and declare what runs again and again."""

import inspect
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, get_type_hints

import msgspec

from backhaul.jobqueue.backoff import Backoff
from backhaul.jobqueue.running import Run
from backhaul.jobqueue.statements import ENQUEUE
from backhaul.storage.database import Tx
from backhaul.storage.facts import FactKind

CHANNEL = "backhaul_jobs"
JOB_FACT = FactKind(name="jobs", width=4, insert=ENQUEUE, wakes=CHANNEL)

Handler = Callable[..., Awaitable[None]]
PeriodicHandler = Callable[[Run], Awaitable[None]]

_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_RESERVED = {"tx", "at", "key"}  # enqueue's own arguments


class Job:
    """A declared job: call `enqueue` in the transaction whose work it continues."""

    def __init__(self, name: str, retry: Backoff) -> None:
        self.name = name
        self.retry = retry
        self.arguments: type[msgspec.Struct] | None = None  # None until its handler is known
        self._body: Handler | None = None

    def handler(self, body: Handler) -> "Job":
        """Give the job what it does: `run` and, by keyword, `org_id` and ids. It must be safe to repeat."""
        if self._body is not None:
            raise TypeError(f"job {self.name} has a handler already")
        self._body = body
        self.arguments = _arguments_of(self.name, body)
        return self

    def enqueue(
        self, tx: Tx, *, at: datetime | None = None, key: str | None = None, **arguments: Any
    ) -> None:
        """Note the job; it is written at commit, never without the change and never twice.

        It runs in the organization of `tx`, at once or not before `at`. `key`, unique within job and
        organization, means: if such a job waits already, one is enough.
        """
        assert tx.scope is not None, "a job belongs to an organization"
        org_id = tx.scope.org_id
        payload: Any = {**arguments, "org_id": org_id}
        if self.arguments is not None:
            unknown = arguments.keys() - set(self.arguments.__struct_fields__)
            if unknown:
                raise TypeError(f"job {self.name} takes no {', '.join(sorted(unknown))}")
            payload = msgspec.convert(payload, self.arguments)
        full_key = None if key is None else f"{self.name}:{org_id}:{key}"
        tx.note(JOB_FACT, self.name, msgspec.json.encode(payload), at, full_key)

    async def __call__(self, run: Run, **arguments: Any) -> None:
        """Run the handler directly."""
        if self._body is None:
            raise LookupError(f"job {self.name} has no handler in this process")
        await self._body(run, **arguments)


class Periodic(msgspec.Struct, frozen=True):
    """Something that runs every so often, on one worker at a time."""

    name: str
    handler: PeriodicHandler
    every: timedelta

    async def __call__(self, run: Run) -> None:
        """Run the handler directly."""
        await self.handler(run)


JOBS: dict[str, Job] = {}
PERIODICS: dict[str, Periodic] = {}


def job(name: str, *, retry: Backoff | None = None) -> Callable[[Handler], Job]:
    """Declare a job, `capability.word_word`. Its handler takes `run` and, by keyword, `org_id` and its ids.

    A job may run more than once, so the handler must be safe to repeat.
    """
    return declare(name, retry=retry).handler


def declare(name: str, *, retry: Backoff | None = None) -> Job:
    """Declare a job before its handler exists: operations enqueue what `jobs`, above them, carries out."""
    _check_name(name)
    JOBS[name] = Job(name, retry or Backoff())
    return JOBS[name]


def runnable_names() -> list[str]:
    """Return the jobs whose handlers this process knows; others it may only enqueue."""
    return sorted(name for name, declared in JOBS.items() if declared.arguments is not None)


def periodic(name: str, *, every: timedelta) -> Callable[[PeriodicHandler], Periodic]:
    """Declare what runs every so often; a missed turn is not made up for, a failed one waits for the next."""
    _check_name(name)
    if every <= timedelta(0):
        raise ValueError(f"{name} must have some time between two turns")

    def declare(handler: PeriodicHandler) -> Periodic:
        PERIODICS[name] = Periodic(name, handler, every)
        return PERIODICS[name]

    return declare


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not of the form capability.word_word")
    if name in JOBS or name in PERIODICS:
        raise TypeError(f"job name {name} is taken")


def _arguments_of(name: str, handler: Handler) -> type[msgspec.Struct]:
    """Return the payload's type: the handler's keyword arguments with their annotations."""
    hints = get_type_hints(handler)
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = []
    for parameter in list(inspect.signature(handler).parameters.values())[1:]:
        if parameter.kind is not parameter.KEYWORD_ONLY or parameter.name in _RESERVED:
            raise TypeError(f"job {name}: {parameter.name} must be keyword-only and not one of {_RESERVED}")
        if parameter.default is parameter.empty:
            fields.append((parameter.name, hints[parameter.name]))
        else:
            fields.append((parameter.name, hints[parameter.name], parameter.default))
    if "org_id" not in hints:
        raise TypeError(f"job {name} must take org_id: it runs in one organization's scope")
    return msgspec.defstruct(f"Arguments of {name}", fields, kw_only=True, frozen=True)
