"""Campaigns and cases as somebody at a screen looks through them."""

from datetime import timedelta

import pytest
from tests.domain.recovery.desk import Desk

from backhaul.domain.recovery import NewItem, Outcome, Shipping, close_item
from backhaul.domain.recovery.browsing import (
    CampaignFilter,
    CaseFilter,
    Stage,
    browse_campaigns,
    browse_cases,
    get_campaign_sheet,
    get_case_sheet,
)
from backhaul.domain.recovery.errors import CampaignUnknown, CaseUnknown
from backhaul.domain.recovery.reminding import mute_case
from backhaul.domain.transfers.model import Status
from backhaul.domain.transfers.operations import mark_not_returned


async def cases(desk, *, today=None, **wanted):
    found = await browse_cases(
        desk.db, actor=desk.actor, wanted=CaseFilter(**wanted), today=today or desk.now.date()
    )
    return [line.email for line in found]


async def stage_of(desk, case):
    sheet = await get_case_sheet(desk.db, actor=desk.actor, ref=case.code, now=desk.now)
    return sheet.stage


async def test_a_case_goes_through_its_stages(desk):
    asking = await desk.add(shipping=Shipping.ASK)
    case = await desk.add()
    await desk.world.settle()
    assert await stage_of(desk, asking) is Stage.UNSENT
    assert await stage_of(desk, case) is Stage.BOX
    (transfer,) = await desk.transfers(case)
    await desk.world.live_until(transfer, Status.PENDING_DEVICE)
    assert await stage_of(desk, case) is Stage.PERSON
    await desk.world.live_until(transfer, Status.DEVICE_IN_TRANSIT)
    assert await stage_of(desk, case) is Stage.RETURNING
    await desk.world.live_until(transfer, Status.COMPLETE)
    assert await stage_of(desk, case) is Stage.RECEIVED


async def test_a_case_whose_parcel_moves_no_more_needs_a_decision(desk):
    case = await desk.add()
    await desk.world.settle()
    (transfer,) = await desk.transfers(case)
    await desk.world.live_until(transfer, Status.PENDING_DEVICE)
    await mark_not_returned(desk.db, actor=desk.actor, transfer_id=transfer.id, reason=None, now=desk.now)
    assert await stage_of(desk, case) is Stage.STUCK
    assert await cases(desk, stage=Stage.STUCK) == [case.email]
    await desk.end(case, Outcome.LOST)
    assert await stage_of(desk, case) is Stage.ENDED


async def test_what_is_furthest_behind_names_the_stage_and_what_is_settled_does_not_count(desk):
    case = await desk.add("Laptop", "Monitor")
    assert await stage_of(desk, case) is Stage.UNSENT
    await close_item(
        desk.db, actor=desk.actor, case=case.code, position=1, outcome=Outcome.RETURNED, now=desk.now
    )
    assert await stage_of(desk, case) is Stage.UNSENT
    await close_item(
        desk.db, actor=desk.actor, case=case.code, position=2, outcome=Outcome.KEPT, now=desk.now
    )
    assert await stage_of(desk, case) is Stage.RECEIVED


async def test_each_filter_leaves_out_what_it_should(desk):
    other = await desk.create(deadline_on=desk.now.date() + timedelta(days=3))
    ours = await desk.add(email="ann@home.example", first_name="Ann", last_name="Ames")
    late = await desk.add(campaign=other, email="late@home.example", first_name="Bo", last_name="van Dyk")
    ended = await desk.add(email="ended@home.example")
    await desk.end(ended, Outcome.KEPT)
    await mute_case(desk.db, actor=desk.actor, case=ours.code, is_muted=True, now=desk.now)
    everybody = [ended.email, late.email, ours.email]
    assert await cases(desk) == everybody
    assert await cases(desk, is_open=True) == [late.email, ours.email]
    assert await cases(desk, campaign=desk.campaign) == [ended.email, ours.email]
    assert await cases(desk, campaign=desk.campaign, is_open=True) == [ours.email]
    assert await cases(desk, stage=Stage.ENDED) == [ended.email]
    assert await cases(desk, stage=Stage.UNSENT) == [late.email, ours.email]
    assert await cases(desk, is_overdue=True) == []
    assert await cases(desk, is_overdue=True, today=desk.now.date() + timedelta(days=4)) == [late.email]
    assert await cases(desk, is_muted=True) == [ours.email]
    assert await cases(desk, is_claimed=True) == []
    assert await cases(desk, is_uncontacted=True) == everybody
    assert await cases(desk, country_code="DE") == []


