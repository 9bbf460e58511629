"""Pickups: weekdays that are no holidays, within the next ten days (contract §1.8)."""

from datetime import date, datetime, timedelta

import holidays

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.shipping import tables as shipping_tables
from backhaul.domain.shipping.model import Leg, Pickup, Shipment
from backhaul.domain.shipping.operations import cancel_pickup as cancel_at_carrier
from backhaul.domain.shipping.operations import request_pickup
from backhaul.domain.transfers import tables
from backhaul.domain.transfers.errors import PickupDateRefused, TransferMoveRefused
from backhaul.domain.transfers.model import Status, Transfer, TransferId
from backhaul.storage.database import Database, Tx

DAYS_AHEAD = 10
DEFAULT_INSTRUCTIONS = "Please collect the labelled box at the front door. Nobody has to be at home."
_SATURDAY = 5


def possible_pickup_days(today: date, country_code: str) -> list[date]:
    """Return the days a carrier can come: from tomorrow, weekdays, no public holidays of the country."""
    days = [today + timedelta(days=ahead) for ahead in range(1, DAYS_AHEAD + 1)]
    try:
        closed = holidays.country_holidays(country_code, years={today.year, days[-1].year})
    except NotImplementedError:  # no calendar for this country: its weekdays are all we know
        closed = holidays.HolidayBase()
    return [day for day in days if day.weekday() < _SATURDAY and day not in closed]


async def schedule_pickup(
    db: Database,
    *,
    actor: Actor,
    transfer_id: TransferId,
    on_date: date,
    instructions: str | None,
    now: datetime,
) -> Pickup:
    """Ask for a pickup of the device's parcel; the carrier's confirmation follows by mail.

    Which days are possible is counted from today's date in UTC, not in the sender's own zone, which an address
    does not tell: a sender far from Greenwich may find that tomorrow begins some hours early or late.
    """
    async with db.transaction(actor.scope(Right.TRANSFERS_WRITE)) as tx:
        transfer = await tables.lock(tx, transfer_id)
        if transfer.status is not Status.PENDING_DEVICE:
            raise TransferMoveRefused(
                transfer_id=transfer.id, status=transfer.status.value, action="be picked up"
            )
        _check_day(transfer, on_date, now)
        return await request_pickup(
            tx,
            author=actor.author,
            shipment=await _device(tx, transfer),
            on_date=on_date,
            instructions=instructions or DEFAULT_INSTRUCTIONS,
            at=now,
        )


async def cancel_pickup(db: Database, *, actor: Actor, transfer_id: TransferId, now: datetime) -> Pickup:
    """Cancel the live pickup of a transfer; refuses when there is none."""
    async with db.transaction(actor.scope(Right.TRANSFERS_WRITE)) as tx:
        transfer = await tables.lock(tx, transfer_id)
        device = await _device(tx, transfer)
        pickup = await cancel_at_carrier(tx, author=actor.author, shipment=device, at=now)
        if pickup is None:
            raise TransferMoveRefused(
                transfer_id=transfer.id, status="without a pickup", action="have it cancelled"
            )
    return pickup


async def _device(tx: Tx, transfer: Transfer) -> Shipment:
    shipments = await shipping_tables.lock_of_subject(tx, "transfer", transfer.id)
    device = shipments.get(Leg.DEVICE)
    if device is None:
        raise TransferMoveRefused(transfer_id=transfer.id, status="not prepared yet", action="be picked up")
    return device


def _check_day(transfer: Transfer, on_date: date, now: datetime) -> None:
    today = now.date()
    possible = possible_pickup_days(today, transfer.sender.country_code)
    if on_date in possible:
        return
    if on_date <= today:
        reason = "the day must lie in the future"
    elif on_date > today + timedelta(days=DAYS_AHEAD):
        reason = f"that is more than {DAYS_AHEAD} days ahead"
    else:
        reason = "carriers come on weekdays that are no public holidays"
    raise PickupDateRefused(
        on=on_date.isoformat(), reason=reason, possible=", ".join(day.isoformat() for day in possible)
    )
