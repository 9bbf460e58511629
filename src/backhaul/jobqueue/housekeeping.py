"""What queue and storage do for themselves."""

from datetime import timedelta

from backhaul.jobqueue.declaring import periodic
from backhaul.jobqueue.running import Run
from backhaul.jobqueue.statements import FORGET_LOG
from backhaul.storage import idempotency, relay

LOG_KEPT = timedelta(days=3)
ANSWERS_KEPT = timedelta(days=2)  # longer than any client repeats a request


@periodic("jobqueue.forget_log", every=timedelta(hours=1))
async def forget_log(run: Run) -> None:
    """Drop old lines of PgQueuer's log of picks and endings."""
    async with run.db.system() as reader:
        await reader.execute(FORGET_LOG, run.now() - LOG_KEPT)


@periodic("jobqueue.forget_events", every=timedelta(minutes=10))
async def forget_events(run: Run) -> None:
    """Drop events that were told long ago."""
    await relay.forget_processed(run.db, now=run.now())


@periodic("jobqueue.forget_answers", every=timedelta(minutes=10))
async def forget_answers(run: Run) -> None:
    """Drop the answers kept for repeated requests."""
    async with run.db.system_transaction() as tx:
        await idempotency.forget_older_than(tx, run.now() - ANSWERS_KEPT)
