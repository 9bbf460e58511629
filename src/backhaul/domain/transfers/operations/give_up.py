"""Stop waiting for a device that does not come."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.transfers import lifecycle, tables
from backhaul.domain.transfers.letters import write_letter
from backhaul.domain.transfers.model import Action, Transfer, TransferId
from backhaul.domain.transfers.operations.moving import save_move
from backhaul.storage import history
from backhaul.storage.database import Database, Scope, Tx


async def mark_not_returned(
    db: Database, *, actor: Actor, transfer_id: TransferId, reason: str | None, now: datetime
) -> Transfer:
    """Record that the device will not come. Should it come after all, its scans still complete the transfer."""
    async with db.transaction(actor.scope(Right.TRANSFERS_WRITE)) as tx:
        before = await tables.lock(tx, transfer_id)
        after = lifecycle.advance(before, Action.GIVE_UP)
        return await _end(tx, actor.author, before, after, reason=reason, now=now)


async def give_up(db: Database, *, scope: Scope, transfer_id: TransferId, now: datetime) -> None:
    """Close a transfer whose time is over. Safe to run twice."""
    async with db.transaction(scope) as tx:
        before = await tables.lock(tx, transfer_id)
        if before.give_up_at is None or before.give_up_at > now:
            return
        after = lifecycle.follow(before, Action.GIVE_UP)
        if after is not None:
            await _end(tx, history.SYSTEM, before, after, reason="the time to send it is over", now=now)


async def _end(
    tx: Tx, author: history.Author, before: Transfer, after: Transfer, *, reason: str | None, now: datetime
) -> Transfer:
    ended = msgspec.structs.replace(after, updated_at=now)
    await save_move(tx, author, before, ended, action="given_up", at=now, reason=reason)
    await write_letter(tx, ended, "failed", at=now, reason=reason or "the device was not sent")
    return ended
