"""What the queue does for itself."""

from datetime import timedelta

from backhaul.jobqueue.declaring import periodic
from backhaul.jobqueue.running import Run
from backhaul.jobqueue.statements import FORGET_LOG

LOG_KEPT = timedelta(days=3)


@periodic("jobqueue.forget_log", every=timedelta(hours=1))
async def forget_log(run: Run) -> None:
    """Drop old lines of PgQueuer's log of picks and endings."""
    async with run.db.system() as reader:
        await reader.execute(FORGET_LOG, run.now() - LOG_KEPT)
