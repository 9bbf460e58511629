"""What keeps steps from being taken: each rule, and a ladder that does not have it."""

from datetime import timedelta

import pytest
from tests.domain.recovery.reminding.bell import DAY
from tests.domain.recovery.reminding.test_readers import letters

from backhaul.domain import holds
from backhaul.domain.ladders import Stop
from backhaul.domain.recovery import NewItem, Outcome, Shipping, complete_campaign, person, reminding
from backhaul.domain.shipping import tables as shipping_tables
from backhaul.domain.shipping.model import Leg
from backhaul.domain.shipping.operations import cancel_pickup, request_pickup
from backhaul.domain.transfers.operations import cancel_transfer
from backhaul.storage.history import SYSTEM

STEPS = (("one", "case_opened", 3), ("two", "case_opened", 6))


async def mute(bell, case, *, is_muted=True):
    await reminding.mute_case(bell.db, actor=bell.actor, case=case.code, is_muted=is_muted, now=bell.now)


async def opt(bell, case, change=reminding.opt_out):
    async with bell.db.transaction(bell.world.scope) as tx:
        await change(tx, author=SYSTEM, case_id=case.id, at=bell.now)


async def hold_case(bell, case):
    await _hold(bell, holds.SubjectKind.CASE, case.public_number)


async def hold_case_by_code(bell, case):
    await _hold(bell, holds.SubjectKind.CASE, case.code)


async def hold_person(bell, case):
    await _hold(bell, holds.SubjectKind.EMPLOYEE, case.email)


async def hold_device(bell, case):
    assert case
    await _hold(bell, holds.SubjectKind.ASSET, "SN-HELD")


async def _hold(bell, kind, name):
    await holds.place_hold(
        bell.db, actor=bell.actor, summary="Smith", description="Keep.",
        subjects=[holds.NewSubject(kind=kind, name=name)], now=bell.now,
    )  # fmt: skip


async def hand_over(bell, case):
    await bell.hand_over(case)


async def claim(bell, case, position=1, change=person.claim_item, **values):
    page = await person.make_link(bell.db, actor=bell.actor, case=case.code, pages=bell.pages, now=bell.now)
    token = page.removeprefix(bell.pages.person_page)
    linked = await person.follow(bell.db, token=token, now=bell.now)
    if change is person.claim_item:
        values = {"reason": person.GoneReason.LOST, "note": None}
    await change(bell.db, linked=linked, position=position, now=bell.now, **values)


RULES = [
    (Stop.HANDED_OVER, hand_over, "handed_over"),
    (Stop.MUTED, mute, "muted"),
    (Stop.OPTED_OUT, opt, "opted_out"),
    (Stop.CLAIMED, claim, "claimed"),
    (Stop.HOLD, hold_case, "hold"),
    (Stop.HOLD, hold_case_by_code, "hold"),
    (Stop.HOLD, hold_person, "hold"),
    (Stop.HOLD, hold_device, "hold"),
]


async def somebody(bell, campaign):
    await bell.world.make.asset(bell.actor, serial_number="SN-HELD")
    known = await bell.world.make.employee(bell.actor)
    item = NewItem(name="Laptop", serial_number="SN-HELD")
    return await bell.add(item, campaign=campaign, email=known.email)


@pytest.mark.parametrize(("rule", "happen", "reason"), RULES)
async def test_nobody_is_written_to_after_a_stop_rule_and_the_evidence_says_why(bell, rule, happen, reason):
    case = await somebody(bell, await bell.campaign(*STEPS))
    await bell.live(days=4)
    await happen(bell, case)
    await bell.live(days=10)
    assert await bell.told(case) == [("one", "sent"), ("two", reason)]
    assert len(await bell.messages()) == 1
    assert rule in Stop


@pytest.mark.parametrize(("rule", "happen", "reason"), RULES)
async def test_a_ladder_without_the_rule_goes_on(bell, rule, happen, reason):
    campaign = await bell.campaign(*STEPS, rules={"stops": frozenset(Stop) - {rule}})
    case = await somebody(bell, campaign)
    await bell.live(days=4)
    await happen(bell, case)
    await bell.live(days=10)
    assert await bell.told(case) == [("one", "sent"), ("two", "sent")]
    assert reason


async def test_the_organization_goes_on_asking_its_own_people_about_what_somebody_says_is_gone(bell):
    to_it = {"audience": "it", "template": "recovery/escalation"}
    case = await bell.add(campaign=await bell.campaign(STEPS[0], ("it", "case_opened", 4, to_it)))
    await claim(bell, case)
    await bell.live(days=10)
    assert await bell.told(case) == [("one", "claimed"), ("it", "sent")]


async def test_who_takes_a_claim_back_is_reminded_again(bell):
    case = await bell.add(campaign=await bell.campaign(*STEPS))
    await claim(bell, case)
    await bell.live(days=4)
    await claim(bell, case, change=person.withdraw_claim)
    await bell.live(days=10)
    assert await bell.told(case) == [("one", "claimed"), ("two", "sent")]


async def test_who_has_one_of_two_things_is_reminded_of_that_one(bell):
    to_it = {"audience": "it", "template": "recovery/escalation"}
    case = await bell.add(
        "Laptop", "Phone", campaign=await bell.campaign(STEPS[0], ("it", "case_opened", 4, to_it))
    )
    await claim(bell, case, position=2)
    await bell.live(days=10)
    theirs, its = await letters(bell, case)
    assert [name in theirs["text"] for name in ("Laptop", "Phone")] == [True, False]
    assert [name in its["text"] for name in ("Laptop", "Phone")] == [True, True]


