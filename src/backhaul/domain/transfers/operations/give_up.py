"""Stop waiting for a device that does not come."""

from datetime import UTC, datetime, time, timedelta

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.shipping import tables as shipping_tables
from backhaul.domain.shipping.model import Leg
from backhaul.domain.shipping.operations import cancel_pickup
from backhaul.domain.shipping.queries import find_live_pickup
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
    """Close a transfer whose time is over, not before a pickup that is still to come. Safe to run twice."""
    async with db.transaction(scope) as tx:
        before = await tables.lock(tx, transfer_id)
        if before.give_up_at is None or before.give_up_at > now:
            return
        after = lifecycle.follow(before, Action.GIVE_UP)
        if after is not None and not await _is_put_off(tx, before, now):
            await _end(tx, history.SYSTEM, before, after, reason="the time to send it is over", now=now)


async def _is_put_off(tx: Tx, transfer: Transfer, now: datetime) -> bool:
    """Wait until the day after the device's pickup, if one is still to come, and return whether it is."""
    device = (await shipping_tables.lock_of_subject(tx, "transfer", transfer.id)).get(Leg.DEVICE)
    if device is None:
        return False
    coming = await find_live_pickup(tx, Scope(tx.org_id), shipment_id=device.id, today=now.date())
    if coming is None:
        return False
    later = msgspec.structs.replace(
        transfer,
        give_up_at=datetime.combine(coming.on_date + timedelta(days=1), time(), UTC),
        updated_at=now,
        version=transfer.version + 1,
    )
    await save_move(tx, history.SYSTEM, transfer, later, action="giving_up_put_off", at=now)
    return True


async def _end(
    tx: Tx, author: history.Author, before: Transfer, after: Transfer, *, reason: str | None, now: datetime
) -> Transfer:
    ended = msgspec.structs.replace(after, updated_at=now)
    for shipment in (await shipping_tables.lock_of_subject(tx, "transfer", before.id)).values():
        await cancel_pickup(tx, author=author, shipment=shipment, at=now)
    await save_move(tx, author, before, ended, action="given_up", at=now, reason=reason)
    await write_letter(tx, ended, "failed", at=now, reason=reason or "the device was not sent")
    return ended
