"""What runs by itself for pages that anybody may ask for."""

from datetime import timedelta

from backhaul.jobqueue import Run, periodic
from backhaul.storage import rate_limits


@periodic("recovery.forget_rates", every=timedelta(minutes=10))
async def forget_rates(run: Run) -> None:
    """Drop rate limits that have recovered, a few thousand a turn."""
    async with run.db.system_transaction() as tx:
        await rate_limits.sweep(tx, now=run.now())
