"""A worker process for tests: runs `test.die`, which kills it, and `test.innocent`."""

import asyncio
import os
import signal
import sys

from backhaul.jobqueue import Run, job
from backhaul.jobqueue.worker import WorkerSettings, run_worker
from backhaul.kernel.clock import SystemClock
from backhaul.kernel.ids import OrgId
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database


@job("test.die")
async def die(run: Run, *, org_id: OrgId) -> None:
    await asyncio.sleep(0.05)
    os.kill(os.getpid(), signal.SIGKILL)


@job("test.innocent")
async def innocent(run: Run, *, org_id: OrgId) -> None:
    pass


async def main(url: str) -> None:
    db = await Database.open(DatabaseUrls.single(url), Session(app_connections=2, worker_connections=4))
    settings = WorkerSettings(heartbeat_timeout_seconds=0.8, max_crashes=2)
    await run_worker(db, clock=SystemClock(), ports={}, settings=settings, stop=asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
