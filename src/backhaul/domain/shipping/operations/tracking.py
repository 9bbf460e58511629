"""Tracking: take in what a carrier reports, however often and in whatever order."""

from datetime import datetime, timedelta

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.shipping import lifecycle, tables
from backhaul.domain.shipping.errors import ShipmentMoveRefused
from backhaul.domain.shipping.model import (
    BY_HAND,
    Shipment,
    ShipmentId,
    Tracking,
    TrackingEvent,
    TrackResult,
)
from backhaul.domain.shipping.operations.labels import give_back_label, note_change, report_move
from backhaul.domain.shipping.operations.pickups import cancel_pickup
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage import history
from backhaul.storage.database import Database, Scope, Tx

# How soon to look again when the carrier gives no hint: the closer to the door, the sooner.
FIRST_LOOK = {
    Tracking.OUT_FOR_DELIVERY: timedelta(minutes=15),
    Tracking.IN_TRANSIT: timedelta(hours=1),
    Tracking.AVAILABLE_FOR_PICKUP: timedelta(hours=3),
    Tracking.FAILURE: timedelta(hours=24),
}
OTHERWISE = timedelta(hours=2)
LONGEST = timedelta(hours=24)
# Twice as long as a transfer waits for its device by default: what has not come by then is found by a person,
# and labels that nobody used would otherwise be asked about for ever.
WATCH_FOR = timedelta(days=60)
MAX_NUMBER_LENGTH = 64


def next_look_at(
    status: Tracking, *, looks: int, now: datetime, hint: datetime | None, since: datetime | None = None
) -> datetime | None:
    """Return when to ask the carrier next: its own hint, or doubling from a first interval up to a day.

    Nothing is watched longer than `WATCH_FOR` after `since`, when it could first be handed over (None: not yet).
    """
    if since is not None and now >= since + WATCH_FOR:
        return None
    if status not in lifecycle.WATCHED | lifecycle.MAY_TURN_UP:
        return None
    if hint is not None:
        return max(hint, now)
    first = FIRST_LOOK.get(status, OTHERWISE)
    doubled: timedelta = first * 2 ** min(looks, 10)
    return now + min(doubled, LONGEST)


async def ingest(
    db: Database,
    *,
    scope: Scope,
    shipment_id: ShipmentId,
    tracking_number: str,
    result: TrackResult,
    now: datetime,
) -> Shipment:
    """Take in what a carrier answered about a number. Safe to repeat; known scans change nothing.

    When the parcel has got another number since the carrier was asked, the answer is about another parcel.
    """
    async with db.transaction(scope) as tx:
        before = await tables.lock(tx, shipment_id)
        if before.tracking_number != tracking_number:
            return before
        return await _take_in(tx, history.SYSTEM, before, result, now=now)


async def record_scan(
    db: Database,
    *,
    actor: Actor,
    shipment_id: ShipmentId,
    status: Tracking,
    text: str,
    happened_at: datetime,
    now: datetime,
) -> Shipment:
    """Note by hand what a carrier without tracking reported; refuses what cannot follow."""
    scope = actor.scope(Right.TRANSFERS_WRITE)
    # The status is part of the raw code: two scans of one minute without words are still two.
    raw = f"manual:{status.value}"
    scan = TrackingEvent(status=status, at=happened_at, carrier_status=raw, text=text)
    async with db.transaction(scope) as tx:
        before = await tables.lock(tx, shipment_id)
        if not before.has_label:
            raise ShipmentMoveRefused(status="without a label", action=f"become {status.value}")
        if status is Tracking.CANCELLED:  # it would leave the label valid and the transfer waiting
            raise ShipmentMoveRefused(status=before.status.value, action="be cancelled by a scan")
        lifecycle.advance(before.status, status)
        if happened_at > now:
            raise ShipmentMoveRefused(status=before.status.value, action="move in the future")
        return await _take_in(tx, actor.author, before, TrackResult(events=(scan,)), now=now)


