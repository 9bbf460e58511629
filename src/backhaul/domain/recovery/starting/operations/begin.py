"""Begin the cases of a campaign whose day has come."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.queries import get_organization
from backhaul.domain.recovery.events import CaseOpened
from backhaul.domain.recovery.model import CampaignId, CaseId
from backhaul.domain.recovery.starting import tables
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Scope

AT_ONCE = 100


async def begin_cases(
    db: Database,
    *,
    scope: Scope,
    campaign_id: CampaignId,
    now: datetime,
    limit: int = AT_ONCE,
    only: CaseId | None = None,
) -> int:
    """Have up to `limit` people asked who wait for a campaign's start, or `only` one, and return how many.

    Safe to run twice, also at once. Case, history and event are one transaction: whoever is killed in it has begun
    nothing. What follows is what follows for somebody who is added to a campaign that has begun.
    """
    async with db.transaction(scope) as tx:
        waiting = await tables.lock_due(tx, campaign_id, now=now, limit=limit, only=only)
        if not waiting:
            return 0
        organization = await get_organization(tx, scope)
        for before in waiting:
            after = msgspec.structs.replace(
                before, begins_at=None, begun_at=now, updated_at=now, version=before.version + 1
            )
            tables.begin(tx, after)
            subject = ("recovery_case", after.id)
            history.note(
                tx, history.SYSTEM, subject=subject, action="begun", at=now, before=before, after=after
            )
            outbox.record(tx, CaseOpened(subject_id=after.id, plan=organization.plan), at=now)
    return len(waiting)
