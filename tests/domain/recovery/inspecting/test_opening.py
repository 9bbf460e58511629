"""What a warehouse finds in a parcel becomes of the items, whether carrier or warehouse tells first."""

import pytest
from tests.making import OFFICE

from backhaul.domain.recovery import NewItem, Outcome, Package, ReturnAddress
from backhaul.domain.recovery.browsing import Stage, get_campaign_sheet, get_case_sheet
from backhaul.domain.recovery.inspecting import list_found
from backhaul.domain.recovery.status import Shown
from backhaul.domain.returns.model import Checklist, Verdict
from backhaul.domain.returns.operations import check_device
from backhaul.domain.shipping.model import Tracking
from backhaul.domain.transfers.model import Status
from backhaul.kernel.measures import Dimensions
from backhaul.storage.history import of_subject

MINE = NewItem(name="MacBook", serial_number="MINE-1")
PAIR = Package(device="Laptop", quantity=3, size=Dimensions(400, 300, 200, 9000))
BOTH = pytest.mark.parametrize("is_scan_first", [True, False], ids=["carrier first", "warehouse first"])
NO_CHARGER, CHARGER = {"has_charger": False}, {"has_charger": True}


async def sent(desk, *items, **changes):
    await desk.world.make.asset(desk.actor, serial_number="MINE-1")
    case = await desk.add(*(items or (MINE,)), **changes)
    await desk.world.settle()
    return case, await desk.transfers(case)


async def delivered(desk, transfer):
    await desk.world.report(await desk.world.device(transfer), Tracking.DELIVERED)
    await desk.world.settle()


async def actions(desk, case):
    async with desk.db.read(desk.world.scope) as reader:
        entries = await of_subject(reader, desk.world.scope, kind="recovery_case", subject_id=case.id)
    return [entry.action for entry in entries]


async def both(desk, open_parcel, transfer, *scans, is_scan_first):
    if is_scan_first:
        await delivered(desk, transfer)
    number = await open_parcel(transfer, *scans)
    if not is_scan_first:
        await delivered(desk, transfer)
    return number


@BOTH
async def test_an_empty_box_leaves_its_device_expected(desk, open_parcel, is_scan_first):
    case, (transfer,) = await sent(desk)
    number = await both(desk, open_parcel, transfer, is_scan_first=is_scan_first)
    detail = await desk.look(case)
    assert [item.outcome for item in detail.items] == [None]
    assert (detail.case.outcome, detail.case.ending, detail.status) == (None, None, Shown.RECEIVED)
    sheet = await get_case_sheet(desk.db, actor=desk.actor, ref=case.code, now=desk.now)
    assert sheet.stage is Stage.STUCK
    (line,) = await list_found(desk.db, actor=desk.actor, case_id=case.id)
    assert (line.return_number, line.serial_number, line.verdict) == (number, "MINE-1", Verdict.MISSING)
    assert sheet.found_lines == (line,)
    campaign = desk.campaign.public_number
    progress = (await get_campaign_sheet(desk.db, actor=desk.actor, number=campaign)).progress
    assert (progress.open_count, progress.count(Stage.RECEIVED)) == (1, 0)
    done = await actions(desk, case)
    assert done.count("item_missing") == 1
    assert ("reopened" in done) is is_scan_first
    await desk.end(case, Outcome.LOST, reason="The box was empty.", evidence={"return": str(number)})
    assert (await desk.look(case)).status is Shown.NOT_RETURNED


@BOTH
async def test_a_device_without_its_charger_is_partly_returned(desk, open_parcel, is_scan_first):
    case, (transfer,) = await sent(desk)
    number = await both(desk, open_parcel, transfer, ("MINE-1", NO_CHARGER), is_scan_first=is_scan_first)
    detail = await desk.look(case)
    ending = detail.items[0].ending
    assert (detail.items[0].outcome, ending.outstanding) == (Outcome.PARTLY_RETURNED, "charger")
    assert (ending.evidence["return"], ending.author_kind) == (str(number), "system")
    assert (detail.case.outcome, detail.case.ending.outstanding) == (Outcome.PARTLY_RETURNED, "charger")


@BOTH
async def test_what_is_there_is_returned_on_the_warehouses_word(desk, open_parcel, is_scan_first):
    case, (transfer,) = await sent(desk)
    number = await both(desk, open_parcel, transfer, "MINE-1", is_scan_first=is_scan_first)
    detail = await desk.look(case)
    assert (detail.case.outcome, detail.status) == (Outcome.RETURNED, Shown.COMPLETED)
    assert detail.items[0].ending.evidence["return"] == str(number)


async def test_a_charger_that_turns_up_completes_it_and_is_missed_again(desk, depot, open_parcel):
    case, (transfer,) = await sent(desk)
    number = await open_parcel(transfer, ("MINE-1", NO_CHARGER))

    async def checked(**seen):
        await check_device(
            desk.db, actor=depot.operator, number=number, serial_number="MINE-1", seen=Checklist(**seen),
            now=desk.now,
        )  # fmt: skip
        await desk.world.settle()
        (item,) = (await desk.look(case)).items
        return item.outcome, item.ending.outstanding

    assert await checked(is_powering_on=True) == (Outcome.PARTLY_RETURNED, "charger")
    assert await checked(has_charger=True) == (Outcome.RETURNED, None)
    before = await actions(desk, case)
    assert await checked(has_charger=True) == (Outcome.RETURNED, None)
    assert await actions(desk, case) == before  # nothing is decided twice
    assert await checked(has_charger=False) == (Outcome.PARTLY_RETURNED, "charger")


