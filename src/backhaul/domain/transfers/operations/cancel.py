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
from backhaul.storage.database import Database


async def cancel_transfer(
    db: Database, *, actor: Actor, transfer_id: TransferId, reason: str | None, now: datetime
) -> Transfer:
    """Cancel a transfer, void its labels and give the money back. Refused once a parcel was handed over."""
    scope = actor.scope(Right.TRANSFERS_WRITE)
    async with db.transaction(scope) as tx:
        before = await tables.lock(tx, transfer_id)
        if before.status is Status.PENDING_DEVICE and not before.is_box_waived:
            raise TransferMoveRefused(
                transfer_id=before.id, status="past its box delivery", action="be cancelled"
            )
        after = msgspec.structs.replace(lifecycle.advance(before, Action.CANCEL), updated_at=now)
        for shipment in (await shipping_tables.lock_of_subject(tx, "transfer", transfer_id)).values():
            await cancel_pickup(tx, author=actor.author, shipment=shipment, at=now)
            await cancel_shipment(tx, author=actor.author, shipment=shipment, at=now)
        await save_move(tx, actor.author, before, after, action="cancelled", at=now, reason=reason)
        await refund_subject(
            tx,
            subject_kind="transfer",
            subject_id=transfer_id,
            reason=reason or "The transfer was cancelled.",
            at=now,
            author=actor.author,
        )
        await write_letter(tx, after, "cancelled", at=now, reason=reason)
    return after
