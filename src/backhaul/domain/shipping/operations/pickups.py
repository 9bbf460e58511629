"""Pickups: one live booking per parcel, confirmed by the carrier in a job."""

from datetime import date, datetime

import msgspec

from backhaul.domain.shipping import tables
from backhaul.domain.shipping.errors import PickupRefused
from backhaul.domain.shipping.events import PickupBooked, PickupEnded
from backhaul.domain.shipping.model import CarrierCode, Pickup, PickupId, PickupStatus, Shipment
from backhaul.domain.shipping.queries import find_shipment
from backhaul.domain.shipping.tasks import book_pickup
from backhaul.domain.shipping.tasks import cancel_pickup as cancel_at_carrier
from backhaul.kernel.ids import OrgId, new_id
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Scope, Tx


async def request_pickup(
    tx: Tx,
    *,
    author: history.Author,
    shipment: Shipment,
    on_date: date,
    instructions: str | None,
    at: datetime,
) -> Pickup:
    """Ask for a pickup of a locked parcel; the carrier confirms it afterwards. One of a past day makes room."""
    if not shipment.has_label or shipment.shipped_at is not None:
        raise PickupRefused(reason="the parcel has no label yet, or is already with the carrier.")
    pickup = Pickup(
        id=PickupId(new_id()),
        org_id=tx.org_id,
        shipment_id=shipment.id,
        on_date=on_date,
        instructions=instructions,
        status=PickupStatus.REQUESTED,
        confirmation=None,
        refusal=None,
        created_at=at,
        updated_at=at,
        version=1,
    )
    former = await tables.lock_live_pickup(tx, shipment.id)
    if former is not None and former.on_date < at.date():
        await _note_past(tx, author, former, at=at)
    await tables.insert_pickup(tx, pickup)
    history.note(tx, author, subject=("pickup", pickup.id), action="requested", at=at, after=pickup)
    book_pickup.enqueue(tx, pickup_id=pickup.id)
    return pickup


async def cancel_pickup(
    tx: Tx, *, author: history.Author, shipment: Shipment, at: datetime, first_day: date | None = None
) -> Pickup | None:
    """Cancel the live pickup of a locked parcel and return it; None when there is none to cancel.

    One before `first_day` (None: before today, as UTC counts days) is not called off any more, only noted as past.
    """
    pickup = await tables.lock_live_pickup(tx, shipment.id)
    if pickup is None:
        return None
    if pickup.on_date < (first_day or at.date()):
        await _note_past(tx, author, pickup, at=at)
        return None
    cancelled = _changed(pickup, PickupStatus.CANCELLED, at=at)
    await tables.save_pickup(tx, cancelled)
    _note(tx, author, "cancelled", pickup, cancelled, at=at)
    if pickup.status is PickupStatus.BOOKED:
        cancel_at_carrier.enqueue(tx, pickup_id=pickup.id, adapter=shipment.adapter, carrier=shipment.carrier)
    _report_end(tx, shipment, cancelled, was_refused=False, at=at)
    return cancelled


async def confirm_pickup(
    db: Database,
    *,
    org_id: OrgId,
    pickup_id: PickupId,
    confirmation: str,
    adapter: str,
    carrier: CarrierCode,
    now: datetime,
) -> None:
    """Keep the carrier's confirmation. Safe to repeat; one that ended meanwhile is cancelled there too."""
    async with db.transaction(Scope(org_id)) as tx:
        pickup = await tables.lock_pickup(tx, pickup_id)
        if pickup is None or pickup.confirmation is not None:
            return
        is_live = pickup.status is PickupStatus.REQUESTED
        status = PickupStatus.BOOKED if is_live else pickup.status
        booked = msgspec.structs.replace(_changed(pickup, status, at=now), confirmation=confirmation)
        await tables.save_pickup(tx, booked)
        _note(tx, history.SYSTEM, "confirmed", pickup, booked, at=now)
        if not is_live:
            cancel_at_carrier.enqueue(tx, pickup_id=pickup.id, adapter=adapter, carrier=carrier)
            return
        shipment = await _parcel_of(tx, pickup)
        outbox.record(
            tx,
            PickupBooked(subject_id=shipment.subject_id, pickup_id=pickup.id, shipment_id=shipment.id),
            at=now,
        )


async def refuse_pickup(
    db: Database, *, org_id: OrgId, pickup_id: PickupId, reason: str, now: datetime
) -> None:
    """Note the carrier's refusal. Safe to repeat."""
    async with db.transaction(Scope(org_id)) as tx:
        pickup = await tables.lock_pickup(tx, pickup_id)
        if pickup is None or pickup.status is not PickupStatus.REQUESTED:
            return
        refused = msgspec.structs.replace(_changed(pickup, PickupStatus.REFUSED, at=now), refusal=reason)
        await tables.save_pickup(tx, refused)
        _note(tx, history.SYSTEM, "refused", pickup, refused, at=now)
        shipment = await _parcel_of(tx, pickup)
        _report_end(tx, shipment, refused, was_refused=True, at=now)


async def _note_past(tx: Tx, author: history.Author, pickup: Pickup, *, at: datetime) -> None:
    past = _changed(pickup, PickupStatus.PAST, at=at)
    await tables.save_pickup(tx, past)
    _note(tx, author, "past", pickup, past, at=at)


async def _parcel_of(tx: Tx, pickup: Pickup) -> Shipment:
    # Not locked: who cancels locks the parcel first and the pickup second, and both would wait for ever.
    found = await find_shipment(tx, Scope(pickup.org_id), shipment_id=pickup.shipment_id)
    assert found is not None
    return found


def _changed(pickup: Pickup, status: PickupStatus, *, at: datetime) -> Pickup:
    return msgspec.structs.replace(pickup, status=status, updated_at=at, version=pickup.version + 1)


def _note(
    tx: Tx, author: history.Author, action: str, before: Pickup, after: Pickup, *, at: datetime
) -> None:
    history.note(tx, author, subject=("pickup", after.id), action=action, at=at, before=before, after=after)


def _report_end(tx: Tx, shipment: Shipment, pickup: Pickup, *, was_refused: bool, at: datetime) -> None:
    outbox.record(
        tx,
        PickupEnded(
            subject_id=shipment.subject_id,
            pickup_id=pickup.id,
            shipment_id=shipment.id,
            was_refused=was_refused,
        ),
        at=at,
    )
