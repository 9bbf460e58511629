"""Reading what the first page shows: each a statement, whatever there is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.overview import statements
from backhaul.domain.overview.model import AGES, STAGES, Installation, Needs, Progress, ReturnWeek, Stage
from backhaul.storage.database import Database
from backhaul.storage.relay import MAX_ATTEMPTS
from backhaul.storage.rows import record
from backhaul.storage.scope import Scope

MOST = 1000  # counting stops here: a page says "1,000 or more"
LATE_AFTER = timedelta(minutes=10)
NAMED_WALLETS = 3
RECENT_CASES, RECENT_ARRIVALS = 5000, 5000
_A_WEEK, _A_QUARTER, _TWELVE_WEEKS = timedelta(days=7), timedelta(days=91), timedelta(weeks=12)


async def get_needs(db: Database, *, actor: Actor, now: datetime) -> Needs:
    """Return what waits for somebody and what was spent this month (UTC), as far as the caller may see it."""
    seen = (
        Right.TRANSFERS_READ,
        Right.RECOVERY_READ,
        Right.RETURNS_READ,
        Right.BILLING_READ,
        Right.WEBHOOKS_READ,
    )
    month = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    async with db.read(Scope(actor.org_id)) as reader:
        row = await reader.fetchrow(
            statements.GET_NEEDS,
            actor.org_id,
            now,
            *(right in actor.rights for right in seen),
            now - _A_WEEK,
            MOST,
            month,
        )
    return record(Needs, row)


async def get_progress(db: Database, *, actor: Actor, now: datetime) -> Progress:
    """Return how recoveries go, as far as the caller may see it."""
    values = (
        RECENT_CASES,
        now - _A_QUARTER,
        Right.RECOVERY_READ in actor.rights,
        Right.TRANSFERS_READ in actor.rights,
        [now - timedelta(days=days) for days in AGES],
        now - _TWELVE_WEEKS,
        RECENT_ARRIVALS,
    )
    async with db.read(Scope(actor.org_id)) as reader:
        row = await reader.fetchrow(statements.GET_PROGRESS, actor.org_id, *values)
    return Progress(
        reached=_reached(row["reached"]),
        ages=tuple(row["ages"].get(str(bucket), 0) for bucket in range(len(AGES), -1, -1)),
        weeks=msgspec.convert(row["weeks"], tuple[ReturnWeek, ...]),
    )


async def get_installation(db: Database, *, actor: Actor, now: datetime) -> Installation:
    """Return what waits for whoever operates the installation: counts over all organizations."""
    actor.scope(Right.INSTALLATION_OPERATE)
    async with db.system() as reader:
        row = await reader.fetchrow(
            statements.GET_INSTALLATION, MOST, MAX_ATTEMPTS, now - LATE_AFTER, NAMED_WALLETS
        )
    return record(Installation, row)


def _reached(counts: dict[str, Any]) -> dict[Stage, int]:
    """Return how many got at least so far."""
    return {
        stage: sum(count for reached, count in counts.items() if int(reached) >= step)
        for step, stage in enumerate(STAGES)
    }
