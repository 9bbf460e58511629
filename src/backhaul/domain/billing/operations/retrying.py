"""Try again: because a person says so, or because it is time."""

from collections.abc import Iterable
from datetime import datetime

from backhaul.domain.billing import lifecycle, tables, tasks
from backhaul.domain.billing.model import Charge, ChargeId
from backhaul.domain.identity.model import Actor, Right
from backhaul.storage import history
from backhaul.storage.database import Database, Scope


async def retry_declined(db: Database, *, actor: Actor, charge_id: ChargeId, now: datetime) -> Charge:
    """Have a declined charge tried again at once."""
    async with db.transaction(actor.scope(Right.BILLING_WRITE)) as tx:
        before = await tables.lock(tx, charge_id)
        after = lifecycle.retry(before, now=now)
        await tables.save(tx, before, after)
        history.note(
            tx,
            actor.author,
            subject=("charge", after.id),
            action="retried",
            at=now,
            before=before,
            after=after,
        )
        tasks.collect.enqueue(tx, charge_id=charge_id, key=str(charge_id))
    return after


async def collect_again(db: Database, *, scope: Scope, charge_ids: Iterable[ChargeId]) -> None:
    """Enqueue charges of one organization that are due; those whose job still waits are passed over."""
    async with db.transaction(scope) as tx:
        for charge_id in charge_ids:
            tasks.collect.enqueue(tx, charge_id=charge_id, key=str(charge_id))
