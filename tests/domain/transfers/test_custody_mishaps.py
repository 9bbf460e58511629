"""Who holds a device whose transfer does not go as planned."""

from datetime import timedelta

import pytest
from tests.domain.transfers import devices
from tests.domain.transfers.devices import HOUR, PERSON

from backhaul.domain.inventory.model import Custody
from backhaul.domain.shipping.model import Tracking
from backhaul.domain.shipping.operations import record_scan, replace_tracking_number
from backhaul.domain.transfers.model import Direction, Status
from backhaul.domain.transfers.operations import cancel_transfer, mark_not_returned


@pytest.mark.parametrize("word", ["sim-lost", "sim-damaged", "sim-refused", "sim-bad-address"])
@pytest.mark.parametrize("direction", Direction)
async def test_what_arrives_nowhere_stays_in_transit_until_somebody_takes_it_in(world, word, direction):
    """A parcel that goes back is not followed to its sender: nobody reports that it is there."""
    await devices.employee(world)
    await devices.device(world)
    order = await devices.order(world, direction, word=word)
    parcel = await devices.ended(world, order)
    await world.live(days=5)
    seen = await devices.see(world)
    assert (await world.reload(order)).status is Status.FAILED
    assert (seen.asset.custody, seen.asset.shipment_id) == (Custody.PARCEL, parcel.id)
    assert await devices.reasons(world) == ["added", "shipped"]

    await devices.receive(world)
    seen = await devices.see(world)
    assert (seen.asset.custody, seen.status.name) == (Custody.ORGANIZATION, "Available")
    await world.live(days=20)
    assert await devices.reasons(world) == ["added", "shipped", "received"]


async def test_a_lost_device_that_turns_up_is_with_its_receiver(world):
    await devices.device(world)
    order = await devices.order(world, word="sim-lost")
    parcel = await devices.ended(world, order)
    world.clock.advance(timedelta(days=2))
    await world.report(parcel, Tracking.DELIVERED)
    await world.settle()
    assert (await world.reload(order)).status is Status.COMPLETE
    assert await devices.reasons(world) == ["added", "shipped", "delivered"]


async def test_a_parcel_no_carrier_takes_moves_nothing(world):
    await devices.employee(world)
    await devices.device(world, holder=PERSON)
    order = await devices.order(world, word="sim-device-no-label")
    assert (await world.reload(order)).status is Status.FAILED
    assert await devices.reasons(world) == ["added"]


async def test_a_transfer_that_is_cancelled_moves_nothing(world):
    await devices.employee(world)
    await devices.device(world, holder=PERSON)
    order = await devices.order(world)
    await cancel_transfer(world.db, actor=world.actor, transfer_id=order.id, reason=None, now=world.now)
    await world.live(days=20)
    assert await devices.reasons(world) == ["added"]
    assert (await devices.linked(world, order)).custody is Custody.EMPLOYEE


async def test_a_cancelled_label_that_is_used_after_all_moves_the_device(world):
    await devices.employee(world)
    await devices.device(world, holder=PERSON)
    order = await devices.order(world)
    await cancel_transfer(world.db, actor=world.actor, transfer_id=order.id, reason=None, now=world.now)
    world.clock.advance(HOUR)
    parcel = await world.device(order)
    await record_scan(
        world.db, actor=world.actor, shipment_id=parcel.id, status=Tracking.IN_TRANSIT, text="seen",
        happened_at=world.now, now=world.now,
    )  # fmt: skip
    await world.settle()
    assert (await world.reload(order)).status is Status.CANCELLED
    assert await devices.held(world) is Custody.PARCEL


async def test_giving_up_on_a_device_leaves_it_with_whoever_keeps_it(world):
    await devices.employee(world)
    await devices.device(world, holder=PERSON)
    order = await devices.order(world, word="sim-kept")
    await mark_not_returned(world.db, actor=world.actor, transfer_id=order.id, reason=None, now=world.now)
    await world.live(days=2)
    assert await devices.reasons(world) == ["added"]


async def test_another_number_leaves_the_device_in_the_parcel(world):
    await devices.device(world)
    order = await devices.order(world)
    parcel = await devices.shipped(world, order)
    await replace_tracking_number(
        world.db, actor=world.actor, shipment_id=parcel.id, tracking_number="1Z999", tracking_url=None,
        now=world.now,
    )  # fmt: skip
    await world.settle()
    assert await devices.held(world) is Custody.PARCEL
    world.clock.advance(HOUR)
    await world.report(await world.device(order), Tracking.DELIVERED)
    await world.settle()
    last = (await devices.ledger(world))[-1]
    assert (last.reason.value, last.evidence["tracking_number"]) == ("delivered", "1Z999")


async def test_scans_of_a_number_that_was_replaced_meanwhile_move_nothing(world):
    await devices.device(world)
    order = await devices.order(world, word="sim-kept")
    parcel = await world.device(order)
    await world.report(parcel, Tracking.IN_TRANSIT)
    await replace_tracking_number(
        world.db, actor=world.actor, shipment_id=parcel.id, tracking_number="1Z999", tracking_url=None,
        now=world.now,
    )  # fmt: skip
    await world.settle()
    assert await devices.reasons(world) == ["added"]