async def test_a_parcel_that_was_called_off_is_not_waited_for(bell):
    campaign = await bell.campaign(("one", "box_delivered", 3), ("two", "case_opened", 20))
    case = await bell.add(
        campaign=campaign, shipping=Shipping.LABEL, callback_url="https://hooks.example/label"
    )
    device = (await bell.parcels_of(case))[Leg.DEVICE]
    await bell.label(device)
    await bell.relay()
    await cancel_transfer(bell.db, actor=bell.actor, transfer_id=device.subject_id, reason=None, now=bell.now)
    await bell.live(days=30)
    assert await bell.told(case) == [("two", "sent")]


async def test_steps_that_fell_due_while_muted_stay_passed_over(bell):
    case = await bell.add(campaign=await bell.campaign(*STEPS))
    await mute(bell, case)
    await bell.live(days=4)
    await mute(bell, case, is_muted=False)
    await bell.live(days=10)
    assert await bell.told(case) == [("one", "muted"), ("two", "sent")]


async def test_who_opts_in_again_is_reminded_again(bell):
    case = await bell.add(campaign=await bell.campaign(*STEPS))
    await opt(bell, case)
    async with bell.db.read(bell.world.scope) as reader:
        assert await reminding.has_opted_out(reader, org_id=bell.actor.org_id, case_id=case.id)
    await bell.live(days=4)
    await opt(bell, case, reminding.opt_in)
    await bell.live(days=10)
    assert await bell.told(case) == [("one", "opted_out"), ("two", "sent")]


async def test_switching_twice_leaves_no_second_trace(bell):
    case = await bell.add()
    await mute(bell, case)
    await opt(bell, case)
    before = await bell.desk.traces()
    await mute(bell, case)
    await opt(bell, case)
    assert await bell.desk.traces() == before


async def test_a_case_that_ended_is_left_alone_without_another_line(bell):
    case = await bell.add(campaign=await bell.campaign(*STEPS))
    await bell.live(days=4)
    await bell.desk.end(case, Outcome.KEPT)
    await bell.live(days=10)
    assert await bell.told(case) == [("one", "sent")]
    assert await bell.next_at(case) is None


async def test_what_arrived_is_not_reminded_of(bell):
    case = await bell.waiting(campaign=await bell.campaign(("one", "box_delivered", 3), *STEPS[1:]))
    await bell.live(days=2)
    await bell.arrive(case)
    await bell.live(days=10)
    assert await bell.told(case) == []


async def test_a_completed_campaign_reminds_nobody(bell):
    campaign = await bell.campaign(*STEPS)
    case = await bell.add(campaign=campaign)
    await bell.desk.end(case, Outcome.CANCELLED)
    await complete_campaign(bell.db, actor=bell.actor, campaign_number=campaign.public_number, now=bell.now)
    await bell.live(days=10)
    assert await bell.told(case) == []


async def test_one_of_two_parcels_handed_over_is_not_enough(bell):
    campaign = await bell.campaign(("one", "box_delivered", 3), ("two", "box_delivered", 6))
    case = await bell.add("Laptop", "Laptop", campaign=campaign)
    await bell.box(case)
    bell.world.clock.advance(DAY)
    await bell.box(case, position=2)  # the ladder waits for the last box
    anchor = bell.now
    await bell.live(days=1)
    await bell.hand_over(case, position=2)
    await bell.live(days=4)
    (contact,) = await bell.contacts(case)
    assert contact.anchor_at == anchor - DAY  # what still waits is the first
    await bell.hand_over(case)
    await bell.live(days=10)
    assert await bell.told(case) == [("one", "sent"), ("two", "handed_over")]


async def book(bell, case, days):
    device = (await bell.parcels_of(case))[Leg.DEVICE]
    await bell.label(device)
    async with bell.db.transaction(bell.world.scope) as tx:
        shipment = await shipping_tables.lock(tx, device.id)
        await request_pickup(
            tx, author=SYSTEM, shipment=shipment, on_date=bell.now.date() + timedelta(days=days),
            instructions=None, at=bell.now,
        )  # fmt: skip


async def test_while_a_pickup_is_to_come_steps_wait_and_then_are_one(bell):
    case = await bell.waiting(
        campaign=await bell.campaign(("one", "box_delivered", 3), ("two", "box_delivered", 4))
    )
    await book(bell, case, days=5)
    await bell.live(days=5)
    assert await bell.told(case) == []
    await bell.live(days=5)
    assert await bell.told(case) == [("one", "missed"), ("two", "sent")]
    (message,) = await bell.messages()
    assert message["decided_at"].date() == bell.desk.campaign.created_at.date() + timedelta(days=6)


async def test_a_pickup_that_took_the_parcel_leaves_nothing_to_say(bell):
    case = await bell.waiting(campaign=await bell.campaign(("one", "box_delivered", 3)))
    await book(bell, case, days=5)
    await bell.live(days=5)
    await bell.hand_over(case)
    await bell.live(days=5)
    assert await bell.told(case) == [("one", "handed_over")]


async def test_a_pickup_that_was_called_off_holds_nobody_up(bell):
    case = await bell.waiting(campaign=await bell.campaign(("one", "box_delivered", 3)))
    await book(bell, case, days=6)
    async with bell.db.transaction(bell.world.scope) as tx:
        device = (await bell.parcels_of(case))[Leg.DEVICE]
        await cancel_pickup(
            tx, author=SYSTEM, shipment=await shipping_tables.lock(tx, device.id), at=bell.now
        )
    await bell.live(days=4)
    assert await bell.told(case) == [("one", "sent")]


async def test_a_hold_placed_while_steps_wait_stops_them(bell):
    case = await bell.waiting(campaign=await bell.campaign(("one", "box_delivered", 3)))
    await book(bell, case, days=5)
    await bell.live(days=4)
    await hold_case(bell, case)
    await bell.live(days=5)
    assert await bell.told(case) == [("one", "hold")]