@pytest.mark.parametrize(
    "text", ["ann am", "ANN  ames", "Ames", "ann@HOME", "c02 xk", "code", "number"], ids=lambda text: text
)
async def test_a_case_is_found_by_what_is_typed(desk, text):
    item = NewItem(name="Laptop", serial_number="C02 XK1")
    case = await desk.add(item, email="ann@home.example", first_name="Ann", last_name="Ames")
    other = await desk.create()
    await desk.add(campaign=other)
    typed = {"code": case.code.lower(), "number": case.public_number}.get(text, text)
    assert await cases(desk, text=typed) == ["ann@home.example"]
    assert await cases(desk, text=typed, campaign=desk.campaign, is_open=True) == ["ann@home.example"]
    assert await cases(desk, text=typed, campaign=other) == []
    assert await cases(desk, text="a") == []
    await desk.end(case, Outcome.KEPT)
    assert await cases(desk, text=typed, is_open=True) == []


async def test_pages_follow_each_other_without_a_gap(desk):
    added = [(await desk.add()).email for _ in range(5)]
    seen, before = [], None
    while page := await browse_cases(
        desk.db, actor=desk.actor, wanted=CaseFilter(), today=desk.now.date(), before=before, limit=2
    ):
        seen += [line.email for line in page]
        before = page[-1].number
    assert seen == added[::-1]


async def test_a_campaign_counts_its_cases_by_stage(desk):
    await desk.add(shipping=Shipping.ASK)
    kept = await desk.add()
    back = await desk.add()
    await desk.end(kept, Outcome.KEPT)
    await desk.end(back, Outcome.RETURNED)
    sheet = await get_campaign_sheet(desk.db, actor=desk.actor, number=desk.campaign.public_number)
    assert sheet.progress.stages == {Stage.UNSENT: 1, Stage.ENDED: 1, Stage.RECEIVED: 1}
    assert (sheet.progress.open_count, sheet.progress.uncontacted, sheet.progress.claimed) == (1, 1, 0)
    assert sheet.countries == ("US",)
    assert [change.action for change in sheet.changes] == ["created"]
    (line,) = await browse_campaigns(
        desk.db, actor=desk.actor, wanted=CampaignFilter(text="LAPTOPS"), today=desk.now.date()
    )
    assert (line.case_count, line.open_count, line.received_count, line.ended_count) == (3, 1, 1, 1)


async def test_campaigns_are_overdue_while_something_is_open_after_their_deadline(desk):
    late = await desk.create(deadline_on=desk.now.date() + timedelta(days=1))
    case = await desk.add(campaign=late)
    tomorrow, after = (desk.now.date() + timedelta(days=days) for days in (1, 2))

    async def overdue(today):
        wanted = CampaignFilter(is_overdue=True)
        found = await browse_campaigns(desk.db, actor=desk.actor, wanted=wanted, today=today)
        return [line.name for line in found]

    assert await overdue(tomorrow) == []
    assert await overdue(after) == [late.name]
    await desk.end(case, Outcome.LOST)
    assert await overdue(after) == []


async def test_what_belongs_to_others_is_neither_listed_nor_found(desk):
    case = await desk.add(email="ann@home.example")
    theirs = Desk(await desk.world.elsewhere())
    assert await cases(theirs) == []
    assert await cases(theirs, text="ann@home") == []
    with pytest.raises(CaseUnknown):
        await get_case_sheet(theirs.db, actor=theirs.actor, ref=case.code, now=theirs.now)
    with pytest.raises(CampaignUnknown):
        await get_campaign_sheet(theirs.db, actor=theirs.actor, number=desk.campaign.public_number)
