"""Note what came of an attempt to send."""

from datetime import datetime

import msgspec

from backhaul.domain.notify import lifecycle, tables
from backhaul.domain.notify.lifecycle import Action
from backhaul.domain.notify.model import Message, MessageId, Status
from backhaul.kernel.ids import OrgId
from backhaul.storage import history
from backhaul.storage.database import Database, Scope

MAX_FAILURE_LENGTH = 500  # a server's refusal can be a page long


async def record_attempt(
    db: Database, action: Action, *, org_id: OrgId, message_id: MessageId, failure: str | None, now: datetime
) -> Message:
    """Note what came of an attempt to send; nothing, when another run of the job was quicker."""
    async with db.transaction(Scope(org_id)) as tx:
        before = await tables.lock(tx, message_id)
        if before.status is not Status.QUEUED:
            return before
        moved = lifecycle.advance(before, action)
        after = msgspec.structs.replace(
            moved,
            sent_at=now if moved.status is Status.SENT else None,
            failure=None if failure is None else failure[:MAX_FAILURE_LENGTH],
        )
        await tables.save(tx, after)
        if after.status is not before.status:
            history.note(
                tx,
                history.SYSTEM,
                subject=("message", message_id),
                action=after.status.value,
                at=now,
                before=before,
                after=after,
            )
    return after
