"""What falls due by itself."""

from datetime import timedelta

import structlog

from backhaul.domain.reshipping import tables
from backhaul.domain.reshipping.operations import expire_reshipment
from backhaul.jobqueue import Run, periodic
from backhaul.kernel.errors import Unavailable
from backhaul.storage.database import Scope

logger = structlog.get_logger("backhaul.reshipping")

PER_ROUND = 200


@periodic("reshipping.expire_due", every=timedelta(minutes=1))
async def expire_due(run: Run) -> None:
    """Let go of every reshipment nobody approved in time. Safe beside approvals: the first to lock it decides."""
    async with run.db.system() as reader:
        due = await tables.list_due(reader, now=run.now(), limit=PER_ROUND)
    for org_id, number in due:
        try:
            await expire_reshipment(run.db, scope=Scope(org_id), number=number, now=run.now())
        except Unavailable:
            raise
        except Exception:  # one organization's must not keep the others' waiting
            logger.exception("reshipment did not expire", number=number)
