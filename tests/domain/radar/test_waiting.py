"""Labels that nobody uses, and parcels that do not go on."""

from datetime import timedelta

import pytest
from tests.domain.radar.tower import DAY, SECOND

from backhaul.domain.shipping.model import CarrierCode, Fault, Leg, Tracking
from backhaul.domain.shipping.operations import replace_tracking_number
from backhaul.domain.transfers.model import Status
from backhaul.domain.transfers.operations import cancel_transfer, mark_not_returned


async def test_a_label_that_is_not_used_for_a_week_is_its_orderers_to_ask_about(tower):
    transfer, device = await tower.kept()
    found = await tower.opens_at(device.ready_at + 7 * DAY)
    assert (found.kind.value, found.suggested_action.value) == ("label_never_scanned", "ask_sender")
    assert (found.transfer_id, found.shipment_id, found.leg) == (transfer.id, device.id, Leg.DEVICE)
    assert (found.carrier, found.tracking_number) == (CarrierCode.FEDEX, device.tracking_number)
    assert (found.owner_id, found.owner_email) == (tower.actor.user_id, tower.actor.user_email)
    assert (found.case_id, found.campaign_id) == (None, None)
    assert (found.since, found.opened_at) == (device.ready_at, tower.now)
    assert found.due_at == tower.now + 2 * DAY
    assert await tower.story(found) == (["opened"], ["exception_opened"])


async def test_it_is_opened_once_and_stays_as_it_is(tower):
    _, device = await tower.kept()
    found = await tower.opens_at(device.ready_at + 7 * DAY)
    before = await tower.traces()
    for _ in range(3):
        await tower.look_at(tower.now + DAY)
    assert await tower.traces() == before
    assert await tower.only() == found


async def test_the_first_scan_closes_it(tower):
    _, device = await tower.kept()
    found = await tower.opens_at(device.ready_at + 7 * DAY)
    await tower.report(device, Tracking.IN_TRANSIT)
    assert await tower.open() == [found]  # the radar has not looked yet
    await tower.look_at(tower.now + SECOND)
    assert await tower.open() == []
    assert await tower.ending(found) == (tower.now, "gone")
    assert await tower.story(found) == (["opened", "closed"], ["exception_opened", "exception_closed"])
    lines = await tower.world.changes("parcel_exception", found.id)
    assert lines[-1]["change"]["closed_because"] == [None, "gone"]
    assert lines[-1]["change"]["version"] == [1, 2]


async def test_it_ends_with_the_waiting(tower):
    transfer, device = await tower.kept()
    found = await tower.opens_at(device.ready_at + 7 * DAY)
    await mark_not_returned(tower.db, actor=tower.actor, transfer_id=transfer.id, reason=None, now=tower.now)
    await tower.look()
    assert await tower.ending(found) == (tower.now, "ended")
    await tower.look_at(tower.now + DAY)
    assert await tower.open() == []


async def test_a_box_that_the_depot_forgets_is_a_question_for_the_depot(tower):
    transfer = await tower.world.order(ticket_reference="sim-box-kept")
    box = await tower.world.box(transfer)
    assert box.labelled_at == box.ready_at
    found = await tower.opens_at(box.ready_at + 7 * DAY)
    assert (found.kind.value, found.suggested_action.value) == ("label_never_scanned", "check_depot")
    assert (found.leg, found.shipment_id) == (Leg.BOX, box.id)
    await cancel_transfer(tower.db, actor=tower.actor, transfer_id=transfer.id, reason=None, now=tower.now)
    await tower.look()
    assert await tower.ending(found) == (tower.now, "ended")


