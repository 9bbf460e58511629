"""Pickups: weekdays that are no holidays, within the next ten days, one at a time (contract §1.8)."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from backhaul.domain.shipping.errors import CarrierRefused, PickupRefused
from backhaul.domain.shipping.model import CarrierCode, PickupStatus, Tracking
from backhaul.domain.shipping.queries import find_live_pickup
from backhaul.domain.transfers.errors import PickupDateRefused, TransferMoveRefused
from backhaul.domain.transfers.model import Status
from backhaul.domain.transfers.operations import (
    cancel_pickup,
    cancel_transfer,
    possible_pickup_days,
    schedule_pickup,
)
from backhaul.domain.transfers.operations.pickup import DEFAULT_INSTRUCTIONS
from backhaul.settings import Settings, ShippingSettings

PERSON = "christopher@home.example"
MONDAY = date(2026, 5, 4)
JULY = datetime(2026, 6, 29, 12, tzinfo=UTC)  # a Monday; the Fourth of July is kept on Friday the 3rd


async def waiting(world, **changes):
    """A transfer whose sender may ask for a pickup now."""
    return await world.order(is_box_waived=True, ticket_reference="sim-kept", **changes)


async def book(world, order, on_date, instructions=None):
    return await schedule_pickup(
        world.db,
        actor=world.actor,
        transfer_id=order.id,
        on_date=on_date,
        instructions=instructions,
        now=world.now,
    )


async def live_pickup(world, order):
    device = await world.device(order)
    async with world.db.read(world.scope) as reader:
        return await find_live_pickup(reader, world.scope, shipment_id=device.id)


def test_possible_days_are_the_weekdays_of_the_next_ten_days():
    assert [day.day for day in possible_pickup_days(MONDAY, "US")] == [5, 6, 7, 8, 11, 12, 13, 14]


def test_holidays_of_the_country_are_left_out():
    assert [day.isoformat()[5:] for day in possible_pickup_days(JULY.date(), "US")] == [
        "06-30", "07-01", "07-02", "07-06", "07-07", "07-08", "07-09",
    ]  # fmt: skip
    assert date(2026, 7, 3) in possible_pickup_days(JULY.date(), "DE")


def test_holidays_beyond_new_year_are_known():
    days = possible_pickup_days(date(2026, 12, 28), "US")
    assert date(2027, 1, 1) not in days
    assert date(2026, 12, 31) in days


@pytest.mark.parametrize("country", ["AQ", "XX", "us"])
def test_a_country_without_a_calendar_has_weekdays(country):
    assert len(possible_pickup_days(MONDAY, country)) == 8


async def test_a_pickup_is_booked_with_the_carrier_and_confirmed_by_mail(world):
    order = await waiting(world)
    asked = await book(world, order, date(2026, 5, 6), "Ring twice.")
    assert (asked.status, asked.instructions, asked.confirmation) == (
        PickupStatus.REQUESTED,
        "Ring twice.",
        None,
    )
    await world.settle()
    booked = await live_pickup(world, order)
    assert booked.status is PickupStatus.BOOKED
    assert booked.confirmation.startswith("SIMPU")
    assert await world.history(booked) == ["requested", "confirmed"]
    assert (await world.letters(order))[-1] == ("pickup_booked", PERSON)
    assert "Wednesday, 6 May 2026" in await world.letter_text(order, "pickup_booked")


async def test_without_instructions_the_usual_ones_are_given(world):
    order = await waiting(world)
    assert (await book(world, order, date(2026, 5, 6))).instructions == DEFAULT_INSTRUCTIONS


async def test_an_impossible_day_is_refused_and_the_possible_ones_are_named(world, subtests):
    world.clock.advance(JULY - world.now)
    order = await waiting(world)
    before = await world.traces()
    past, closed = "the day must lie in the future", "carriers come on weekdays that are no public holidays"
    far = "that is more than 10 days ahead"
    for on_date, reason in (
        ("2026-06-28", past),
        ("2026-06-29", past),  # today
        ("2026-07-03", closed),  # the holiday
        ("2026-07-04", closed),
        ("2026-07-05", closed),
        ("2026-07-10", far),
        ("2027-07-09", far),
    ):
        with subtests.test(str(on_date)):
            with pytest.raises(PickupDateRefused) as refused:
                await book(world, order, date.fromisoformat(on_date))
            assert refused.value.data == {
                "on": on_date,
                "reason": reason,
                "possible": "2026-06-30, 2026-07-01, 2026-07-02, 2026-07-06, 2026-07-07, 2026-07-08, 2026-07-09",
            }
    assert await world.traces() == before


async def test_of_two_bookings_at_once_one_is_made(world):
    order = await waiting(world)
    answers = await asyncio.gather(
        book(world, order, date(2026, 5, 6)), book(world, order, date(2026, 5, 7)), return_exceptions=True
    )
    refusals = [answer for answer in answers if isinstance(answer, PickupRefused)]
    assert len(refusals) == 1
    assert "booked already" in refusals[0].text
    await world.settle()
    assert [letter for letter, _ in await world.letters(order)].count("pickup_booked") == 1


async def test_a_cancelled_pickup_is_cancelled_at_the_carrier_and_makes_room_for_another(world):
    order = await waiting(world)
    first = await book(world, order, date(2026, 5, 6))
    await world.settle()
    cancelled = await cancel_pickup(world.db, actor=world.actor, transfer_id=order.id, now=world.now)
    assert (cancelled.id, cancelled.status) == (first.id, PickupStatus.CANCELLED)
    assert await world.jobs() == ["shipping.cancel_pickup"]
    await world.settle()
    assert await world.jobs() == []
    assert await world.history(cancelled) == ["requested", "confirmed", "cancelled"]
    second = await book(world, order, date(2026, 5, 7))
    await world.settle()
    assert (await live_pickup(world, order)).id == second.id
    assert sorted(letter for letter, _ in await world.letters(order)) == [
        "label_ready", "pickup_booked", "pickup_booked", "pickup_cancelled",
    ]  # fmt: skip


async def test_a_pickup_cancelled_before_the_carrier_confirmed_is_cancelled_there_too(world):
    order = await waiting(world)
    await book(world, order, date(2026, 5, 6))
    cancelled = await cancel_pickup(world.db, actor=world.actor, transfer_id=order.id, now=world.now)
    assert await world.jobs() == ["shipping.book_pickup"]
    await world.settle()
    assert await world.history(cancelled) == ["requested", "cancelled", "confirmed"]
    assert await live_pickup(world, order) is None
    assert await world.jobs() == []
    assert [letter for letter, _ in await world.letters(order)] == ["label_ready", "pickup_cancelled"]


async def test_there_is_nothing_to_cancel_without_a_pickup(world):
    order = await waiting(world)
    before = await world.traces()
    with pytest.raises(TransferMoveRefused, match="without a pickup"):
        await cancel_pickup(world.db, actor=world.actor, transfer_id=order.id, now=world.now)
    assert await world.traces() == before


async def test_a_carrier_that_refuses_is_told_to_the_sender(world, monkeypatch):
    from backhaul.adapters.carriers.simulated import SimulatedCarrier

    async def refuse(self, carrier, request, *, idempotency_key, now):
        raise CarrierRefused(carrier=carrier.value, reason="the van is full")

    monkeypatch.setattr(SimulatedCarrier, "schedule_pickup", refuse)
    order = await waiting(world)
    asked = await book(world, order, date(2026, 5, 6))
    await world.settle()
    assert await live_pickup(world, order) is None
    assert await world.history(asked) == ["requested", "refused"]
    assert (await world.letters(order))[-1] == ("pickup_cancelled", PERSON)
    assert "the van is full" in await world.letter_text(order, "pickup_cancelled")
    assert (await world.events(order))[-1][1]["was_refused"] is True


async def test_a_carrier_without_pickups_refuses_at_once_and_is_not_asked_again(world):
    world = await world.elsewhere(Settings(shipping=ShippingSettings(carriers={"FedEx": "manual"})))
    order = await waiting(world)
    asked = await book(world, order, date(2026, 5, 6))
    await world.settle()
    assert await world.history(asked) == ["requested", "refused"]
    assert await world.jobs() == []
    assert (await world.letters(order))[-1] == ("pickup_cancelled", PERSON)


async def test_a_pickup_is_possible_only_while_the_device_waits(world):
    early = await world.order()
    with pytest.raises(TransferMoveRefused, match="pending_box"):
        await book(world, early, date(2026, 5, 6))
    order = await waiting(world)
    await world.report(await world.device(order), Tracking.IN_TRANSIT)
    with pytest.raises(PickupRefused, match="already with the carrier"):
        await book(world, order, date(2026, 5, 6))
    await world.settle()
    with pytest.raises(TransferMoveRefused, match="device_in_transit"):
        await book(world, order, date(2026, 5, 6))


async def test_a_pickup_before_the_parcel_is_prepared_is_refused(world):
    order = await world.place(is_box_waived=True)
    with pytest.raises(TransferMoveRefused, match="not prepared yet"):
        await book(world, order, date(2026, 5, 6))
    await world.relay()
    with pytest.raises(PickupRefused, match="no label yet"):
        await book(world, order, date(2026, 5, 6))


async def test_cancelling_the_transfer_cancels_its_pickup(world):
    order = await waiting(world)
    booked = await book(world, order, date(2026, 5, 6))
    await world.settle()
    await cancel_transfer(world.db, actor=world.actor, transfer_id=order.id, reason=None, now=world.now)
    await world.settle()
    assert await world.history(booked) == ["requested", "confirmed", "cancelled"]
    assert (await world.reload(order)).status is Status.CANCELLED
    assert await world.jobs() == []


async def test_a_confirmation_does_not_wait_for_whoever_holds_the_parcel(world):
    """Cancelling locks parcel, then pickup; a confirmation that locked them the other way round would deadlock."""
    from backhaul.domain.shipping import tables
    from backhaul.domain.shipping.operations.pickups import confirm_pickup

    order = await waiting(world)
    asked = await book(world, order, date(2026, 5, 6))
    device = await world.device(order)
    async with world.db.transaction(world.scope) as tx:
        await tables.lock(tx, device.id)
        confirmed = confirm_pickup(
            world.db,
            org_id=world.scope.org_id,
            pickup_id=asked.id,
            confirmation="SIMPU1",
            adapter=device.adapter,
            carrier=device.carrier,
            now=world.now,
        )
        await asyncio.wait_for(confirmed, 5)
    assert (await live_pickup(world, order)).confirmation == "SIMPU1"


async def test_the_add_on_is_billed_once_whatever_is_asked_for(world):
    order = await world.order(pickup_wish="2026-05-06")
    assert await world.payments(order) == [("captured", 9500, 0)]
    assert (await world.device(order)).carrier is CarrierCode.FEDEX
    plain = await world.order(pickup_wish=False)
    assert await world.payments(plain) == [("captured", 8500, 0)]
    assert timedelta(0) == world.now - order.created_at
