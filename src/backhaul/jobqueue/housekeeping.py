"""What queue and storage do for themselves."""

from datetime import timedelta

from backhaul.jobqueue.declaring import periodic
from backhaul.jobqueue.running import Run
from backhaul.jobqueue.statements import FORGET_LOG
from backhaul.storage import idempotency, relay
from backhaul.storage.rows import deleted

LOG_KEPT = timedelta(days=3)
ANSWERS_KEPT = timedelta(days=2)  # longer than any client repeats a request


ROUNDS = 200  # of a few thousand rows each: short statements, and a backlog that still shrinks


@periodic("jobqueue.forget_log", every=timedelta(minutes=10))
async def forget_log(run: Run) -> None:
    """Drop old lines of PgQueuer's log of picks and endings."""
    for _ in range(ROUNDS):
        async with run.db.system() as reader:
            if not deleted(await reader.execute(FORGET_LOG, run.now() - LOG_KEPT)):
                return


@periodic("jobqueue.forget_events", every=timedelta(minutes=10))
async def forget_events(run: Run) -> None:
    """Drop events that were told long ago."""
    for _ in range(ROUNDS):
        if not await relay.forget_processed(run.db, now=run.now()):
            return


@periodic("jobqueue.forget_answers", every=timedelta(minutes=10))
async def forget_answers(run: Run) -> None:
    """Drop the answers kept for repeated requests."""
    for _ in range(ROUNDS):
        async with run.db.system_transaction() as tx:
            if not await idempotency.forget_older_than(tx, run.now() - ANSWERS_KEPT):
                return
