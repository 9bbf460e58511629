"""What becomes of a recovery whose things do not all come back, or not at once."""

from backhaul.domain.recovery import Outcome, complete_campaign
from backhaul.domain.recovery.errors import (
    CampaignHasOpenCases,
    CampaignMoveRefused,
    ItemUnknown,
    OutcomeRefused,
)
from backhaul.domain.recovery.status import Shown
from backhaul.domain.shipping.model import Fault, Tracking
from backhaul.domain.transfers.model import Status
from backhaul.kernel.errors import InvalidInput


async def test_a_lost_parcel_shows_and_may_turn_up(desk):
    world = desk.world
    case = await desk.add("Laptop")
    await world.settle()
    (transfer,) = await desk.transfers(case)
    device = await world.device(transfer)
    await world.report(device, Tracking.FAILURE, fault=Fault.LOST)
    await world.settle()
    assert (await desk.look(case)).status is Shown.NOT_RETURNED
    await desk.end(case, Outcome.WRITTEN_OFF, reason="Nobody finds it.", evidence={"claim": "17"})
    detail = await desk.look(case)
    assert (detail.case.outcome, detail.items[0].outcome) == (Outcome.WRITTEN_OFF, Outcome.WRITTEN_OFF)
    ending = detail.items[0].ending
    assert (ending.author_kind, ending.author_id) == ("user", desk.actor.user_id)
    assert (ending.reason, ending.evidence) == ("Nobody finds it.", {"claim": "17"})
    await world.report(device, Tracking.DELIVERED)
    await world.settle()
    assert (await desk.look(case)).case.outcome is Outcome.RETURNED


async def test_a_missing_charger_stays_outstanding(desk):
    case = await desk.add("Laptop")
    async with desk.refuses(InvalidInput):
        await desk.end_item(case, 1, Outcome.PARTLY_RETURNED)
    await desk.end_item(case, 1, Outcome.PARTLY_RETURNED, outstanding="charger")
    detail = await desk.look(case)
    assert (detail.case.outcome, detail.items[0].ending.outstanding) == (Outcome.PARTLY_RETURNED, "charger")
    await desk.end_item(case, 1, Outcome.RETURNED, reason="The charger came.")
    assert (await desk.look(case)).case.outcome is Outcome.RETURNED
    async with desk.refuses(OutcomeRefused):
        await desk.end_item(case, 1, Outcome.LOST)
    async with desk.refuses(ItemUnknown):
        await desk.end_item(case, 2, Outcome.LOST)


async def test_what_is_kept_is_not_sent_for(desk):
    world = desk.world
    case = await desk.add("Laptop one", "Laptop two")
    await world.settle()
    await desk.end_item(case, 1, Outcome.KEPT, reason="Bought out.")
    first, second = await desk.transfers(case)
    assert (first.status, second.status) == (Status.CANCELLED, Status.PENDING_BOX)
    await desk.end(case, Outcome.CANCELLED)
    assert [transfer.status for transfer in await desk.transfers(case)] == [Status.CANCELLED] * 2
    assert (await desk.look(case)).case.outcome is Outcome.KEPT


async def test_what_ended_before_it_was_sent_for_is_never_sent_for(desk):
    case = await desk.add("Laptop")
    await desk.end(case, Outcome.CANCELLED)
    await desk.world.settle()
    assert (await desk.look(case)).parcels == ()


async def test_a_campaign_is_completed_when_nothing_is_waited_for(desk):
    case = await desk.add("Laptop")

    async def complete():
        number = desk.campaign.public_number
        return await complete_campaign(desk.db, actor=desk.actor, campaign_number=number, now=desk.now)

    async with desk.refuses(CampaignHasOpenCases):
        await complete()
    await desk.end(case, Outcome.LOST)
    assert (await complete()).status.value == "completed"
    async with desk.refuses(CampaignMoveRefused):
        await complete()
    async with desk.refuses(CampaignMoveRefused):
        await desk.add("Laptop")