async def test_a_charger_that_comes_in_another_parcel_of_the_case_completes_it(desk, open_parcel):
    case, (first, second) = await sent(desk, MINE, "Phone")
    await open_parcel(first, ("MINE-1", NO_CHARGER))
    await open_parcel(second, "Some phone", "CHARGER")
    detail = await desk.look(case)
    assert [item.outcome for item in detail.items] == [Outcome.RETURNED, Outcome.RETURNED]
    assert "device_unexpected" in await actions(desk, case)


async def test_a_missing_laptop_that_is_found_in_another_persons_parcel_is_back(desk, open_parcel):
    case, (transfer,) = await sent(desk)
    await delivered(desk, transfer)
    await open_parcel(transfer)
    other = await desk.add(NewItem(name="Laptop", serial_number="OTHER-1"))
    await desk.world.settle()
    (theirs,) = await desk.transfers(other)
    number = await open_parcel(theirs, "OTHER-1", ("mine-1", NO_CHARGER))
    (item,) = (await desk.look(case)).items
    assert (item.outcome, item.ending.evidence["return"]) == (Outcome.PARTLY_RETURNED, str(number))
    assert (await desk.look(other)).case.outcome is Outcome.RETURNED
    assert "device_of_others" in await actions(desk, other)


async def test_what_was_found_elsewhere_is_not_missed_in_its_own_parcel(desk, open_parcel):
    case, (transfer,) = await sent(desk)
    other = await desk.add(NewItem(name="Laptop", serial_number="OTHER-1"))
    await desk.world.settle()
    (theirs,) = await desk.transfers(other)
    await delivered(desk, transfer)
    await open_parcel(theirs, "OTHER-1", "MINE-1")
    await open_parcel(transfer)
    assert (await desk.look(case)).case.outcome is Outcome.RETURNED


async def test_what_is_found_before_it_was_sent_for_is_not_sent_for_any_more(desk, open_parcel):
    case, (transfer,) = await sent(desk)
    other = await desk.add(NewItem(name="Laptop", serial_number="OTHER-1"))
    await desk.world.settle()
    (theirs,) = await desk.transfers(other)
    assert transfer.status is Status.PENDING_BOX
    await open_parcel(theirs, "OTHER-1", "MINE-1")
    assert [one.status for one in await desk.transfers(case)] == [Status.CANCELLED]


@BOTH
async def test_of_several_in_a_box_only_the_missing_one_is_expected(desk, open_parcel, is_scan_first):
    campaign = await desk.create(return_addresses=(ReturnAddress(address=OFFICE, packages=(PAIR,)),))
    named = NewItem(name="Laptop 2", serial_number="MINE-2")
    case, (transfer,) = await sent(desk, MINE, named, "Laptop 3", campaign=campaign)
    await both(desk, open_parcel, transfer, "MINE-1", "NOBODY-KNOWS-1", is_scan_first=is_scan_first)
    detail = await desk.look(case)
    assert [item.outcome for item in detail.items] == [Outcome.RETURNED, None, Outcome.RETURNED]
    assert (detail.case.outcome, detail.status) == (None, Shown.RECEIVED)


@pytest.mark.parametrize("came", [True, False])
async def test_a_charger_that_is_an_item_of_its_own_comes_with_its_device(desk, open_parcel, came):
    campaign = await desk.create(return_addresses=(ReturnAddress(address=OFFICE, packages=(PAIR,)),))
    case, (transfer,) = await sent(desk, "USB-C charger", MINE, campaign=campaign)
    await delivered(desk, transfer)
    await open_parcel(transfer, ("MINE-1", {"has_charger": came}))
    charger = Outcome.RETURNED if came else None
    assert [item.outcome for item in (await desk.look(case)).items] == [charger, Outcome.RETURNED]


async def test_a_persons_word_is_not_taken_back_by_a_warehouse(desk, open_parcel):
    case, (transfer,) = await sent(desk)
    await desk.end_item(case, 1, Outcome.RETURNED, reason="Handed in at the desk.")
    await open_parcel(transfer)
    (item,) = (await desk.look(case)).items
    assert (item.outcome, item.ending.reason) == (Outcome.RETURNED, "Handed in at the desk.")
    assert "item_missing" in await actions(desk, case)


async def test_what_a_person_gave_up_and_a_warehouse_found_is_back(desk, open_parcel):
    case, (transfer,) = await sent(desk)
    await desk.end(case, Outcome.KEPT, reason="Bought out.")
    await open_parcel(transfer, "MINE-1")
    assert (await desk.look(case)).case.outcome is Outcome.RETURNED


async def test_another_organizations_case_is_not_touched(desk, open_parcel):
    elsewhere = type(desk)(await desk.world.elsewhere())
    await elsewhere.furnished()
    theirs = await elsewhere.add(MINE)
    _, (transfer,) = await sent(desk)
    await open_parcel(transfer, "MINE-1")
    assert (await elsewhere.look(theirs)).case.outcome is None
