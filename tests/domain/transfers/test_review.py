"""Pickups end, insurance has a limit, and one broken transfer stands before nobody."""

from datetime import UTC, datetime, time, timedelta

import msgspec
import pytest
from tests.domain.transfers.world import DAY

from backhaul.domain.shipping.errors import PickupRefused
from backhaul.domain.shipping.model import Fault, PickupStatus, Tracking
from backhaul.domain.shipping.operations import replace_tracking_number
from backhaul.domain.shipping.queries import find_live_pickup, get_pickup
from backhaul.domain.transfers.errors import InsuredAmountTooHigh, TransferMoveRefused
from backhaul.domain.transfers.model import MAX_INSURED_MINOR, Status
from backhaul.domain.transfers.operations import (
    cancel_pickup,
    cancel_transfer,
    mark_not_returned,
    possible_pickup_days,
    schedule_pickup,
)


async def waiting(world):
    """A transfer whose sender keeps the device and may ask for a pickup."""
    return await world.order(is_box_waived=True, ticket_reference="sim-kept")


async def book(world, order, nth=0):
    """A booked pickup on the nth possible day from now."""
    on_date = possible_pickup_days(world.now.date(), "US")[nth]
    asked = await schedule_pickup(
        world.db, actor=world.actor, transfer_id=order.id, on_date=on_date, instructions=None, now=world.now
    )
    await world.settle()
    return asked


async def reload(world, pickup):
    return await get_pickup(world.db, org_id=world.scope.org_id, pickup_id=pickup.id)


async def live_pickup(world, order, today=None):
    device = await world.device(order)
    async with world.db.read(world.scope) as reader:
        return await find_live_pickup(reader, world.scope, shipment_id=device.id, today=today)


async def letters(world, order, letter):
    return [name for name, _ in await world.letters(order)].count(letter)


def midnight_after(day):
    return datetime.combine(day + timedelta(days=1), time(), UTC)


# Insurance


async def test_a_device_can_be_insured_up_to_what_the_carriers_insure(world):
    order = await world.order(insured_minor=MAX_INSURED_MINOR)
    assert (await world.device(order)).has_label


async def test_an_amount_no_carrier_insures_is_refused_before_anything_is_written(world):
    before = await world.traces()
    with pytest.raises(InsuredAmountTooHigh, match="up to 50000 US dollars"):
        await world.place(insured_minor=MAX_INSURED_MINOR + 1)
    assert await world.traces() == before


# Pickups whose day is over


async def test_a_pickup_whose_day_has_passed_makes_room_for_another(world):
    order = await waiting(world)
    first = await book(world, order)
    world.clock.advance(midnight_after(first.on_date) - world.now)
    assert await live_pickup(world, order, today=world.now.date()) is None
    second = await book(world, order)
    assert (await reload(world, first)).status is PickupStatus.PAST
    assert (await live_pickup(world, order)).id == second.id
    assert await world.history(first) == ["requested", "confirmed", "past"]
    assert await letters(world, order, "pickup_cancelled") == 0
    assert await world.jobs() == []


async def test_a_pickup_of_today_makes_no_room_yet(world):
    order = await waiting(world)
    first = await book(world, order)
    world.clock.advance(midnight_after(first.on_date) - timedelta(seconds=1) - world.now)
    with pytest.raises(PickupRefused, match="booked already"):
        await book(world, order)


async def test_what_is_past_is_not_cancelled(world):
    order = await waiting(world)
    first = await book(world, order)
    world.clock.advance(midnight_after(first.on_date) - world.now)
    with pytest.raises(TransferMoveRefused, match="without a pickup"):
        await cancel_pickup(world.db, actor=world.actor, transfer_id=order.id, now=world.now)
    await cancel_transfer(world.db, actor=world.actor, transfer_id=order.id, reason=None, now=world.now)
    await world.settle()
    assert (await reload(world, first)).status is PickupStatus.PAST
    assert await letters(world, order, "pickup_cancelled") == 0


# Giving up


async def test_nobody_gives_up_before_a_pickup_that_is_still_to_come(world):
    order = await waiting(world)
    due_at = (await world.reload(order)).give_up_at
    world.clock.advance(due_at - DAY - world.now)
    await world.settle()
    coming = await book(world, order, nth=2)
    assert midnight_after(coming.on_date) > due_at
    ended = await world.live_until(order, Status.NOT_RETURNED, at_most_days=15)
    assert world.now == midnight_after(coming.on_date)
    assert (await world.history(ended))[-2:] == ["giving_up_put_off", "given_up"]
    assert (await reload(world, coming)).status is PickupStatus.PAST


