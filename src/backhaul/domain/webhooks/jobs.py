"""What deliveries leave behind, let go in time."""

from datetime import timedelta

from backhaul.domain.webhooks import tables
from backhaul.domain.webhooks.model import Policy
from backhaul.jobqueue import Run, periodic

ROUNDS = 200  # of a thousand deliveries each: short transactions, and a backlog that still shrinks


@periodic("webhooks.forget_ended", every=timedelta(minutes=10))
async def forget_ended(run: Run) -> None:
    """Drop deliveries that ended long ago, however they did, with their attempts."""
    before = run.now() - timedelta(days=run.port(Policy).kept_days)
    for _ in range(ROUNDS):
        async with run.db.system_transaction() as tx:
            if not await tables.forget_ended(tx, before=before):
                return
