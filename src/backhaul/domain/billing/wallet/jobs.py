"""What falls due by itself."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog

from backhaul.domain.billing.wallet import operations, queries
from backhaul.jobqueue import Run, periodic
from backhaul.kernel.errors import Unavailable
from backhaul.storage.database import Scope

logger = structlog.get_logger("backhaul.billing")

PER_PAGE = 500
BEGINNING = (datetime.min.replace(tzinfo=UTC), UUID(int=0))


@periodic("billing.release_expired_holds", every=timedelta(minutes=1))
async def release_expired_holds(run: Run) -> None:
    """Give back every hold whose time is over. Safe beside captures: the first to have the wallet decides."""
    after, now = BEGINNING, run.now()
    while True:
        async with run.db.system() as reader:
            expired = await queries.list_expired(reader, now=now, after=after, limit=PER_PAGE)
        for org_id, hold_id, expires_at in expired:
            after = (expires_at, hold_id)
            try:
                await operations.expire_hold(run.db, scope=Scope(org_id), hold_id=hold_id, now=now)
            except Unavailable:
                raise
            except Exception:  # one wallet must not keep the others of every organization waiting
                logger.exception("hold did not expire", hold_id=str(hold_id))
        if len(expired) < PER_PAGE:
            return
