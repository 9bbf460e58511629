"""Note that what came back was looked at."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.recovery import tables
from backhaul.domain.recovery.model import Case
from backhaul.storage import history
from backhaul.storage.database import Database


async def record_diagnosis(db: Database, *, actor: Actor, case: str, now: datetime) -> Case:
    """Note that what came back in a recovery was inspected. Repeating changes nothing."""
    scope = actor.scope(Right.RECOVERY_WRITE)
    async with db.transaction(scope) as tx:
        before, _ = await tables.lock_case_by(tx, case)
        if before.diagnosed_at is not None:
            return before
        after = msgspec.structs.replace(before, diagnosed_at=now, updated_at=now, version=before.version + 1)
        tables.save_case(tx, after)
        subject = ("recovery_case", after.id)
        history.note(
            tx, actor.author, subject=subject, action="diagnosed", at=now, before=before, after=after
        )
    return after
