"""Have a parcel collected at the door, or not after all."""

from datetime import date, datetime

from backhaul.domain.recovery.person.errors import ParcelUnavailable
from backhaul.domain.recovery.person.model import Linked
from backhaul.domain.recovery.person.queries import find_transfer
from backhaul.domain.recovery.person.spelling import clean_note
from backhaul.domain.shipping.model import Pickup
from backhaul.domain.transfers.model import TransferId
from backhaul.domain.transfers.operations import cancel_pickup, schedule_pickup
from backhaul.storage.database import Database


async def book_pickup(
    db: Database,
    *,
    linked: Linked,
    parcel: int,
    on_date: date,
    instructions: str | None,
    now: datetime,
) -> Pickup:
    """Ask for a pickup of one of the person's parcels."""
    note = clean_note("instructions", instructions)
    return await schedule_pickup(
        db,
        actor=linked.actor,
        transfer_id=await _transfer(db, linked, parcel),
        on_date=on_date,
        instructions=note,
        now=now,
    )


async def call_pickup_off(db: Database, *, linked: Linked, parcel: int, now: datetime) -> Pickup:
    """Cancel the pickup of one of the person's parcels."""
    return await cancel_pickup(
        db, actor=linked.actor, transfer_id=await _transfer(db, linked, parcel), now=now
    )


async def _transfer(db: Database, linked: Linked, parcel: int) -> TransferId:
    async with db.read(linked.scope) as reader:
        found = await find_transfer(reader, linked, parcel)
    if found is None:
        raise ParcelUnavailable
    return found
