"""Discard a return: the warehouse gets rid of it, for good."""

from datetime import datetime

from backhaul.domain.holds import require_free
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.inventory.operations import custody
from backhaul.domain.returns import lifecycle, tables, tasks
from backhaul.domain.returns.model import Action, Return
from backhaul.domain.returns.operations.receive import evidence
from backhaul.domain.returns.operations.recording import save_move
from backhaul.domain.returns.operations.visible import lock_visible
from backhaul.storage.database import Database


async def discard_return(db: Database, *, actor: Actor, number: int, now: datetime) -> Return:
    """Discard a processed or verified return. It disappears from every list, its pictures go; history keeps the fact.

    Its devices that lie in the warehouse are archived. Refused in every other status, and while a legal hold covers one
    of its devices.
    """
    async with db.transaction(actor.scope(Right.RETURNS_WRITE)) as tx:
        before = await lock_visible(tx, number)
        after = lifecycle.advance(before, Action.DISCARD, at=now)
        items = await tables.list_items(tx, before.id)
        asset_ids = sorted({item.asset_id for item in items if item.asset_id is not None})
        await require_free(tx, asset_ids=asset_ids, return_numbers=[before.number], doing="discarded")
        for asset_id in asset_ids:
            asset = await custody.lock(tx, asset_id)
            if asset is not None and asset.warehouse_id == before.warehouse_id:
                await custody.discard(tx, actor.author, asset, at=now, evidence=evidence(before))
        await save_move(tx, actor.author, [(before, after)], action="discarded", at=now)
        tasks.remove_photos.enqueue(tx, return_id=before.id)
    return after
