"""A box that was sent again: its steps are counted from it and taken anew, each of them once."""

from tests.domain.recovery.reminding.bell import DAY

from backhaul.domain.recovery.person import Choice, send_again
from backhaul.domain.shipping.model import Leg, Tracking
from backhaul.domain.transfers.operations import mark_not_returned

AFTER_BOX = (("one", "box_delivered", 1), ("two", "box_delivered", 3))


async def resend(bell, case, choice=Choice.KIT, position=1):
    detail = await bell.desk.look(case)
    await send_again(
        bell.db,
        actor=bell.actor,
        case=case.public_number,
        transfer_id=detail.parcels[position - 1].transfer_id,
        choice=choice,
        now=bell.now,
    )
    await bell.relay()


async def give_up(bell, case, position=1):
    transfer = (await bell.desk.transfers(case))[position - 1]
    await mark_not_returned(bell.db, actor=bell.actor, transfer_id=transfer.id, reason=None, now=bell.now)
    await bell.relay()


async def scan(bell, case, leg, status, position=1):
    """Something a carrier reports of the parcel that was sent last in a place."""
    shipment = await newest(bell, case, leg, position)
    if not shipment.has_label:
        await bell.label(shipment)
        shipment = await newest(bell, case, leg, position)
    await bell.world.report(shipment, status, text=bell.now.isoformat())
    await bell.relay()


async def newest(bell, case, leg, position):
    transfer = (await bell.desk.transfers(case))[position - 1]
    return await (bell.world.box if leg is Leg.BOX else bell.world.device)(transfer)


async def told(bell, case):
    return [(one.step, one.occasion, one.reason) for one in await bell.contacts(case)]


async def test_steps_are_taken_again_for_the_second_box_and_once_each(bell):
    case = await bell.waiting(campaign=await bell.campaign(*AFTER_BOX))
    await bell.live(days=5)
    first = [("one", "", None), ("two", "", None)]
    assert await told(bell, case) == first
    await give_up(bell, case)
    await resend(bell, case)
    await bell.live(days=5)
    assert await told(bell, case) == first  # nobody has the second box yet
    await scan(bell, case, Leg.BOX, Tracking.DELIVERED)
    arrived_at = bell.now
    await bell.live(days=20)
    again = "parcel 1, attempt 2"
    assert await told(bell, case) == [*first, ("one", again, None), ("two", again, None)]
    assert {one.anchor_at for one in (await bell.contacts(case))[2:]} == {arrived_at}
    assert len({message["key"] for message in await bell.messages()}) == 4
    await bell.remind(case)
    await bell.look()
    assert len(await bell.contacts(case)) == 4


async def test_a_step_the_first_box_never_came_to_is_taken_for_the_second_alone(bell):
    case = await bell.waiting(campaign=await bell.campaign(*AFTER_BOX))
    await bell.live(days=2)
    await give_up(bell, case)
    await resend(bell, case, Choice.LABEL)
    await scan(bell, case, Leg.DEVICE, Tracking.PRE_TRANSIT)
    await bell.live(days=10)
    again = "parcel 1, attempt 2"
    assert await told(bell, case) == [("one", "", None), ("one", again, None), ("two", again, None)]


async def test_a_silence_counts_from_the_scans_of_the_second_parcel(bell):
    case = await bell.waiting(
        campaign=await bell.campaign(("silent", "no_scan", 3, {"template": "recovery/silent"}))
    )
    await bell.hand_over(case)
    await bell.live(days=1)
    await bell.scan(case, Leg.DEVICE, Tracking.FAILURE)
    await resend(bell, case)
    await bell.live(days=10)
    assert await told(bell, case) == []  # nothing of it travels
    await scan(bell, case, Leg.BOX, Tracking.DELIVERED)
    await scan(bell, case, Leg.DEVICE, Tracking.IN_TRANSIT)
    handed_over_at = bell.now
    await bell.live(days=10)
    assert await told(bell, case) == [("silent", handed_over_at.isoformat(), None)]


async def test_a_first_box_beside_a_second_one_is_not_reminded_of_twice(bell):
    case = await bell.add("Laptop", "Monitor", campaign=await bell.campaign(*AFTER_BOX))
    for position in (1, 2):
        await scan(bell, case, Leg.BOX, Tracking.DELIVERED, position)
    await bell.live(days=5)
    await give_up(bell, case, 2)
    await resend(bell, case, position=2)
    await scan(bell, case, Leg.BOX, Tracking.DELIVERED, 2)
    bell.world.clock.advance(DAY / 24)
    await scan(bell, case, Leg.DEVICE, Tracking.IN_TRANSIT, 2)
    await bell.live(days=10)
    assert await told(bell, case) == [("one", "", None), ("two", "", None)]  # as for the first box, long ago
