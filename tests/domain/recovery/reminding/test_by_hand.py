"""Somebody is reminded now, besides what the ladder says: once a day, and kept as evidence."""

from datetime import timedelta

import pytest
from tests.domain.recovery.desk import Desk

from backhaul.domain.recovery import Outcome, Shipping
from backhaul.domain.recovery.person import Pages
from backhaul.domain.recovery.reminding import ContactOutcome, list_contacts, mute_case, remind_now
from backhaul.domain.recovery.reminding.errors import ReminderRefused

PAGES = Pages(person_page="https://maas.example/return/")


@pytest.fixture
async def desk(world):
    return await Desk(world).furnished()


async def remind(desk, case):
    return await remind_now(desk.db, actor=desk.actor, case=case.code, pages=PAGES, now=desk.now)


async def test_the_reminder_is_sent_and_kept(desk):
    case = await desk.add(shipping=Shipping.ASK)
    await desk.world.settle()
    contact = await remind(desk, case)
    await desk.world.settle()
    (kept,) = await list_contacts(desk.db, actor=desk.actor, case=case.code)
    assert kept == contact
    assert (kept.step, kept.recipient, kept.outcome) == ("by hand", case.email, ContactOutcome.SENT)
    assert len(kept.message_ids) == 1


async def test_twice_on_one_day_is_refused_and_the_next_day_is_not(desk):
    case = await desk.add(shipping=Shipping.ASK)
    await desk.world.settle()
    await remind(desk, case)
    async with desk.refuses(ReminderRefused) as refused:
        await remind(desk, case)
    assert "were reminded by hand today already" in str(refused.value)
    desk.world.clock.advance(timedelta(days=1))
    await remind(desk, case)
    assert len(await list_contacts(desk.db, actor=desk.actor, case=case.code)) == 2


async def test_muted_and_closed_cases_are_not_reminded(desk):
    muted, closed = await desk.add(shipping=Shipping.ASK), await desk.add(shipping=Shipping.ASK)
    await mute_case(desk.db, actor=desk.actor, case=muted.code, is_muted=True, now=desk.now)
    await desk.end(closed, Outcome.KEPT)
    for case, why in ((muted, "its reminders are muted"), (closed, "nothing is expected any more")):
        async with desk.refuses(ReminderRefused) as refused:
            await remind(desk, case)
        assert str(refused.value) == f"The person of {case.code} was not reminded: {why}."
