"""A worker that reminds whoever is due, step by step of time, until it is killed: by itself at a given commit, or not.

Where it was in time nobody has to remember: what is due earliest is where the next worker goes on.
"""

import asyncio
import itertools
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from backhaul.domain.work import DECLARING
from backhaul.jobqueue import PERIODICS, Run
from backhaul.kernel.clock import SteppedClock
from backhaul.main import make_ports
from backhaul.settings import Settings
from backhaul.storage import database, leases
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database

assert DECLARING
EARLIEST = "SELECT min(next_at) FROM recovery_reminders"


def die_at(moment, number):
    """Die at the n-th commit: before what is gathered is written, before the commit, or after it."""
    commits = itertools.count(1)
    counted = {"writing": (database.Tx, "write_facts"), "before": (leases.Transaction, "_commit")}
    owner, name = counted.get(moment, (leases.Transaction, "_commit"))
    inner = getattr(owner, name)

    async def lethal(self):
        is_last = next(commits) == number
        if is_last and moment != "after":
            os.kill(os.getpid(), signal.SIGKILL)
        await inner(self)
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, lethal)


async def main(url, until, moment, number):
    db = await Database.open(DatabaseUrls.single(url), Session(app_connections=4, worker_connections=2))
    end = datetime.fromisoformat(until)
    ports = make_ports(Settings(), db, Path())
    die_at(moment, int(number))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        async with db.system() as reader:
            earliest = await reader.fetchval(EARLIEST)
        if earliest is None or earliest >= end:
            break
        await PERIODICS["recovery.remind_due"](Run(db, SteppedClock(earliest), ports))
    await db.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
