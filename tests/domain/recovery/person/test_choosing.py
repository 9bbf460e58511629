"""How things are sent: chosen once, where the organization asks."""

import asyncio

import pytest

from backhaul.domain.recovery import Outcome, Shipping, person
from backhaul.domain.recovery.person import Choice, GoneReason, choose_for
from backhaul.domain.recovery.person.errors import (
    AddressUnconfirmed,
    CaseEndedAlready,
    ChosenAlready,
    NothingToSend,
    SentAlready,
)
from backhaul.domain.recovery.status import Shown


async def choose(one, choice=Choice.KIT):
    return await one.does(person.choose, choice=choice)


async def test_nothing_is_sent_before_the_person_chose(somebody):
    one = await somebody("Laptop", "Monitor")
    await one.desk.world.live(days=3)
    detail = await one.now()
    assert (detail.parcels, detail.status) == ((), Shown.ORDER_RECEIVED)


@pytest.mark.parametrize(
    ("choice", "shipping", "is_waived", "wish"),
    [
        (Choice.KIT, Shipping.KIT, False, None),
        (Choice.LABEL, Shipping.LABEL, True, None),
        (Choice.PICKUP, Shipping.LABEL, True, True),
    ],
)
async def test_a_choice_orders_the_parcels(somebody, choice, shipping, is_waived, wish):
    one = await somebody("Laptop", "Monitor")
    await one.confirms()
    await choose(one, choice)
    await one.desk.world.settle()
    assert (await one.now()).case.shipping is shipping
    transfers = await one.desk.transfers(one.case)
    assert [(t.is_box_waived, t.pickup_wish, t.is_muted) for t in transfers] == [(is_waived, wish, True)] * 2
    assert (await one.past())[-1] == f"{choice.value}_chosen"


async def test_a_choice_before_the_case_was_told_about_orders_once(somebody):
    one = await somebody(settled=False)
    await one.confirms()
    await choose(one)
    await one.desk.world.settle()
    assert len(await one.desk.transfers(one.case)) == 1


async def test_two_choices_at_once_order_once(somebody):
    one = await somebody()
    await one.confirms()
    done = await asyncio.gather(*(choose(one, choice) for choice in Choice), return_exceptions=True)
    assert sorted(type(what).__name__ for what in done) == ["Case", "ChosenAlready", "ChosenAlready"]
    assert len(await one.desk.transfers(one.case)) == 1


async def test_what_is_refused(somebody):
    one = await somebody()
    async with one.desk.refuses(AddressUnconfirmed):
        await choose(one)
    await one.confirms()
    await one.does(person.claim_item, position=1, reason=GoneReason.LOST, note=None)
    async with one.desk.refuses(NothingToSend):
        await choose(one)
    await one.does(person.withdraw_claim, position=1)
    await choose(one)
    async with one.desk.refuses(ChosenAlready):
        await choose(one, Choice.LABEL)
    fixed = await somebody(shipping=Shipping.KIT)
    async with one.desk.refuses(ChosenAlready):
        await choose(fixed)
    ended = await somebody()
    await one.desk.end(ended.case, Outcome.KEPT)
    async with one.desk.refuses(CaseEndedAlready):
        await choose(ended)


async def test_what_is_claimed_to_be_gone_gets_no_parcel(somebody):
    one = await somebody("Laptop", "Monitor")
    await one.confirms()
    await one.does(person.claim_item, position=2, reason=GoneReason.STOLEN, note="At the station")
    await choose(one)
    (parcel,) = (await one.now()).parcels
    assert parcel.position == 1


async def test_no_kit_is_sent_for_what_was_claimed_before(somebody):
    one = await somebody("Laptop", shipping=Shipping.KIT, settled=False)
    await one.does(person.claim_item, position=1, reason=GoneReason.NEVER_HAD, note=None)
    await one.desk.world.settle()
    assert (await one.now()).parcels == ()


async def test_the_organization_can_choose_for_somebody_once(desk):
    case = await desk.add(shipping=Shipping.ASK)
    await desk.world.settle()
    after = await choose_for(desk.db, actor=desk.actor, case=case.code, choice=Choice.LABEL, now=desk.now)
    assert after.shipping is Shipping.LABEL
    (transfer,) = await desk.transfers(case)
    assert transfer.is_box_waived
    async with desk.refuses(SentAlready):
        await choose_for(desk.db, actor=desk.actor, case=case.code, choice=Choice.KIT, now=desk.now)


async def test_nothing_is_chosen_for_who_was_not_asked_or_is_expected_to_send_nothing(desk):
    kit, ended = await desk.add(), await desk.add(shipping=Shipping.ASK)
    await desk.end(ended, Outcome.KEPT)
    for case in (kit, ended):
        async with desk.refuses(SentAlready):
            await choose_for(desk.db, actor=desk.actor, case=case.code, choice=Choice.KIT, now=desk.now)
