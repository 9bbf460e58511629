"""What imports do by themselves."""

from datetime import timedelta

import structlog

from backhaul.domain.bulk import tables
from backhaul.domain.bulk.operations.abandon import abandon_batch
from backhaul.jobqueue import Run, periodic
from backhaul.kernel.errors import Unavailable
from backhaul.storage.database import Scope

logger = structlog.get_logger("backhaul.bulk")

PER_ROUND = 100
# Long enough to come back after a weekend and a holiday; well within the month that GDPR Article 12 leaves for erasing
# a person, who may be among the staged rows.
FORGET_AFTER = timedelta(days=7)


@periodic("bulk.forget_stale", every=timedelta(hours=1))
async def forget_stale(run: Run) -> None:
    """Give up open imports that nobody has gone on with for a week, and forget what they had staged."""
    idle_since = run.now() - FORGET_AFTER
    async with run.db.system() as reader:
        stale = await tables.idle(reader, since=idle_since, limit=PER_ROUND)
    for org_id, number in stale:
        try:
            await abandon_batch(
                run.db, scope=Scope(org_id), number=number, idle_since=idle_since, now=run.now()
            )
        except Unavailable:
            raise
        except Exception:
            # Somebody is writing it right now, perhaps. It must not keep the others waiting.
            logger.exception("stale import stays", number=number)
