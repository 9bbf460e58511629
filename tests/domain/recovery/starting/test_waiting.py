"""Before its campaign starts a case waits: nothing is sent, ordered, charged or written, and none of it is urgent."""

import pytest
from tests.domain.recovery.starting.dawn import DAY, START

from backhaul.domain import radar
from backhaul.domain.overview import get_progress
from backhaul.domain.recovery import Outcome, Shipping, get_case, person, reminding
from backhaul.domain.recovery.person import Choice
from backhaul.domain.recovery.reminding.errors import ReminderRefused
from backhaul.domain.recovery.starting import CaseWaiting
from backhaul.domain.recovery.status import Shown


@pytest.mark.parametrize("shipping", list(Shipping))
async def test_nothing_reaches_anybody_before_the_day(dawn, shipping):
    label = {"callback_url": "https://hr.example/labels"} if shipping is Shipping.LABEL else {}
    case = await dawn.add(shipping=shipping, **label)
    await dawn.works()
    await dawn.passes(days=6)
    assert await dawn.reached() == {}
    found = await get_case(dawn.db, actor=dawn.actor, ref=case.public_number)
    assert found.detail.status is Shown.ORDER_RECEIVED  # the contract's first, as for whoever was just added
    assert (found.detail.parcels, found.detail.case.is_waiting) == ((), True)
    assert await dawn.past(case) == ["added"]
    assert await radar.list_exceptions(dawn.db, actor=dawn.actor) == []


async def test_whoever_is_added_once_it_has_begun_is_asked_at_once(dawn):
    await dawn.passes(days=8)
    case = await dawn.add()
    await dawn.works()
    assert (case.begins_at, case.opened_at) == (None, dawn.now)
    assert await dawn.past(case) == ["opened"]
    assert await dawn.invited() == {case.email: dawn.now}
    assert len(await dawn.desk.transfers(case)) == 1


async def test_what_would_send_or_write_is_refused_while_it_waits(dawn):
    case = await dawn.add(shipping=Shipping.ASK)
    given = {"db": dawn.db, "actor": dawn.actor, "case": case.public_number, "now": dawn.now}
    async with dawn.desk.refuses(CaseWaiting) as refused:
        await person.make_link(**given, pages=dawn.bell.pages)
    assert refused.value.text == (
        f"Nothing is sent for {case.code} before its campaign starts on {START}. "
        "Wait, or start the campaign now."
    )
    async with dawn.desk.refuses(CaseWaiting):
        await person.choose_for(**given, choice=Choice.KIT)
    async with dawn.desk.refuses(ReminderRefused) as refused_reminder:
        await reminding.remind_now(**given, pages=dawn.bell.pages)
    assert f"its campaign does not start before {START}" in refused_reminder.value.text


async def test_a_change_of_the_ladder_wakes_nobody_who_waits(dawn):
    ladder = await dawn.bell.ladder(("at once", "case_opened", 0))
    await dawn.campaign(ladder=ladder.name)
    case = await dawn.add()
    given = {"db": dawn.db, "actor": dawn.actor, "case": case.public_number}
    await reminding.mute_case(**given, is_muted=True, now=dawn.now)  # so that there is a row to wake
    await reminding.mute_case(**given, is_muted=False, now=dawn.now)
    await dawn.starts(START + 90 * DAY)
    await dawn.passes(days=30)
    assert await dawn.reached() == {}


@pytest.mark.parametrize("outcome", [Outcome.CANCELLED, Outcome.LOST, Outcome.KEPT])
async def test_who_is_settled_while_waiting_is_never_written_to(dawn, outcome):
    case = await dawn.add()
    await dawn.desk.end(case, outcome)
    await dawn.passes(days=30)
    assert await dawn.reached() == {}
    assert sorted(await dawn.past(case)) == ["added", "ended", f"item_{outcome.value}"]
    assert await dawn.opened() == []


async def test_home_counts_how_long_a_case_is_open_from_its_beginning(dawn):
    async def ages():
        found = await get_progress(dawn.db, actor=dawn.actor, now=dawn.now)
        return found.ages, found.open_cases

    await dawn.starts(START + 20 * DAY)
    await dawn.add()
    await dawn.desk.add()
    await dawn.passes(days=26)
    assert await ages() == ((0, 0, 1, 0, 0), 1)
    await dawn.passes(days=3)
    assert await ages() == ((1, 0, 1, 0, 0), 2)
