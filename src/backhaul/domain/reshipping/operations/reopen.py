"""Ask again about what was approved: it became dearer, no carrier takes it, or its money is no longer set aside."""

from datetime import datetime

from backhaul.domain.billing import wallet
from backhaul.domain.billing.model import Quote
from backhaul.domain.reshipping import lifecycle
from backhaul.domain.reshipping.model import Policy, Reshipment
from backhaul.domain.reshipping.operations.recording import save_move
from backhaul.domain.shipping import tables as shipping_tables
from backhaul.domain.shipping.lifecycle import is_cancellable
from backhaul.domain.shipping.operations import cancel_shipment
from backhaul.storage import history
from backhaul.storage.database import Tx


async def reopen(
    tx: Tx,
    author: history.Author,
    before: Reshipment,
    *,
    policy: Policy,
    at: datetime,
    reason: str,
    quote: Quote | None = None,
    weight_grams: int | None = None,
) -> Reshipment:
    """Take the approval of a locked reshipment back: its money is free, its label void, and fresh days begin."""
    after = lifecycle.reopen(before, policy=policy, at=at, quote=quote, weight_grams=weight_grams)
    assert before.hold_id is not None
    if before.shipment_id is not None:
        shipment = await shipping_tables.lock(tx, before.shipment_id)
        if is_cancellable(shipment.status, shipped_at=shipment.shipped_at):
            await cancel_shipment(tx, author=author, shipment=shipment, at=at)
    await wallet.release_hold(tx, before.hold_id, at, author=author)
    await save_move(tx, author, before, after, action="reopened", at=at, reason=reason)
    return after
