"""Run what is due on a given clock, here and now: for tests, simulations and the demo."""

import asyncio

import msgspec

from backhaul.jobqueue import statements
from backhaul.jobqueue.declaring import PERIODICS, runnable_names
from backhaul.jobqueue.dispatch import Picked, Verdict, dispatch
from backhaul.jobqueue.periodics import run_turn
from backhaul.jobqueue.recording import write
from backhaul.jobqueue.running import Run
from backhaul.kernel.clock import Clock
from backhaul.kernel.ids import new_id
from backhaul.kernel.ports import Ports
from backhaul.storage.database import Database

ANY_ID = 2**63 - 1


class Drained(msgspec.Struct):
    """How the runs ended."""

    finished: int = 0
    retry: int = 0
    parked: int = 0

    @property
    def runs(self) -> int:
        """Return how many jobs ran."""
        return self.finished + self.retry + self.parked


async def drain(
    db: Database, *, clock: Clock, ports: Ports, until_idle: bool = True, limit: int = 10_000
) -> Drained:
    """Run jobs due at `clock.now()`, one by one, until none is left; jobs they enqueue are run as well.

    With `until_idle=False` only what was enqueued before the call is run. More than `limit` runs raise: jobs
    that enqueue each other would go on for ever.
    """
    worker_id = new_id()
    drained = Drained()
    names = runnable_names()
    async with db.system() as reader:
        newest = ANY_ID if until_idle else await reader.fetchval(statements.NEWEST)
    while True:
        async with db.system() as reader:
            row = await reader.fetchrow(statements.PICK_DUE, worker_id, names, clock.now(), newest)
        if row is None:
            return drained
        outcome = await dispatch(msgspec.convert(dict(row), Picked), db=db, clock=clock, ports=ports)
        async with db.system() as reader:
            await write(reader, worker_id, (outcome,))
        if outcome.verdict is Verdict.HANDED_BACK:
            raise asyncio.CancelledError
        setattr(drained, outcome.verdict.value, getattr(drained, outcome.verdict.value) + 1)
        if drained.runs >= limit:
            raise RuntimeError(f"still busy after {limit} jobs; the last one was {row['name']}")


async def run_periodics(db: Database, *, clock: Clock, ports: Ports, names: list[str] | None = None) -> None:
    """Run one turn of every periodic job, or of the named ones, whether due or not."""
    for name in sorted(PERIODICS) if names is None else names:
        await run_turn(PERIODICS[name], Run(db, clock, ports))
