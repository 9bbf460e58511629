"""Reminders fall due by themselves."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import structlog

from backhaul.domain.recovery.model import CaseId
from backhaul.domain.recovery.person.model import Pages
from backhaul.domain.recovery.reminding import tables
from backhaul.domain.recovery.reminding.operations.remind import remind
from backhaul.jobqueue import Run, periodic
from backhaul.kernel.errors import Unavailable
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Scope

logger = structlog.get_logger("backhaul.recovery")

PER_ROUND = 500
AT_ONCE = 4  # while one writes, PostgreSQL reads for another
# For a case that failed: long enough that 500 broken ones leave room for the others, short enough that a repaired
# defect is made good soon.
PUT_OFF_FOR = timedelta(minutes=15)


@periodic("recovery.remind_due", every=timedelta(seconds=5))
async def remind_due(run: Run) -> None:
    """Take every step of a campaign's reminder ladder that is due."""
    async with run.db.system() as reader:
        due = await tables.due(reader, now=run.now(), limit=PER_ROUND)
    waiting = iter(due)
    await asyncio.gather(*(_remind_each(run, waiting) for _ in range(AT_ONCE)))


async def _remind_each(run: Run, waiting: Iterator[tuple[OrgId, CaseId]]) -> None:
    pages = run.port(Pages)
    for org_id, case_id in waiting:
        try:
            await remind(run.db, scope=Scope(org_id), case_id=case_id, pages=pages, now=run.now())
        except Unavailable:
            raise
        except Exception:
            # One case must not keep the others of every organization waiting, now or in the next round.
            logger.exception("due reminder failed", case_id=str(case_id))
            async with run.db.transaction(Scope(org_id)) as tx:
                await tables.put_off(tx, case_id, until=run.now() + PUT_OFF_FOR)
