"""What falls due by itself."""

from datetime import timedelta

from backhaul.domain.transfers import tables
from backhaul.domain.transfers.model import Policy
from backhaul.domain.transfers.operations.give_up import give_up
from backhaul.domain.transfers.operations.remind import remind
from backhaul.jobqueue import Run, periodic
from backhaul.storage.database import Scope

PER_ROUND = 500


@periodic("transfers.remind_due", every=timedelta(seconds=5))
async def remind_due(run: Run) -> None:
    """Take every step of a reminder ladder that is due."""
    policy = run.port(Policy)
    async with run.db.system() as reader:
        due = await tables.due(reader, tables.DUE_REMINDERS, now=run.now(), limit=PER_ROUND)
    for org_id, transfer_id in due:
        await remind(run.db, scope=Scope(org_id), transfer_id=transfer_id, policy=policy, now=run.now())


@periodic("transfers.give_up_due", every=timedelta(seconds=30))
async def give_up_due(run: Run) -> None:
    """Close every transfer whose device did not come in time."""
    async with run.db.system() as reader:
        due = await tables.due(reader, tables.DUE_TO_GIVE_UP, now=run.now(), limit=PER_ROUND)
    for org_id, transfer_id in due:
        await give_up(run.db, scope=Scope(org_id), transfer_id=transfer_id, now=run.now())
