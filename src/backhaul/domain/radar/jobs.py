"""What falls due by itself."""

from datetime import timedelta
from itertools import groupby
from operator import itemgetter

import structlog

from backhaul.domain.radar import tables
from backhaul.domain.radar.model import Policy
from backhaul.domain.radar.operations.look import look_at
from backhaul.jobqueue import Run, periodic
from backhaul.kernel.errors import Unavailable
from backhaul.storage.database import Scope

logger = structlog.get_logger("backhaul.radar")

PER_ROUND = 1000


@periodic("radar.look", every=timedelta(seconds=60))
async def look(run: Run) -> None:
    """Open an exception for every parcel that needs somebody, and close those whose cause is gone.

    One transaction an organization; what is more than a round takes waits for the next.
    """
    policy, now = run.port(Policy), run.now()
    async with run.db.system() as reader:
        found = await tables.differing(reader, policy, now=now, limit=PER_ROUND)
    for org_id, parcels in groupby(sorted(found), key=itemgetter(0)):
        shipment_ids = [shipment_id for _, shipment_id in parcels]
        try:
            await look_at(run.db, scope=Scope(org_id), shipment_ids=shipment_ids, policy=policy, now=now)
        except Unavailable:
            raise
        except Exception:
            # One organization must not keep the others from being looked at.
            logger.exception("look failed", org_id=str(org_id))
