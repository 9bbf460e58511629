"""Give an import up that nobody goes on with: what it has staged names people, and nothing else would forget it."""

from datetime import datetime

from backhaul.domain.bulk import lifecycle, tables
from backhaul.domain.bulk.model import Action, Status
from backhaul.storage import history
from backhaul.storage.author import SYSTEM
from backhaul.storage.database import Database
from backhaul.storage.scope import Scope


async def abandon_batch(
    db: Database, *, scope: Scope, number: int, idle_since: datetime, now: datetime
) -> None:
    """Forget what an open import has not written yet, unless somebody has gone on with it. Safe to repeat.

    What it wrote stays and can still be undone.
    """
    async with db.transaction(scope) as tx:
        before = await tables.lock_batch(tx, number)
        if before.status is not Status.OPEN:
            return
        if await tx.fetchval(tables.WAS_WRITTEN_SINCE, tx.org_id, before.id, idle_since):
            return
        after = lifecycle.advance(before, Action.ABANDON, at=now)
        await tables.save_batch(tx, after)
        await tx.execute(tables.FORGET_STAGED, tx.org_id, before.id)
        history.note(
            tx,
            SYSTEM,
            subject=("import", after.id),
            action="abandoned",
            at=now,
            before=before,
            after=after,
        )
