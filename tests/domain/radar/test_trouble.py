"""Wrong addresses, and boxes that cannot be delivered."""

import pytest
from tests.domain.radar.tower import DAY, HOUR

from backhaul.domain import radar
from backhaul.domain.identity.queries import get_organization
from backhaul.domain.recovery import Outcome
from backhaul.domain.shipping.model import Fault, Leg, Tracking
from backhaul.domain.transfers.model import Status


async def test_a_wrong_address_is_told_at_once_while_the_carrier_still_has_the_parcel(tower):
    _, device = await tower.moving()
    await tower.look_at(tower.now + HOUR)
    assert await tower.open() == []
    await tower.report(device, Tracking.IN_TRANSIT, fault=Fault.BAD_ADDRESS)
    began_at = tower.now
    await tower.look_at(tower.now + DAY)
    found = await tower.only()
    assert (found.kind.value, found.suggested_action.value) == ("address_exception", "correct_address")
    assert (found.since, found.due_at) == (began_at, tower.now + DAY)
    await tower.look_at(tower.now + 6 * DAY)
    assert await tower.open() == [found]  # that it stands still says nothing more
    await tower.report(device, Tracking.OUT_FOR_DELIVERY)
    await tower.look()
    assert await tower.ending(found) == (tower.now, "gone")


async def test_once_the_parcel_goes_back_it_is_too_late_for_another_address(tower):
    _, device = await tower.moving()
    tower.world.clock.advance(HOUR)
    await tower.report(device, Tracking.IN_TRANSIT, fault=Fault.BAD_ADDRESS)
    began_at = tower.now
    await tower.look()
    first = await tower.only()
    tower.world.clock.advance(DAY)
    await tower.report(device, Tracking.RETURN_TO_SENDER, fault=Fault.BAD_ADDRESS)
    await tower.look()
    assert await tower.ending(first) == (tower.now, "gone")
    second = await tower.only()
    assert (second.kind.value, second.suggested_action.value) == ("address_exception", "send_again")
    assert (second.since, second.opened_at) == (began_at, tower.now)


async def test_a_box_with_a_wrong_address_is_an_address_exception_alone(tower):
    transfer = await tower.world.order(ticket_reference="sim-box-bad-address")
    await tower.world.live_until(transfer, Status.FAILED)
    await tower.look()
    assert await tower.kinds() == [("address_exception", "send_again")]
    (scan,) = [
        s for s in await tower.world.scans(await tower.world.box(transfer)) if s.fault is Fault.BAD_ADDRESS
    ]
    assert (await tower.only()).since == scan.at


async def test_a_label_that_no_carrier_sells_for_this_address_is_one_without_a_number(tower):
    transfer = await tower.world.order(ticket_reference="sim-box-no-label")
    box = await tower.world.box(transfer)
    assert (box.status, box.tracking_number) == (Tracking.FAILURE, None)
    await tower.look()
    found = await tower.only()
    assert (found.kind.value, found.tracking_number, found.since) == (
        "box_undeliverable",
        None,
        box.updated_at,
    )


@pytest.mark.parametrize("word", ["sim-box-refused", "sim-box-lost", "sim-box-damaged"])
async def test_a_box_that_cannot_be_delivered_is_to_be_sent_again(tower, word):
    transfer = await tower.world.order(ticket_reference=word)
    await tower.world.live_until(transfer, Status.FAILED)
    await tower.look()
    found = await tower.only()
    assert (found.kind.value, found.suggested_action.value) == ("box_undeliverable", "send_again")
    box = await tower.world.box(transfer)
    assert (found.shipment_id, found.leg) == (box.id, Leg.BOX)
    assert (found.since, found.due_at) == (tower.now, tower.now + 2 * DAY)


async def test_a_box_that_is_refused_after_a_wrong_address_is_undeliverable_since_then(tower):
    transfer = await tower.world.order(ticket_reference="sim-kept")
    box = await tower.world.box(transfer)
    await tower.report(box, Tracking.IN_TRANSIT, fault=Fault.BAD_ADDRESS)
    await tower.look()
    first = await tower.only()
    tower.world.clock.advance(HOUR)
    await tower.report(box, Tracking.RETURN_TO_SENDER, fault=Fault.REFUSED)
    await tower.look()
    assert await tower.ending(first) == (tower.now, "gone")
    assert ((await tower.only()).kind.value, (await tower.only()).since) == ("box_undeliverable", tower.now)


async def test_a_box_that_turns_up_closes_it(tower):
    transfer = await tower.world.order(ticket_reference="sim-box-lost")
    await tower.world.live_until(transfer, Status.FAILED)
    await tower.look()
    found = await tower.only()
    await tower.report(await tower.world.box(transfer), Tracking.DELIVERED)
    await tower.look()
    assert await tower.ending(found) == (tower.now, "gone")


async def test_a_device_that_moves_proves_that_its_box_arrived(tower):
    transfer = await tower.world.order(ticket_reference="sim-box-lost sim-device-kept")
    await tower.world.live_until(transfer, Status.FAILED)
    await tower.look()
    found = await tower.only()
    await tower.report(await tower.world.device(transfer), Tracking.IN_TRANSIT)
    assert (await tower.world.reload(transfer)).status is Status.DEVICE_IN_TRANSIT
    await tower.look()
    assert await tower.ending(found) == (tower.now, "ended")


async def test_a_recoverys_box_is_its_campaigns_owners_while_anything_is_expected(tower, desk):
    world = tower.world
    other = await world.make.member(await _organization(world))
    campaign = await desk.create(owner_email=other.user_email)
    case = await desk.add(campaign=campaign)
    await world.settle()
    (transfer,) = await desk.transfers(case)
    await tower.report(await world.box(transfer), Tracking.IN_TRANSIT)
    await tower.report(await world.box(transfer), Tracking.FAILURE, fault=Fault.LOST)
    await tower.look()
    found = await tower.only()
    assert (found.owner_id, found.owner_email) == (other.user_id, other.user_email)
    assert (found.case_id, found.campaign_id) == (case.id, campaign.id)
    listed = await radar.get_exception(tower.db, actor=tower.actor, exception=found.number)
    assert listed.recovery_code == case.code
    await desk.end(case, Outcome.KEPT, reason="They buy it.")
    await tower.look()
    assert await tower.ending(found) == (tower.now, "ended")


async def _organization(world):
    async with world.db.read(world.scope) as reader:
        return await get_organization(reader, world.scope)
