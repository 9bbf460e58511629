"""A worker that begins what waits, until it is killed by itself at a given commit."""

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from tests.domain.recovery.reminding.lethal_reminder import die_at

from backhaul.domain.work import DECLARING
from backhaul.jobqueue import PERIODICS, Run
from backhaul.kernel.clock import SteppedClock
from backhaul.main import make_ports
from backhaul.settings import Settings
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database

assert DECLARING


async def main(url, at, moment, number):
    db = await Database.open(DatabaseUrls.single(url), Session(app_connections=2, worker_connections=1))
    run = Run(db, SteppedClock(datetime.fromisoformat(at)), make_ports(Settings(), db, Path()))
    die_at(moment, int(number))
    await PERIODICS["recovery.begin_due"](run)
    await db.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
