"""Cancel an order: possible until somebody handed its first parcel over."""

from datetime import datetime

import msgspec

from backhaul.domain.billing.operations import refund_subject
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.shipping import tables as shipping_tables
from backhaul.domain.shipping.operations import cancel_pickup, cancel_shipment
from backhaul.domain.transfers import lifecycle, tables
from backhaul.domain.transfers.errors import TransferMoveRefused
from backhaul.domain.transfers.letters import write_letter
from backhaul.domain.transfers.model import Action, Status, Transfer, TransferId
from backhaul.domain.transfers.operations.moving import save_move
from backhaul.storage import history
from backhaul.storage.database import Database, Tx


async def cancel_transfer(
    db: Database, *, actor: Actor, transfer_id: TransferId, reason: str | None, now: datetime
) -> Transfer:
    """Cancel a transfer, void its labels and give the money back. Refused once a parcel was handed over."""
    scope = actor.scope(Right.TRANSFERS_WRITE)
    async with db.transaction(scope) as tx:
        before = await tables.lock(tx, transfer_id)
        return await cancel_order(tx, author=actor.author, transfer=before, reason=reason, at=now)


async def cancel_order(
    tx: Tx, *, author: history.Author, transfer: Transfer, reason: str | None, at: datetime
) -> Transfer:
    """Cancel a locked transfer, void its labels and give the money back."""
    if transfer.status is Status.PENDING_DEVICE and not transfer.is_box_waived:
        raise TransferMoveRefused(
            transfer_id=transfer.id, status="past its box delivery", action="be cancelled"
        )
    after = msgspec.structs.replace(lifecycle.advance(transfer, Action.CANCEL), updated_at=at)
    for shipment in (await shipping_tables.lock_of_subject(tx, "transfer", transfer.id)).values():
        await cancel_pickup(tx, author=author, shipment=shipment, at=at)
        await cancel_shipment(tx, author=author, shipment=shipment, at=at)
    await save_move(tx, author, transfer, after, action="cancelled", at=at, reason=reason)
    await refund_subject(
        tx,
        subject_kind="transfer",
        subject_id=transfer.id,
        reason=reason or "The transfer was cancelled.",
        at=at,
        author=author,
    )
    await write_letter(tx, after, "cancelled", at=at, reason=reason)
    return after
