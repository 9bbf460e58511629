"""Who is expected to send something after all is reminded again, also in a completed campaign."""

import pytest
from tests.domain.recovery.reminding.bell import step
from tests.domain.returns.depot import Depot

from backhaul.domain import ladders
from backhaul.domain.recovery import Outcome, complete_campaign, reminding
from backhaul.domain.recovery.reminding.errors import ReminderRefused

TO_IT = {"audience": "it", "template": "recovery/escalation"}
STEPS = (("one", "case_opened", 3), ("it", "case_opened", 9, TO_IT))


@pytest.fixture
async def depot(bell):
    """The warehouse that opens the parcels of the bell's cases."""
    return await Depot(bell.world).furnished()


async def emptied(bell, open_parcel, *, is_completed):
    campaign = await bell.campaign(*STEPS, rules={"stops": frozenset()})
    case = await bell.add("Laptop", campaign=campaign)
    await bell.world.settle()
    await bell.arrive(case)
    await bell.live(days=2)
    assert (await bell.desk.look(case)).case.outcome is Outcome.RETURNED
    if is_completed:
        await complete_campaign(
            bell.db, actor=bell.actor, campaign_number=campaign.public_number, now=bell.now
        )
    await bell.live(days=3)
    assert (await bell.told(case), await bell.next_at(case)) == ([], None)
    (transfer,) = await bell.desk.transfers(case)
    await open_parcel(transfer)
    assert (await bell.desk.look(case)).case.outcome is None
    return case


@pytest.mark.parametrize("is_completed", [False, True], ids=["active", "completed"])
async def test_whose_parcel_was_empty_is_reminded_again(bell, open_parcel, is_completed):
    case = await emptied(bell, open_parcel, is_completed=is_completed)
    await bell.live(days=10)
    assert await bell.told(case) == [("one", "sent"), ("it", "sent")]


async def test_in_a_completed_campaign_a_changed_ladder_counts_and_the_rules_hold(bell, open_parcel):
    case = await emptied(bell, open_parcel, is_completed=True)
    await bell.live(days=10)
    (ladder,) = await ladders.list_ladders(bell.db, actor=bell.actor)
    more = ladders.Policy(steps=tuple(map(step, (*STEPS, ("late", "case_opened", 20)))))
    await ladders.change_ladder(
        bell.db, actor=bell.actor, name=ladder.name, version=ladder.version, policy=more, now=bell.now
    )
    await bell.live(days=10)
    assert await bell.told(case) == [("one", "sent"), ("it", "sent"), ("late", "handed_over")]
    with pytest.raises(ReminderRefused) as refused:
        await reminding.remind_now(bell.db, actor=bell.actor, case=case.code, pages=bell.pages, now=bell.now)
    assert "the carrier has everything already" in refused.value.text
