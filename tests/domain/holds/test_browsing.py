"""Holds as somebody at a screen looks through them."""

import pytest
from tests.domain.holds.court import asset, case

from backhaul.domain.holds import HoldUnknown
from backhaul.domain.holds.browsing import HoldFilter, browse_holds, get_hold_sheet, list_pending


async def listed(court, **wanted):
    found = await browse_holds(court.db, actor=court.actor, wanted=HoldFilter(**wanted))
    return [(line.summary, line.assets, line.cases, line.is_pending) for line in found]


async def released(court, hold):
    release = await court.ask(hold)
    await court.approve(release, actor=await court.colleague())
    return release


async def test_holds_are_listed_by_state_and_summary(court):
    device = await court.add()
    over = await court.place(case("C-1"), summary="Over")
    await released(court, over)
    waiting = await court.place(asset(device), case("C-2"), summary="Still going")
    await court.ask(waiting)
    assert await listed(court) == [("Still going", 1, 1, True), ("Over", 0, 0, False)]
    assert await listed(court, is_active=True) == [("Still going", 1, 1, True)]
    assert await listed(court, is_active=False) == [("Over", 0, 0, False)]
    assert await listed(court, text="STILL") == [("Still going", 1, 1, True)]
    (pending,) = await list_pending(court.db, actor=court.actor)
    assert (pending.hold_number, pending.requested_by) == (waiting.number, f"user {court.actor.user_id}")


async def test_a_sheet_names_what_is_covered_and_who_decided(court):
    device = await court.add()
    hold = await court.place(asset(device), case("C-1"))
    release = await released(court, hold)
    sheet = await get_hold_sheet(court.db, actor=court.actor, number=hold.number)
    assert [(one.serial_number, one.case_number) for one in sheet.subjects] == [
        (device.serial_number, None),
        (None, "C-1"),
    ]
    assert (sheet.active, sheet.is_askable) == ((), False)
    (shown,) = sheet.releases
    assert (shown.number, shown.subjects, shown.is_pending) == (release.number, 2, False)
    assert None not in (shown.requester, shown.decider, sheet.placed_by)
    assert [change.action for change in sheet.changes] == ["released", "release_requested", "placed"]


async def test_what_belongs_to_others_is_neither_listed_nor_found(court):
    hold = await court.place(case("C-1"))
    await court.ask(hold)
    theirs = await court.elsewhere()
    assert (await listed(theirs), await list_pending(theirs.db, actor=theirs.actor)) == ([], [])
    for number in (hold.number, 0, -1, 2**63):
        with pytest.raises(HoldUnknown):
            await get_hold_sheet(theirs.db, actor=theirs.actor, number=number)
