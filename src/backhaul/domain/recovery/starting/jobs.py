"""Campaigns begin by themselves."""

from datetime import timedelta

import structlog

from backhaul.domain.recovery.model import CampaignId
from backhaul.domain.recovery.starting import tables
from backhaul.domain.recovery.starting.operations.begin import AT_ONCE, begin_cases
from backhaul.jobqueue import Run, periodic
from backhaul.kernel.errors import Unavailable
from backhaul.storage.database import Scope

logger = structlog.get_logger("backhaul.recovery")

PER_ROUND = 100  # campaigns
PUT_OFF_FOR = timedelta(minutes=15)  # for a case that failed, as for its reminders


@periodic("recovery.begin_due", every=timedelta(seconds=5))
async def begin_due(run: Run) -> None:
    """Have everybody asked whose campaign's start day has come, each exactly once."""
    async with run.db.system() as reader:
        due = await tables.due(reader, now=run.now(), limit=PER_ROUND)
    for org_id, campaign_id in due:
        try:
            while await _begin_many(run, Scope(org_id), campaign_id) == AT_ONCE:
                pass
        except Unavailable:
            raise
        except Exception:
            # One campaign must not keep the others of every organization waiting.
            logger.exception("campaign did not begin", campaign_id=str(campaign_id))


async def _begin_many(run: Run, scope: Scope, campaign_id: CampaignId) -> int:
    try:
        return await begin_cases(run.db, scope=scope, campaign_id=campaign_id, now=run.now())
    except Unavailable:
        raise
    except Exception:
        logger.exception("cases did not begin together", campaign_id=str(campaign_id))
        return await _begin_each(run, scope, campaign_id)


async def _begin_each(run: Run, scope: Scope, campaign_id: CampaignId) -> int:
    """Begin cases one by one, put off each that fails, and return how many were tried."""
    async with run.db.read(scope) as reader:
        waiting = await tables.list_due(reader, scope.org_id, campaign_id, now=run.now(), limit=AT_ONCE)
    for case_id in waiting:
        try:
            await begin_cases(run.db, scope=scope, campaign_id=campaign_id, now=run.now(), only=case_id)
        except Unavailable:
            raise
        except Exception:
            # One case must not keep its campaign waiting, now or in the next round.
            logger.exception("case did not begin", case_id=str(case_id))
            async with run.db.transaction(scope) as tx:
                await tables.put_off(tx, case_id, until=run.now() + PUT_OFF_FOR)
    return len(waiting)
