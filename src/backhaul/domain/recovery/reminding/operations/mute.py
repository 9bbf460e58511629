"""Switch the reminders of a case off or on."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.recovery import tables as recovery_tables
from backhaul.domain.recovery.model import Case
from backhaul.domain.recovery.reminding import tables
from backhaul.storage import history
from backhaul.storage.database import Database


async def mute_case(db: Database, *, actor: Actor, case: str, is_muted: bool, now: datetime) -> Case:
    """Mute a recovery, named by its id or code, or have it reminded again. Repeating changes nothing.

    Steps that fall due meanwhile are passed over for good, where the ladder stops for muted cases.
    """
    async with db.transaction(actor.scope(Right.RECOVERY_WRITE)) as tx:
        found, _ = await recovery_tables.lock_case_by(tx, case)
        before = await tables.find_switches(tx, tx.org_id, found.id)
        if (before.muted_at is not None) == is_muted:
            return found
        after = msgspec.structs.replace(before, muted_at=now if is_muted else None)
        await tables.switch(tx, found.id, after)
        history.note(
            tx,
            actor.author,
            subject=("recovery_case", found.id),
            action="muted" if is_muted else "unmuted",
            at=now,
            before=before,
            after=after,
        )
    return found
