"""A second look at a device, months later, and what is told of things that were not there."""

from datetime import timedelta

import pytest
from tests.domain.recovery.inspecting.test_opening import MINE, NO_CHARGER, PAIR, delivered, sent
from tests.making import OFFICE

from backhaul.domain.recovery import NewItem, Outcome, ReturnAddress
from backhaul.domain.recovery.inspecting.model import REASONS, Finding
from backhaul.domain.returns.model import Checklist
from backhaul.domain.returns.operations import check_device


async def look_again(depot, number, **seen):
    await check_device(
        depot.db, actor=depot.operator, number=number, serial_number="MINE-1", seen=Checklist(**seen),
        now=depot.world.now,
    )  # fmt: skip
    await depot.world.settle()


@pytest.mark.parametrize("has_charger", [True, False])
async def test_it_says_nothing_of_a_later_case_of_the_same_device(desk, depot, open_parcel, has_charger):
    first, (transfer,) = await sent(desk)
    number = await open_parcel(transfer, ("MINE-1", {"has_charger": not has_charger}))
    desk.world.clock.advance(timedelta(days=90))
    later = await desk.add(MINE, campaign=await desk.create())
    await desk.world.settle()
    await look_again(depot, number, has_charger=has_charger)
    assert [item.outcome for item in (await desk.look(later)).items] == [None]
    now = Outcome.RETURNED if has_charger else Outcome.PARTLY_RETURNED
    assert (await desk.look(first)).case.outcome is now


async def test_it_completes_what_was_found_in_anothers_parcel_though_its_device_is_expected_again(
    desk, depot, open_parcel
):
    first, _ = await sent(desk)
    other = await desk.add(NewItem(name="Laptop", serial_number="OTHER-1"))
    await desk.world.settle()
    (theirs,) = await desk.transfers(other)
    number = await open_parcel(theirs, "OTHER-1", ("MINE-1", NO_CHARGER))
    desk.world.clock.advance(timedelta(days=90))
    later = await desk.add(MINE, campaign=await desk.create())
    await desk.world.settle()
    await look_again(depot, number, has_charger=True)
    assert (await desk.look(first)).case.outcome is Outcome.RETURNED
    assert [item.outcome for item in (await desk.look(later)).items] == [None]


async def test_it_settles_nothing_that_another_return_brought_back(desk, depot, open_parcel):
    first, (transfer,) = await sent(desk)
    other = await desk.add(NewItem(name="Laptop", serial_number="OTHER-1"))
    await desk.world.settle()
    (theirs,) = await desk.transfers(other)
    early = await open_parcel(theirs, "OTHER-1", ("MINE-1", NO_CHARGER))
    await desk.end_item(first, 1, Outcome.LOST, reason="Mixed up.")
    number = await open_parcel(transfer, ("MINE-1", NO_CHARGER))
    before = await desk.look(first)
    assert before.items[0].outcome is Outcome.PARTLY_RETURNED
    assert before.items[0].ending.evidence["return"] == str(number)
    await look_again(depot, early, has_charger=True)
    assert await desk.look(first) == before


async def test_the_history_of_what_is_missing_says_that_it_was_not_there(desk, open_parcel):
    campaign = await desk.create(return_addresses=(ReturnAddress(address=OFFICE, packages=(PAIR,)),))
    second = NewItem(name="Laptop 2", serial_number="MINE-2")
    case, (transfer,) = await sent(desk, MINE, second, campaign=campaign)
    await delivered(desk, transfer)
    await open_parcel(transfer, "MINE-1")
    changes = await desk.world.changes("recovery_case", case.id)
    lines = {line["action"]: line["change"]["reason"][-1] for line in changes if line["action"] in {
        "item_missing",
        "item_returned",
    }}  # fmt: skip
    assert lines == {
        "item_missing": REASONS[Finding.ABSENT],
        "item_returned": REASONS[Finding.THERE],
    }
