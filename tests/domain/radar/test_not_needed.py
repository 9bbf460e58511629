"""A second box that left before the first parcel arrived after all: somebody has to tell whoever gets it."""

import pytest
from tests.domain.radar.tower import DAY, HOUR

from backhaul.domain import radar
from backhaul.domain.recovery import NewItem, Outcome, record_diagnosis
from backhaul.domain.recovery.person import Choice, send_again
from backhaul.domain.shipping.model import Fault, Leg, Tracking
from backhaul.domain.transfers.model import Status
from backhaul.domain.transfers.operations import cancel_transfer, mark_not_returned


@pytest.fixture
async def twice(tower, desk):
    """A case whose parcel was called off and sent again, and both its transfers; neither box has left."""
    case = await desk.add(NewItem(name="Laptop", custom_1="sim-kept"))
    await tower.world.settle()
    (first,) = await desk.transfers(case)
    await cancel_transfer(tower.db, actor=tower.actor, transfer_id=first.id, reason=None, now=tower.now)
    await tower.world.settle()
    await resend(tower, case, first)
    (second,) = await desk.transfers(case)
    return case, first, second


async def resend(tower, case, transfer):
    await send_again(
        tower.db,
        actor=tower.actor,
        case=case.public_number,
        transfer_id=transfer.id,
        choice=Choice.KIT,
        now=tower.now,
    )
    await tower.world.settle()


@pytest.fixture
async def needless(tower, twice):
    """The exception about a second box that had left when the first parcel arrived, and the box's transfer.

    What arrived was looked at, so that nothing else is wrong.
    """
    case, first, second = twice
    await tower.report(await tower.world.box(second), Tracking.IN_TRANSIT)
    tower.world.clock.advance(HOUR)
    await arrive(tower, first)
    await record_diagnosis(tower.db, actor=tower.actor, case=case.public_number, now=tower.now)
    await tower.look()
    return await tower.only(), second


async def arrive(tower, transfer):
    await tower.report(await tower.world.device(transfer), Tracking.DELIVERED)


async def test_a_second_box_that_has_left_is_its_campaigns_owners_to_speak_about(
    tower, desk, twice, needless
):
    case, _, _ = twice
    found, second = needless
    box = await tower.world.box(second)
    assert (found.kind.value, found.suggested_action.value) == ("box_not_needed", "tell_receiver")
    assert (found.shipment_id, found.transfer_id, found.leg) == (box.id, second.id, Leg.BOX)
    assert (found.case_id, found.campaign_id) == (case.id, desk.campaign.id)
    assert found.owner_email == desk.campaign.owner_email
    assert (found.since, found.due_at) == (tower.now, tower.now + DAY)
    assert "the second box is not needed" in found.suggested_action.sentence
    counted = await radar.count_open(tower.db, actor=tower.actor)
    assert counted[radar.ExceptionKind.BOX_NOT_NEEDED] == 1


async def test_it_is_raised_once_and_stays_while_the_box_is_on_its_way_and_there(tower, needless):
    found, second = needless
    assert await tower.story(found) == (["opened"], ["exception_opened"])
    before = await tower.traces()
    await tower.look_at(tower.now + 6 * DAY)  # long without a scan: still the same is wrong with it
    assert await tower.traces() == before
    await tower.report(await tower.world.box(second), Tracking.DELIVERED)
    assert (await tower.world.reload(second)).status is Status.PENDING_DEVICE
    await tower.look_at(tower.now + 8 * DAY)
    assert await tower.only() == found
    assert await tower.story(found) == (["opened"], ["exception_opened"])


async def test_a_second_box_that_can_be_called_off_or_is_needed_is_nobodys(tower, desk, twice):
    case, first, second = twice
    await tower.look()
    assert await tower.open() == []
    await arrive(tower, first)
    assert (await tower.world.reload(second)).status is Status.CANCELLED
    await tower.look()
    assert await tower.open() == []
    other = await desk.add(NewItem(name="Laptop", custom_1="sim-kept"))
    await tower.world.settle()
    (sent,) = await desk.transfers(other)
    await tower.report(await tower.world.box(sent), Tracking.FAILURE, fault=Fault.LOST)
    await resend(tower, other, sent)
    (again,) = await desk.transfers(other)
    await tower.report(await tower.world.box(again), Tracking.IN_TRANSIT)
    await tower.look()
    assert await tower.open() == []
    assert case.id != other.id


async def test_a_first_box_of_which_nothing_is_expected_any_more_is_not_a_second_one(tower, desk):
    case = await desk.add(NewItem(name="Laptop", custom_1="sim-kept"))
    await tower.world.settle()
    (transfer,) = await desk.transfers(case)
    await tower.report(await tower.world.box(transfer), Tracking.IN_TRANSIT)
    await desk.end(case, Outcome.KEPT)
    await tower.look()
    assert await tower.open() == []


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.BAD_ADDRESS])
async def test_it_goes_when_the_box_is_on_its_way_back(tower, needless, fault):
    found, second = needless
    tower.world.clock.advance(HOUR)
    await tower.report(await tower.world.box(second), Tracking.RETURN_TO_SENDER, fault=fault)
    await tower.look()
    assert await tower.ending(found) == (tower.now, "gone")
    await tower.look_at(tower.now + DAY)
    assert await tower.open() == []


@pytest.mark.parametrize("status", [Tracking.IN_TRANSIT, Tracking.DELIVERED])
async def test_it_goes_when_the_person_sends_the_box_back(tower, needless, status):
    found, second = needless
    await tower.report(await tower.world.box(second), Tracking.DELIVERED)
    tower.world.clock.advance(HOUR)
    await tower.report(await tower.world.device(second), status)
    await tower.look()
    assert await tower.ending(found) == (tower.now, "gone")
    assert await tower.open() == []


async def test_it_ends_when_nobody_waits_for_the_box(tower, needless):
    found, second = needless
    await tower.report(await tower.world.box(second), Tracking.DELIVERED)
    await mark_not_returned(tower.db, actor=tower.actor, transfer_id=second.id, reason=None, now=tower.now)
    await tower.look()
    assert await tower.ending(found) == (tower.now, "ended")
    assert await tower.story(found) == (["opened", "closed"], ["exception_opened", "exception_closed"])
    await tower.look_at(tower.now + DAY)
    assert await tower.open() == []


async def test_whoever_takes_care_of_it_makes_it_quiet_until_its_cause_goes(tower, needless):
    found, second = needless
    after = await radar.acknowledge(
        tower.db, actor=tower.actor, exception=found.number, note="They keep the box.", now=tower.now
    )
    assert (after.closed_at, after.note) == (None, "They keep the box.")
    await tower.look()
    assert await tower.open(is_acknowledged=False) == []
    await tower.report(await tower.world.box(second), Tracking.DELIVERED)
    await mark_not_returned(tower.db, actor=tower.actor, transfer_id=second.id, reason=None, now=tower.now)
    await tower.look()
    assert await tower.open() == []
