"""What falls due by itself."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from backhaul.domain.transfers import tables
from backhaul.domain.transfers.model import Policy, TransferId
from backhaul.domain.transfers.operations.give_up import give_up
from backhaul.domain.transfers.operations.remind import remind
from backhaul.jobqueue import Run, periodic
from backhaul.kernel.errors import Unavailable
from backhaul.storage.database import Scope

logger = structlog.get_logger("backhaul.transfers")

PER_ROUND = 500
# For a step that failed. Long enough that 500 broken transfers leave room for the others, short enough that a
# repaired defect is made good soon.
PUT_OFF_FOR = timedelta(minutes=15)


@periodic("transfers.remind_due", every=timedelta(seconds=5))
async def remind_due(run: Run) -> None:
    """Take every step of a reminder ladder that is due."""
    policy = run.port(Policy)

    async def step(scope: Scope, transfer_id: TransferId) -> None:
        await remind(run.db, scope=scope, transfer_id=transfer_id, policy=policy, now=run.now())

    await _with_each(run, tables.DUE_REMINDERS, step, put_off=tables.PUT_OFF_REMINDER)


@periodic("transfers.give_up_due", every=timedelta(seconds=30))
async def give_up_due(run: Run) -> None:
    """Close every transfer whose device did not come in time."""

    async def step(scope: Scope, transfer_id: TransferId) -> None:
        await give_up(run.db, scope=scope, transfer_id=transfer_id, now=run.now())

    await _with_each(run, tables.DUE_TO_GIVE_UP, step, put_off=tables.PUT_OFF_GIVING_UP)


async def _with_each(
    run: Run, statement: str, step: Callable[[Scope, TransferId], Awaitable[None]], *, put_off: str
) -> None:
    async with run.db.system() as reader:
        due = await tables.due(reader, statement, now=run.now(), limit=PER_ROUND)
    for org_id, transfer_id in due:
        try:
            await step(Scope(org_id), transfer_id)
        except Unavailable:
            raise
        except Exception:
            # One transfer must not keep the others of every organization waiting, now or in the next round.
            logger.exception("due step failed", transfer_id=str(transfer_id))
            async with run.db.transaction(Scope(org_id)) as tx:
                await tables.put_off(tx, put_off, transfer_id, until=run.now() + PUT_OFF_FOR)