async def _take_in(
    tx: Tx, author: history.Author, before: Shipment, result: TrackResult, *, now: datetime
) -> Shipment:
    number = before.tracking_number
    assert number is not None
    fresh = 0
    if result.events:
        fresh = await tables.add_events(tx, before.id, number, result.events, at=now)
    if not fresh:
        looks = before.looks + 1
        look_at = next_look_at(
            before.status, looks=looks, now=now, hint=result.next_look_at, since=before.ready_at
        )
        await tables.look_again(tx, before.id, at=look_at, looks=looks)
        return before
    start = Tracking.CANCELLED if before.status is Tracking.CANCELLED else Tracking.PRE_TRANSIT
    seen = lifecycle.standing(await tables.events_of(tx, before.id, number), start=start)
    after = project(before, seen, now=now, hint=result.next_look_at)
    await tables.save(tx, after)
    note_change(tx, author, "tracked", before, after, at=now)
    # A scan of the way that comes in after the parcel was given up for lost changes no status, and yet who has it.
    was_handed_over = before.shipped_at is None and after.shipped_at is not None
    if after.status is not before.status or was_handed_over:
        report_move(tx, before, after, moved_at=seen.since or now, at=now)
    return after


def project(before: Shipment, seen: lifecycle.Standing, *, now: datetime, hint: datetime | None) -> Shipment:
    """Return the shipment as all known scans show it."""
    return msgspec.structs.replace(
        before,
        status=seen.status,
        fault=seen.fault,
        shipped_at=seen.shipped_at,
        delivered_at=seen.delivered_at,
        next_look_at=next_look_at(seen.status, looks=0, now=now, hint=hint, since=before.ready_at),
        looks=0,
        updated_at=now,
        version=before.version + 1,
    )


async def replace_tracking_number(
    db: Database,
    *,
    actor: Actor,
    shipment_id: ShipmentId,
    tracking_number: str,
    tracking_url: str | None,
    now: datetime,
) -> Shipment:
    """Enter the number of a label that was bought elsewhere. Any carrier's number is taken, whatever its form.

    The parcel starts anew: scans of the old number say nothing about it. The old label is voided and not printed
    any more, and a pickup booked for it is cancelled.
    """
    number = tracking_number.strip()
    if not number or len(number) > MAX_NUMBER_LENGTH:
        text = f"must have 1 to {MAX_NUMBER_LENGTH} characters"
        raise InvalidInput([FieldProblem("tracking_number", "length", text)])
    async with db.transaction(actor.scope(Right.TRANSFERS_WRITE)) as tx:
        before = await tables.lock(tx, shipment_id)
        if not before.has_label or before.status not in lifecycle.WATCHED:
            raise ShipmentMoveRefused(status=before.status.value, action="get another number")
        if number == before.tracking_number and tracking_url == before.tracking_url:
            return before
        after = _renumbered(before, number, tracking_url, now=now)
        await tables.save(tx, after)
        note_change(tx, actor.author, "number_replaced", before, after, at=now)
        if number == before.tracking_number:
            return after
        give_back_label(tx, before)
        await cancel_pickup(tx, author=actor.author, shipment=before, at=now)
        if after.status is not before.status:
            report_move(tx, before, after, moved_at=now, at=now)
    return after


def _renumbered(before: Shipment, number: str, url: str | None, *, now: datetime) -> Shipment:
    changed = msgspec.structs.replace(before, tracking_url=url, updated_at=now, version=before.version + 1)
    if number == before.tracking_number:
        return changed  # only where to follow it is new
    return msgspec.structs.replace(
        changed,
        tracking_number=number,
        adapter=BY_HAND,
        carrier_shipment_id=None,
        status=Tracking.PRE_TRANSIT,
        fault=None,
        shipped_at=None,
        delivered_at=None,
        next_look_at=now,
        looks=0,
        labelled_at=now,
    )