async def test_a_new_number_has_a_week_of_its_own(tower):
    _, device = await tower.kept()
    found = await tower.opens_at(device.ready_at + 7 * DAY)
    await replace_tracking_number(
        tower.db,
        actor=tower.actor,
        shipment_id=device.id,
        tracking_number="ANOTHER",
        tracking_url=None,
        now=tower.now,
    )
    replaced_at = tower.now
    await tower.look()
    assert await tower.ending(found) == (tower.now, "gone")
    again = await tower.opens_at(replaced_at + 7 * DAY)
    assert (again.since, again.tracking_number) == (replaced_at, "ANOTHER")


async def test_a_label_that_nobody_can_use_yet_is_nobodys(tower):
    transfer = await tower.world.order(ticket_reference="sim-box-kept")
    assert (await tower.world.device(transfer)).ready_at is None
    await tower.look_at(tower.now + 20 * DAY)
    assert [one.leg for one in await tower.open()] == [Leg.BOX]


async def test_what_was_stalled_long_before_the_radar_looked_is_left_alone(tower):
    await tower.world.order(ticket_reference="sim-box-kept")
    await tower.look_at(tower.now + 37 * DAY)
    assert await tower.open() == []


async def test_a_parcel_that_stands_still_for_five_days_is_to_be_traced(tower):
    _, device = await tower.moving()
    found = await tower.opens_at(device.shipped_at + 5 * DAY)
    assert (found.kind.value, found.suggested_action.value) == ("no_movement", "trace")
    assert (found.since, found.due_at) == (device.shipped_at, tower.now + DAY)
    late = found.since - timedelta(hours=1)
    await tower.report(device, Tracking.IN_TRANSIT, at=late, text="told late")
    await tower.look()
    assert await tower.only() == found
    await tower.report(device, Tracking.IN_TRANSIT, text="seen again")
    await tower.look()
    assert await tower.ending(found) == (tower.now, "gone")
    again = await tower.opens_at(tower.now + 5 * DAY)
    assert again.number > found.number


async def test_a_parcel_at_a_counter_is_to_be_collected(tower):
    _, device = await tower.moving()
    await tower.report(device, Tracking.AVAILABLE_FOR_PICKUP)
    found = await tower.opens_at(tower.now + 5 * DAY)
    assert (found.kind.value, found.suggested_action.value) == ("no_movement", "collect")
    await tower.report(device, Tracking.DELIVERED)
    await tower.look()
    assert await tower.ending(found) == (tower.now, "gone")


async def test_a_box_matters_only_until_the_device_moves(tower):
    transfer = await tower.world.order(ticket_reference="sim-kept")
    box, device = await tower.world.box(transfer), await tower.world.device(transfer)
    await tower.report(box, Tracking.IN_TRANSIT)
    found = await tower.opens_at(tower.now + 5 * DAY)
    assert (found.kind.value, found.leg) == ("no_movement", Leg.BOX)
    await tower.report(device, Tracking.IN_TRANSIT)
    assert (await tower.world.reload(transfer)).status is Status.DEVICE_IN_TRANSIT
    await tower.look()
    assert await tower.ending(found) == (tower.now, "ended")


async def test_a_voided_label_that_is_used_after_all_is_watched(tower):
    transfer = await tower.world.order(ticket_reference="sim-kept", is_box_waived=True)
    device = await tower.world.device(transfer)
    await cancel_transfer(tower.db, actor=tower.actor, transfer_id=transfer.id, reason=None, now=tower.now)
    await tower.world.settle()
    await tower.report(device, Tracking.IN_TRANSIT)
    assert (await tower.world.reload(transfer)).status is Status.CANCELLED
    found = await tower.opens_at(tower.now + 5 * DAY)
    assert found.shipment_id == device.id


@pytest.mark.parametrize("fault", [None, Fault.LOST, Fault.DAMAGED, Fault.REFUSED])
async def test_a_device_that_went_wrong_has_its_letter_and_no_exception(tower, fault):
    _, device = await tower.moving()
    await tower.report(device, Tracking.FAILURE, fault=fault)
    await tower.look_at(tower.now + 10 * DAY)
    assert await tower.open() == []
