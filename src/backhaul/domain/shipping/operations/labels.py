"""Labels: bought by a job, attached once, voided when nobody needs them."""

from datetime import datetime

import msgspec

from backhaul.domain.shipping import lifecycle, tables
from backhaul.domain.shipping.errors import ShipmentMoveRefused
from backhaul.domain.shipping.events import LabelBought, ParcelMoved
from backhaul.domain.shipping.model import CarrierCode, Fault, Purchase, Shipment, ShipmentId, Tracking
from backhaul.domain.shipping.tasks import void_label
from backhaul.kernel.ids import OrgId
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Scope, Tx


async def attach_label(
    db: Database,
    *,
    org_id: OrgId,
    shipment_id: ShipmentId,
    adapter: str,
    carrier: CarrierCode,
    purchase: Purchase,
    now: datetime,
    readdressed: int = 0,
) -> None:
    """Keep a bought label. Safe to repeat; a label for a parcel cancelled meanwhile is voided instead.

    So is one for an address that the parcel does not go to any more: `readdressed` says how often it had been sent
    somewhere else when the label was asked for.
    """
    async with db.transaction(Scope(org_id)) as tx:
        before = await tables.lock(tx, shipment_id)
        if before.readdressed != readdressed:
            asked = msgspec.structs.replace(
                before,
                adapter=adapter,
                carrier=carrier,
                carrier_shipment_id=purchase.carrier_shipment_id,
                readdressed=readdressed,
            )
            give_back_label(tx, asked)
            return
        if before.has_label:
            return
        labelled = msgspec.structs.replace(
            before,
            adapter=adapter,
            carrier=carrier,
            service=purchase.service,
            tracking_number=purchase.tracking_number,
            tracking_url=purchase.tracking_url,
            carrier_shipment_id=purchase.carrier_shipment_id,
            cost_minor=purchase.cost.amount_minor,
            cost_currency=purchase.cost.currency,
            labelled_at=now,
            # A parcel nobody could hand over yet moves at the earliest when it becomes ready.
            next_look_at=now if before.ready_at is not None and before.status in lifecycle.WATCHED else None,
            updated_at=now,
            version=before.version + 1,
        )
        await tables.save(tx, labelled)
        await tables.keep_labels(tx, shipment_id, purchase.tracking_number, purchase.labels)
        note_change(tx, history.SYSTEM, "label_bought", before, labelled, at=now)
        if before.status is Tracking.CANCELLED:
            give_back_label(tx, labelled)
            return
        outbox.record(
            tx,
            LabelBought(subject_id=before.subject_id, shipment_id=shipment_id, leg=before.leg),
            at=now,
        )


async def refuse_label(
    db: Database,
    *,
    org_id: OrgId,
    shipment_id: ShipmentId,
    reason: str,
    fault: Fault,
    now: datetime,
    readdressed: int = 0,
) -> None:
    """Note that no carrier will take the parcel, and whose fault that is. Safe to repeat.

    What is said of an address that the parcel does not go to any more means nothing.
    """
    async with db.transaction(Scope(org_id)) as tx:
        before = await tables.lock(tx, shipment_id)
        if before.has_label or before.status is not Tracking.PRE_TRANSIT:
            return
        if before.readdressed != readdressed:
            return
        failed = msgspec.structs.replace(
            before,
            status=lifecycle.advance(before.status, Tracking.FAILURE),
            fault=fault,
            updated_at=now,
            version=before.version + 1,
        )
        await tables.save(tx, failed)
        note_change(tx, history.SYSTEM, "label_refused", before, failed, at=now, reason=reason)
        report_move(tx, before, failed, moved_at=now, at=now)


async def cancel_shipment(tx: Tx, *, author: history.Author, shipment: Shipment, at: datetime) -> Shipment:
    """Give up a locked parcel that was not handed over; its label is voided. Repeating changes nothing."""
    if shipment.status is Tracking.CANCELLED:
        return shipment
    if not lifecycle.is_cancellable(shipment.status, shipped_at=shipment.shipped_at):
        raise ShipmentMoveRefused(status=shipment.status.value, action="be cancelled")
    cancelled = msgspec.structs.replace(
        shipment,
        status=Tracking.CANCELLED,
        next_look_at=None,
        updated_at=at,
        version=shipment.version + 1,
    )
    await tables.save(tx, cancelled)
    note_change(tx, author, "cancelled", shipment, cancelled, at=at)
    give_back_label(tx, shipment)
    return cancelled


def give_back_label(tx: Tx, shipment: Shipment) -> None:
    """Have the parcel's label voided where it was bought; one that was bought elsewhere is not ours to void."""
    if shipment.carrier_shipment_id is None:
        return
    void_label.enqueue(
        tx,
        shipment_id=shipment.id,
        adapter=shipment.adapter,
        carrier=shipment.carrier,
        carrier_shipment_id=shipment.carrier_shipment_id,
        purchase_key=shipment.purchase_key,
    )


def note_change(
    tx: Tx,
    author: history.Author,
    action: str,
    before: Shipment,
    after: Shipment,
    *,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Note a change of a shipment in its history."""
    subject = ("shipment", after.id)
    history.note(tx, author, subject=subject, action=action, at=at, before=before, after=after, reason=reason)


def report_move(tx: Tx, before: Shipment, after: Shipment, *, moved_at: datetime, at: datetime) -> None:
    """Tell others that the parcel's status changed."""
    outbox.record(
        tx,
        ParcelMoved(
            subject_id=after.subject_id,
            shipment_id=after.id,
            leg=after.leg,
            before=before.status,
            after=after.status,
            fault=after.fault,
            moved_at=moved_at,
        ),
        at=at,
    )
