"""Custody agrees with the parcels, whatever carriers do and in whatever order it is heard of."""

import itertools
import random

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.domain.transfers import devices
from tests.domain.transfers.devices import PERSON

from backhaul.domain.inventory.model import Custody
from backhaul.domain.inventory.operations import add_asset
from backhaul.domain.shipping.events import ParcelMoved
from backhaul.domain.shipping.model import Leg, Tracking
from backhaul.domain.transfers.model import Direction
from backhaul.domain.transfers.reactions.custody import follow_device
from backhaul.storage.outbox import Aftermath

NUMBERS = itertools.count(1)
JOURNEYS = [
    "",
    "kept",
    "delayed",
    "exception",
    "pickup",
    "lost",
    "damaged",
    "refused",
    "bad-address",
    "no-label",
]
AT_STAKE = ("assets", "custody_events", "asset_transfers")


async def reports(world, order):
    """Everything that was reported about the device's parcel."""
    told = [event for name, event in await world.events(order) if name == "shipping.parcel_moved"]
    return [one for one in (msgspec.convert(event, ParcelMoved) for event in told) if one.leg is Leg.DEVICE]


async def hear(world, report):
    """Let a report be heard once more."""
    async with world.db.transaction(world.scope) as tx:
        await follow_device(tx, report, Aftermath(world.now, world.ports))


async def at_stake(world):
    found = await devices.traces(world)
    return {name: found[name] for name in AT_STAKE}


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("word", ["sim-pickup", "sim-lost", "sim-refused"])
async def test_reports_heard_again_in_any_order_change_nothing(world, direction, word):
    await devices.employee(world)
    await devices.device(world)
    order = await devices.order(world, direction, word=word)
    await devices.ended(world, order)
    heard = await reports(world, order)
    assert len(heard) >= 2
    before = await at_stake(world)
    for seed in range(4):
        for report in random.Random(seed).sample(heard, len(heard)):
            await hear(world, report)
    assert await at_stake(world) == before


@pytest.mark.parametrize("direction", Direction)
async def test_reports_heard_of_in_the_wrong_order_leave_the_same_hand_overs(world, direction):
    await devices.employee(world)
    order = await devices.order(world, direction)  # nothing follows for the device while nobody knows it
    parcel = await devices.ended(world, order)
    new = world.make.new_asset(serial_number=devices.SERIAL)
    await add_asset(world.db, actor=world.actor, new=new, now=order.created_at)
    heard = await reports(world, order)
    assert len(heard) >= 2
    for report in reversed(heard):
        await hear(world, report)
    _, sent, received = await devices.ledger(world)
    assert (sent.reason.value, sent.at) == ("shipped", parcel.shipped_at)
    assert (received.reason.value, received.at) == ("delivered", parcel.delivered_at)


async def test_scans_that_come_all_at_once_leave_both_hand_overs(world):
    await devices.device(world)
    order = await devices.order(world, word="sim-kept")
    parcel = await world.device(order)
    world.clock.advance(3 * devices.HOUR)
    handed_over, delivered = world.now - 2 * devices.HOUR, world.now - devices.HOUR
    await world.report(parcel, Tracking.DELIVERED, at=delivered)
    await world.report(parcel, Tracking.IN_TRANSIT, at=handed_over)
    await world.settle()
    _, sent, received = await devices.ledger(world)
    assert (sent.reason.value, sent.at, sent.to_id) == ("shipped", handed_over, parcel.id)
    assert (received.reason.value, received.at) == ("delivered", delivered)


async def test_a_device_is_in_its_parcel_since_the_first_scan(world):
    await devices.device(world)
    order = await devices.order(world, word="sim-kept")
    parcel = await world.device(order)
    world.clock.advance(3 * devices.HOUR)
    handed_over = world.now - 2 * devices.HOUR
    await world.report(parcel, Tracking.OUT_FOR_DELIVERY, at=world.now - devices.HOUR)
    await world.report(parcel, Tracking.IN_TRANSIT, at=handed_over)
    await world.settle()
    assert (await devices.see(world)).asset.custody_since == handed_over


