"""Take an asset in: somebody says that the organization has it."""

from datetime import datetime

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.inventory import lifecycle, tables
from backhaul.domain.inventory.model import Action, Asset, Reason
from backhaul.domain.inventory.operations.recording import write_handed_over
from backhaul.storage.database import Database


async def take_in(db: Database, *, actor: Actor, asset: str, now: datetime, note: str | None = None) -> Asset:
    """Take in an asset that is in a parcel, in a warehouse or outside, named by serial number, asset number or tag.

    What an employee has is unassigned instead: that names the person. A legal hold stays.
    """
    async with db.transaction(actor.scope(Right.INVENTORY_WRITE)) as tx:
        locked = await tables.lock_meant(tx, asset)
        custody = lifecycle.destination(locked.asset, Action.TAKE_IN)
        label = lifecycle.label_on_arrival(
            locked.labels,
            locked.status,
            custody,
            is_held=locked.is_held,
            is_sanitisation_due=locked.asset.is_sanitisation_due,
        )
        after = lifecycle.hand_over(locked.asset, Action.TAKE_IN, to_id=None, label=label, at=now)
        evidence = {} if note is None else {"note": note}
        await write_handed_over(
            tx, actor.author, locked.asset, after, Reason.RECEIVED, at=now, evidence=evidence, note=note
        )
    return after
