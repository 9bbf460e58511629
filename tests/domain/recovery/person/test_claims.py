"""'I no longer have it' is a claim: kept, shown, and nothing else."""

import asyncio

import pytest
from tests.making import OFFICE

from backhaul.domain.recovery import Outcome, Shipping, person
from backhaul.domain.recovery.browsing import CaseFilter, Stage, browse_cases, get_case_sheet
from backhaul.domain.recovery.errors import ItemUnknown
from backhaul.domain.recovery.model import Package, ReturnAddress
from backhaul.domain.recovery.person import Choice, GoneReason
from backhaul.domain.recovery.person.errors import CaseEndedAlready, ClaimRefused
from backhaul.domain.transfers.model import Status
from backhaul.kernel.errors import InvalidInput
from backhaul.kernel.measures import Dimensions


async def claim(one, position=1, reason=GoneReason.LOST, note=None):
    await one.does(person.claim_item, position=position, reason=reason, note=note)


async def said(one):
    return await person.list_statements(one.desk.db, actor=one.desk.actor, case=one.case)


async def test_a_claim_is_shown_and_decides_nothing(somebody):
    one = await somebody("Laptop", "Monitor")
    await claim(one, 2, GoneReason.STOLEN, " At the\r\nstation ")
    detail = await one.now()
    assert [item.outcome for item in detail.items] == [None, None]
    assert detail.case.outcome is None
    page = await one.looks()
    assert [item.name for item in page.expected] == ["Laptop"]
    (kept,) = (await said(one)).claims
    assert (kept.position, kept.reason, kept.note, kept.withdrawn_at) == (
        2,
        GoneReason.STOLEN,
        "At the station",
        None,
    )
    assert await one.past() == ["item_2_claimed_stolen"]


async def test_a_claim_is_taken_back_and_stays_in_the_record(somebody):
    one = await somebody()
    await claim(one)
    await one.does(person.withdraw_claim, position=1)
    assert (await one.looks()).claims == ()
    await claim(one, reason=GoneReason.KEPT)
    assert [entry.reason for entry in (await one.looks()).claims] == [GoneReason.KEPT]
    assert [entry.withdrawn_at is None for entry in (await said(one)).claims] in (
        [False, True],
        [True, False],
    )


@pytest.mark.parametrize(
    ("note", "kind"), [("x" * 501, InvalidInput), ("a\x00b", InvalidInput), ("\u202ea", InvalidInput)]
)
async def test_a_note_is_short_and_plain(somebody, note, kind):
    one = await somebody()
    async with one.desk.refuses(kind) as refused:
        await claim(one, note=note)
    assert [problem.path for problem in refused.value.problems] == ["note"]


async def test_what_cannot_be_claimed(somebody):
    one = await somebody("Laptop", "Monitor")
    async with one.desk.refuses(ItemUnknown):
        await claim(one, 3)
    async with one.desk.refuses(ClaimRefused):
        await one.does(person.withdraw_claim, position=1)
    await claim(one)
    async with one.desk.refuses(ClaimRefused):
        await claim(one, reason=GoneReason.STOLEN)
    await one.desk.end_item(one.case, 2, Outcome.LOST)
    async with one.desk.refuses(ClaimRefused):
        await claim(one, 2)
    await one.desk.end(one.case, Outcome.LOST)
    async with one.desk.refuses(CaseEndedAlready):
        await one.does(person.withdraw_claim, position=1)


async def test_two_claims_at_once_are_one(somebody):
    one = await somebody()
    done = await asyncio.gather(*(claim(one, reason=reason) for reason in GoneReason), return_exceptions=True)
    assert [type(what) for what in done if what is not None] == [ClaimRefused] * 4
    assert len((await said(one)).claims) == 1


async def test_what_turns_up_after_the_choice_gets_its_parcel(somebody):
    one = await somebody("Laptop", "Monitor")
    await one.confirms()
    await claim(one, 2)
    await one.does(person.choose, choice=Choice.KIT)
    await one.does(person.withdraw_claim, position=2)
    assert [parcel.position for parcel in (await one.now()).parcels] == [1, 2]
    await claim(one, 2)
    await one.does(person.withdraw_claim, position=2)
    await one.desk.world.settle()
    assert len(await one.desk.transfers(one.case)) == 2


async def test_what_turns_up_before_the_choice_gets_none(somebody):
    one = await somebody()
    await claim(one)
    await one.does(person.withdraw_claim, position=1)
    assert (await one.now()).parcels == ()


async def test_what_turns_up_before_the_kits_are_ordered_keeps_no_other_back(somebody):
    one = await somebody("Laptop", "Monitor", shipping=Shipping.KIT, settled=False)
    await claim(one, 2)
    await one.does(person.withdraw_claim, position=2)
    await one.desk.world.settle()
    assert [parcel.position for parcel in (await one.now()).parcels] == [1, 2]


@pytest.mark.parametrize(
    ("reason", "left"), [(GoneReason.LOST, [None]), (GoneReason.RETURNED, [Outcome.RETURNED])]
)
async def test_what_was_said_to_be_lost_is_not_returned_by_the_parcel_of_something_else(
    somebody, reason, left
):
    one = await somebody_with_two_in_a_parcel(somebody)
    await claim(one, 2, reason)
    await one.desk.world.live(days=30)
    items = (await one.now()).items
    assert [item.outcome for item in items] == [Outcome.RETURNED, *left]


async def test_a_parcel_of_what_was_said_to_be_lost_returns_it(somebody):
    one = await somebody("Laptop", shipping=Shipping.KIT)
    await claim(one)
    await one.desk.world.live(days=30)
    assert (await one.now()).case.outcome is Outcome.RETURNED


async def test_what_is_claimed_after_the_hand_over_is_returned_all_the_same(somebody):
    one = await somebody_with_two_in_a_parcel(somebody)
    (transfer,) = await one.desk.transfers(one.case)
    await one.desk.world.live_until(transfer, Status.DEVICE_IN_TRANSIT)
    await claim(one, 2)
    await one.desk.world.live(days=30)
    assert (await one.now()).case.outcome is Outcome.RETURNED


async def somebody_with_two_in_a_parcel(somebody):
    one = await somebody(settled=False)
    pair = Package(device="Laptop", quantity=2, size=Dimensions(400, 300, 200, 9000))
    campaign = await one.desk.create(return_addresses=(ReturnAddress(address=OFFICE, packages=(pair,)),))
    return await somebody("Laptop 1", "Laptop 2", campaign=campaign, shipping=Shipping.KIT)


async def test_a_case_of_which_all_that_was_sent_is_back_is_not_one_of_which_nothing_was_sent(somebody):
    one = await somebody("Laptop", "Charger")
    desk, case = one.desk, one.case

    async def stage():
        sheet = await get_case_sheet(desk.db, actor=desk.actor, ref=case.public_number, now=desk.now)
        (line,) = await browse_cases(
            desk.db, actor=desk.actor, wanted=CaseFilter(stage=sheet.stage), today=desk.now.date(), limit=9
        )
        assert line.stage is sheet.stage
        return sheet.stage

    await one.confirms()
    await claim(one, 2)
    assert await stage() is Stage.UNSENT
    await one.does(person.choose, choice=Choice.KIT)
    assert await stage() is Stage.BOX
    await desk.world.settle()
    (transfer,) = await desk.transfers(case)
    await desk.world.live_until(transfer, Status.COMPLETE)
    assert [item.outcome for item in (await one.now()).items] == [Outcome.RETURNED, None]
    assert await stage() is Stage.STUCK