async def test_a_delivery_that_is_all_that_was_scanned_is_one_hand_over(world):
    await devices.employee(world)
    await devices.device(world, holder=PERSON)
    order = await devices.order(world, word="sim-kept")
    world.clock.advance(devices.HOUR)
    await world.report(await world.device(order), Tracking.DELIVERED)
    await world.settle()
    assert await devices.reasons(world) == ["added", "delivered"]
    assert await devices.held(world) is Custody.ORGANIZATION


class Plan(msgspec.Struct, frozen=True):
    """One device and its transfer."""

    direction: Direction
    journey: str
    is_box_waived: bool
    is_known: bool  # the employee is in the directory
    holder: str  # who has it when it is ordered: stock, person, other
    has_hold: bool


PLANS = st.builds(
    Plan,
    direction=st.sampled_from(Direction),
    journey=st.sampled_from(JOURNEYS),
    is_box_waived=st.booleans(),
    is_known=st.booleans(),
    holder=st.sampled_from(["stock", "person", "other"]),
    has_hold=st.booleans(),
)


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    plans=st.lists(PLANS, min_size=3, max_size=8),
    pauses=st.lists(st.floats(0.2, 6), min_size=2, max_size=4),
    receives=st.booleans(),
)
async def test_custody_shipment_and_asset_agree_whatever_happens(world, plans, pauses, receives):
    begun = [await begin(world, plan) for plan in plans]
    received = set()
    for days in pauses:
        await world.live(days=days)
        for plan, serial, order in begun:
            await agrees(world, plan, serial, order, is_received=serial in received)
        at_rest, in_transit, total = await devices.counts(world)
        assert at_rest + in_transit == total
        stuck = [serial for _, serial, _ in begun if await devices.held(world, serial) is Custody.PARCEL]
        if receives and stuck:
            await devices.receive(world, stuck[0])
            received.add(stuck[0])


async def begin(world, plan):
    n = next(NUMBERS)
    serial, email, other = f"SN-{n}", f"person{n}@example.com", f"other{n}@example.com"
    holder = {"stock": None, "person": email if plan.is_known else None, "other": other}[plan.holder]
    if plan.is_known:
        await devices.employee(world, email=email)
    if plan.holder == "other":
        await devices.employee(world, email=other)
    changes = {"status_name": "Legal Hold"} if plan.has_hold and holder is None else {}
    await devices.device(world, serial_number=serial, holder=holder, **changes)
    home = msgspec.structs.replace(world.make.order().employee_address, notification_emails=(email,))
    order = await world.place(
        direction=plan.direction,
        ticket_reference=f"sim-device-{plan.journey}" if plan.journey else None,
        device_serial_number=serial,
        is_box_waived=plan.is_box_waived,
        employee_address=home,
    )
    return plan, serial, order


async def agrees(world, plan, serial, order, *, is_received):
    parcel = await world.device(order)
    asset = (await devices.see(world, serial)).asset
    lines = await devices.ledger(world, serial)
    for one, two in itertools.pairwise(lines):
        assert (two.from_custody, two.from_id) == (one.to_custody, one.to_id)
    last = lines[-1]
    assert (asset.custody_count, asset.custody, asset.custody_since) == (len(lines), last.to_custody, last.at)
    reasons = [line.reason.value for line in lines]
    if parcel.shipped_at is None:
        assert reasons == ["added"]
    elif is_received:
        assert reasons == ["added", "shipped", "received"]
        assert asset.custody is Custody.ORGANIZATION
    elif parcel.delivered_at is None:
        assert reasons == ["added", "shipped"]
        assert (asset.custody, asset.shipment_id) == (Custody.PARCEL, parcel.id)
        assert asset.custody_since == parcel.shipped_at
    else:
        receiver = Custody.EMPLOYEE if plan.is_known else Custody.OUTSIDE
        assert reasons == ["added", "shipped", "delivered"]
        assert asset.custody is (Custody.ORGANIZATION if plan.direction is Direction.RETURN else receiver)
        assert asset.custody_since == parcel.delivered_at
