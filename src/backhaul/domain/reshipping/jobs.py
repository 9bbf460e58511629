"""What falls due by itself."""

from datetime import UTC, datetime, timedelta

import structlog

from backhaul.domain.reshipping import tables
from backhaul.domain.reshipping.operations import expire_reshipment
from backhaul.jobqueue import Run, periodic
from backhaul.kernel.errors import Unavailable
from backhaul.storage.database import Scope

logger = structlog.get_logger("backhaul.reshipping")

PER_PAGE = 200
BEGINNING = (datetime.min.replace(tzinfo=UTC), 0)


@periodic("reshipping.expire_due", every=timedelta(minutes=1))
async def expire_due(run: Run) -> None:
    """Let go of every reshipment nobody approved in time. Safe beside approvals: the first to lock it decides."""
    after, now = BEGINNING, run.now()
    while True:
        async with run.db.system() as reader:
            due = await tables.list_due(reader, now=now, after=after, limit=PER_PAGE)
        for org_id, number, expires_at in due:
            after = (expires_at, number)
            try:
                await expire_reshipment(run.db, scope=Scope(org_id), number=number, now=now)
            except Unavailable:
                raise
            except Exception:  # one organization's must not keep the others' waiting
                logger.exception("reshipment did not expire", number=number)
        if len(due) < PER_PAGE:
            return