async def test_a_person_who_gives_up_calls_the_pickup_off(world):
    order = await waiting(world)
    coming = await book(world, order)
    await mark_not_returned(world.db, actor=world.actor, transfer_id=order.id, reason="stolen", now=world.now)
    await world.settle()
    assert (await reload(world, coming)).status is PickupStatus.CANCELLED
    assert await letters(world, order, "pickup_cancelled") == 1
    assert await world.jobs() == []


# The device goes


@pytest.mark.parametrize("moved", [Tracking.IN_TRANSIT, Tracking.DELIVERED, Tracking.FAILURE])
async def test_a_device_that_was_dropped_off_needs_no_pickup(world, moved):
    order = await waiting(world)
    coming = await book(world, order, nth=2)
    await world.report(await world.device(order), moved)
    await world.settle()
    assert await world.history(coming) == ["requested", "confirmed", "cancelled"]
    assert await letters(world, order, "pickup_cancelled") == 1
    assert await world.jobs() == []


@pytest.mark.parametrize("heard_later", [timedelta(0), 2 * DAY])
async def test_a_device_that_went_on_the_day_of_its_pickup_was_picked_up(world, heard_later):
    order = await waiting(world)
    coming = await book(world, order, nth=1)
    picked_up_at = datetime.combine(coming.on_date, time(15), UTC)
    world.clock.advance(picked_up_at + heard_later - world.now)
    await world.report(await world.device(order), Tracking.IN_TRANSIT, at=picked_up_at)
    await world.settle()
    assert (await reload(world, coming)).status is PickupStatus.PAST
    assert await letters(world, order, "pickup_cancelled") == 0


async def test_a_replaced_label_takes_its_pickup_with_it(world):
    order = await waiting(world)
    coming = await book(world, order)
    await replace_tracking_number(
        world.db,
        actor=world.actor,
        shipment_id=(await world.device(order)).id,
        tracking_number="PASTED",
        tracking_url=None,
        now=world.now,
    )
    await world.settle()
    assert (await reload(world, coming)).status is PickupStatus.CANCELLED
    assert (await world.parked(), await world.jobs()) == (
        [],
        [],
    )  # called off and voided where they were bought


# Lost and found


async def test_a_lost_device_that_turns_up_completes_its_transfer_by_itself(world, monkeypatch):
    from backhaul.adapters.carriers.simulated import SimulatedCarrier

    order = await world.order(is_box_waived=True, ticket_reference="sim-lost")
    await world.live_until(order, Status.FAILED)
    device, track = await world.device(order), SimulatedCarrier.track
    assert device.fault is Fault.LOST

    async def found(self, carrier, request, *, now):
        known = await track(self, carrier, request, now=now)
        arrived = known.events[-1]
        if now < arrived.at + 5 * DAY:
            return known
        at_last = msgspec.structs.replace(
            arrived, status=Tracking.DELIVERED, at=arrived.at + 5 * DAY, text="Delivered", fault=None
        )
        return msgspec.structs.replace(known, events=(*known.events, at_last))

    monkeypatch.setattr(SimulatedCarrier, "track", found)
    await world.live_until(order, Status.COMPLETE, at_most_days=7)


# One broken transfer


async def test_broken_transfers_at_the_head_do_not_keep_the_others_waiting(world, monkeypatch):
    from backhaul.domain.transfers import jobs

    world.expects_failures = True
    first, second = await waiting(world), await waiting(world)
    monkeypatch.setattr(jobs, "PER_ROUND", 1)
    broken, is_repaired = set(), False

    def failing(take_step):
        async def step(db, *, transfer_id, **arguments):
            if not is_repaired and transfer_id in (broken or {transfer_id}):
                broken.add(transfer_id)
                raise RuntimeError("no way")
            await take_step(db, transfer_id=transfer_id, **arguments)

        return step

    monkeypatch.setattr(jobs, "remind", failing(jobs.remind))
    monkeypatch.setattr(jobs, "give_up", failing(jobs.give_up))
    world.clock.advance(30 * DAY)
    before = {one.id: await world.reload(one) for one in (first, second)}
    for _ in range(2):
        await jobs.remind_due(world.run)
        await jobs.give_up_due(world.run)

    (stuck_id,) = broken
    stuck, other = (first, second) if stuck_id == first.id else (second, first)
    assert (await world.reload(other)).status is Status.NOT_RETURNED
    waits = await world.reload(stuck)
    soon = world.now + timedelta(minutes=15)
    assert (waits.status, waits.next_reminder_at, waits.give_up_at) == (Status.PENDING_DEVICE, soon, soon)
    assert waits.version == before[stuck.id].version

    is_repaired = True
    await world.live(days=0.1)
    assert (await world.reload(stuck)).status is Status.NOT_RETURNED
