"""Devices that a carrier delivered and nobody has."""

from tests.domain.radar.tower import DAY
from tests.domain.transfers import devices

from backhaul.domain.inventory.operations import take_in
from backhaul.domain.recovery import NewItem, Outcome, record_diagnosis
from backhaul.domain.shipping.model import Tracking
from backhaul.domain.transfers.model import Direction, Status


async def delivered(tower, direction, **changes):
    """A device that just arrived."""
    transfer = await tower.world.order(
        direction=direction, ticket_reference="sim-kept", is_box_waived=True, **changes
    )
    await tower.report(await tower.world.device(transfer), Tracking.IN_TRANSIT)
    tower.world.clock.advance(DAY)
    await tower.report(await tower.world.device(transfer), Tracking.DELIVERED)
    assert (await tower.world.reload(transfer)).status is Status.COMPLETE
    return transfer


async def test_a_device_delivered_to_somebody_nobody_knows_is_to_be_found(tower):
    await devices.device(tower.world)
    transfer = await delivered(tower, Direction.DEPLOYMENT, device_serial_number=devices.SERIAL)
    arrived_at = tower.now
    found = await tower.opens_at(arrived_at + 3 * DAY)
    assert (found.kind.value, found.suggested_action.value) == ("delivered_not_received", "find_holder")
    assert (found.since, found.due_at) == (arrived_at, tower.now + DAY)
    assert (found.transfer_id, found.leg.value) == (transfer.id, "device")
    await take_in(tower.db, actor=tower.actor, asset=devices.SERIAL, now=tower.now)
    await tower.look()
    assert await tower.ending(found) == (tower.now, "gone")


async def test_an_employee_who_gets_a_device_has_received_it(tower):
    await devices.employee(tower.world)
    await devices.device(tower.world)
    await delivered(tower, Direction.DEPLOYMENT, device_serial_number=devices.SERIAL)
    await tower.look_at(tower.now + 4 * DAY)
    assert await tower.open() == []


async def test_what_is_back_in_stock_is_received_and_of_what_is_not_in_the_inventory_nobody_can_tell(tower):
    await devices.device(tower.world)
    await delivered(tower, Direction.RETURN, device_serial_number=devices.SERIAL)
    await delivered(tower, Direction.RETURN)
    await delivered(tower, Direction.DEPLOYMENT, device_serial_number="UNKNOWN")
    await tower.look_at(tower.now + 4 * DAY)
    assert await tower.open() == []


async def test_a_device_that_its_delivery_did_not_hand_over_is_to_be_taken_in(tower):
    """Nobody has told the ledger of the delivery: the device is still in its parcel."""
    await devices.device(tower.world)
    transfer = await tower.world.order(
        ticket_reference="sim-kept", is_box_waived=True, device_serial_number=devices.SERIAL
    )
    device = await tower.world.device(transfer)
    tower.world.clock.advance(DAY)
    await tower.report(device, Tracking.IN_TRANSIT)
    tower.world.clock.advance(DAY)
    arrived_at = tower.now
    await tower.world.report(device, Tracking.DELIVERED)  # its event waits: the relay is stuck
    assert (await devices.held(tower.world)).value == "parcel"
    found = await tower.opens_at(arrived_at + 3 * DAY)
    assert (found.suggested_action.value, found.since) == ("take_in", arrived_at)
    await take_in(tower.db, actor=tower.actor, asset=devices.SERIAL, now=tower.now)
    await tower.look()
    assert await tower.ending(found) == (tower.now, "gone")


async def test_what_comes_back_in_a_recovery_is_to_be_inspected(tower, desk):
    case = await desk.add(NewItem(name="MacBook", serial_number="C02"), NewItem(name="iPad"))
    await tower.world.settle()
    transfers = await desk.transfers(case)
    assert len(transfers) == 2
    for transfer in transfers:
        await tower.world.live_until(transfer, Status.COMPLETE)
    assert (await desk.look(case)).case.outcome is Outcome.RETURNED  # on the carrier's word alone
    arrivals = sorted([(await tower.world.device(transfer)).delivered_at for transfer in transfers])
    first = await tower.opens_at(arrivals[0] + 3 * DAY)
    await tower.look_at(arrivals[1] + 3 * DAY)
    found = await tower.open()
    assert [one.suggested_action.value for one in found] == ["inspect", "inspect"]
    assert {one.case_id for one in found} == {case.id}
    assert first.since == arrivals[0]
    await record_diagnosis(tower.db, actor=tower.actor, case=case.public_number, now=tower.now)
    await tower.look()
    assert await tower.open() == []
    assert await tower.ending(first) == (tower.now, "gone")
    assert await tower.ending(found[0]) == (tower.now, "gone")


async def test_who_said_already_what_became_of_everything_need_not_inspect_it(tower, desk):
    case = await desk.add()
    await tower.world.settle()
    (transfer,) = await desk.transfers(case)
    await tower.world.live_until(transfer, Status.DEVICE_IN_TRANSIT)
    await desk.end_item(case, 1, Outcome.RETURNED, reason="It lies on my desk.")
    await tower.world.live_until(transfer, Status.COMPLETE)
    await tower.look_at(tower.now + 4 * DAY)
    assert await tower.open() == []


async def test_a_delivery_of_long_ago_is_left_alone(tower):
    await devices.device(tower.world)
    await delivered(tower, Direction.DEPLOYMENT, device_serial_number=devices.SERIAL)
    await tower.look_at(tower.now + 33 * DAY)
    assert await tower.open() == []
