"""What becomes of a recovery whose things do not all come back, or not at once."""

import pytest

from backhaul.domain.recovery import Outcome, Shipping, complete_campaign
from backhaul.domain.recovery.errors import (
    CampaignHasOpenCases,
    CampaignMoveRefused,
    ItemUnknown,
    OutcomeRefused,
)
from backhaul.domain.recovery.status import Shown
from backhaul.domain.shipping.events import ParcelMoved
from backhaul.domain.shipping.model import Fault, Leg, Tracking
from backhaul.domain.transfers.model import Status
from backhaul.kernel.errors import InvalidInput
from backhaul.storage import outbox
from backhaul.storage.history import of_subject


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
        await desk.end_item(case, 1, Outcome.KEPT)
    async with desk.refuses(ItemUnknown):
        await desk.end_item(case, 2, Outcome.LOST)


@pytest.mark.parametrize(
    ("outcome", "how"),
    [
        (Outcome.PARTLY_RETURNED, {"outstanding": "charger"}),
        (Outcome.LOST, {}),
        (Outcome.REFUSED, {}),
    ],
)
async def test_what_was_taken_for_returned_is_corrected_with_a_reason(desk, outcome, how):
    case = await desk.add("Laptop")
    await desk.world.settle()
    (transfer,) = await desk.transfers(case)
    await desk.world.report(await desk.world.device(transfer), Tracking.DELIVERED)
    await desk.world.settle()
    assert (await desk.look(case)).status is Shown.COMPLETED
    async with desk.refuses(InvalidInput) as refused:
        await desk.end_item(case, 1, outcome, **how)
    assert [(one.path, one.code) for one in refused.value.problems] == [("reason", "recovery.reason_missing")]
    async with desk.refuses(OutcomeRefused):  # many are closed at once like this
        await desk.end(case, outcome, reason="The box was empty.", **how)
    said = {"reason": "The box was empty.", "evidence": {"ticket": "7"}, "may_correct": True, **how}
    await desk.end(case, outcome, **said)
    detail = await desk.look(case)
    (item,) = detail.items
    assert (detail.case.outcome, item.outcome) == (outcome, outcome)
    assert (item.ending.reason, item.ending.evidence) == ("The box was empty.", {"ticket": "7"})
    assert item.ending.author_id == desk.actor.user_id
    back = outcome is Outcome.PARTLY_RETURNED
    assert detail.status is (Shown.COMPLETED if back else Shown.NOT_RETURNED)
    async with desk.db.read(desk.world.scope) as reader:
        entries = await of_subject(reader, desk.world.scope, kind="recovery_case", subject_id=case.id)
    (entry,) = [one for one in entries if one.action == f"item_{outcome.value}"]
    assert entry.change["outcome"] == ["returned", outcome.value]
    assert entry.change["reason"] == [None, "The box was empty."]


async def test_a_corrected_delivery_that_is_told_once_more_changes_nothing(desk):
    case = await desk.add("Laptop")
    await desk.world.settle()
    (transfer,) = await desk.transfers(case)
    device = await desk.world.device(transfer)
    await desk.world.report(device, Tracking.DELIVERED)
    await desk.world.settle()
    await desk.end_item(case, 1, Outcome.LOST, reason="The box was empty.")
    told = ParcelMoved(
        subject_id=transfer.id, shipment_id=device.id, leg=Leg.DEVICE, before=Tracking.DELIVERED,
        after=Tracking.DELIVERED, fault=None, moved_at=desk.now,
    )  # fmt: skip
    async with desk.db.transaction(desk.world.scope) as tx:
        outbox.record(tx, told, at=desk.now)
    await desk.world.settle()
    assert (await desk.look(case)).case.outcome is Outcome.LOST


async def test_partly_returned_calls_off_nothing_that_may_bring_the_rest(desk):
    case = await desk.add("Laptop", shipping=Shipping.LABEL, callback_url="https://hooks.example.com/")
    await desk.world.settle()
    await desk.end_item(case, 1, Outcome.PARTLY_RETURNED, outstanding="charger")
    (transfer,) = await desk.transfers(case)
    assert transfer.status is Status.PENDING_DEVICE
    await desk.end_item(case, 1, Outcome.RETURNED)
    (transfer,) = await desk.transfers(case)
    assert transfer.status is Status.CANCELLED


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
