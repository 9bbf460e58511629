"""Everything that anybody was written about a case is in its log, reminders told apart."""

from datetime import timedelta

import msgspec
import pytest
from tests.domain.recovery.reminding.bell import Bell

from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import Right
from backhaul.domain.notify.model import Channel
from backhaul.domain.notify.model import Status as Sent
from backhaul.domain.recovery import Shipping
from backhaul.domain.recovery.browsing import get_case_sheet
from backhaul.domain.recovery.contacting import list_logged
from backhaul.domain.recovery.errors import CaseUnknown
from backhaul.domain.recovery.person import Pages
from backhaul.domain.recovery.reminding import Skip, mute_case, remind_now
from backhaul.domain.shipping.model import Tracking
from backhaul.kernel.ids import new_id
from backhaul.storage.database import Scope

PAGES = Pages(person_page="https://maas.example/return/")
COPY_MESSAGE = """
INSERT INTO messages (org_id, id, key, channel, template, locale, subject_kind, subject_id, recipient, sender_name,
    subject, text, html, internet_message_id, status, decided_at)
SELECT m.org_id, gen_random_uuid(), 'copy ' || n, m.channel, m.template, m.locale, m.subject_kind, m.subject_id,
    m.recipient, m.sender_name, m.subject, m.text, m.html, '<' || n || '@copy.example>', 'queued',
    m.decided_at - n * interval '1 minute'
FROM messages AS m, generate_series(1, $3::integer) AS n
WHERE m.org_id = $1 AND m.subject_id = $2 AND m.template = 'recovery/invited'
"""


async def log(desk, case, **page):
    return await list_logged(desk.db, actor=desk.actor, case=case.code, **page)


async def test_letters_about_the_case_and_its_box_are_all_there_newest_first(desk):
    case = await desk.add()
    await desk.world.settle()
    (transfer,) = await desk.transfers(case)
    for status in (Tracking.IN_TRANSIT, Tracking.DELIVERED):
        desk.world.clock.advance(timedelta(hours=1))
        await desk.world.report(await desk.world.box(transfer), status)
        await desk.world.settle()
    lines = [one for one in await log(desk, case) if one.recipient == case.email]
    assert sorted(one.template for one in lines[2:]) == ["recovery/invited", "transfers/placed"]
    assert [one.template for one in lines[:2]] == ["transfers/box_delivered", "transfers/box_shipped"]
    assert [one.at for one in lines] == sorted((one.at for one in lines), reverse=True)
    assert {(one.channel, one.status, one.failure, one.reminder) for one in lines} == {
        (Channel.EMAIL, Sent.SENT, None, None)
    }
    invited = next(one for one in lines if one.template == "recovery/invited")
    assert (invited.transfer_id, invited.position, invited.subject) == (
        None,
        None,
        "Please send back your Laptop",
    )
    assert {(one.transfer_id, one.position, one.attempt) for one in lines if one is not invited} == {
        (transfer.id, 1, 1)
    }


async def test_a_reminder_is_told_apart_and_what_became_of_it_is_said(desk):
    case = await desk.add(shipping=Shipping.ASK)
    await desk.world.settle()
    desk.world.clock.advance(timedelta(hours=1))
    contact = await remind_now(desk.db, actor=desk.actor, case=case.code, pages=PAGES, now=desk.now)
    newest, invited = await log(desk, case)
    assert (newest.reminder, newest.id, newest.status) == (contact, contact.message_ids[0], Sent.QUEUED)
    assert (invited.template, invited.reminder) == ("recovery/invited", None)
    await desk.world.settle()
    assert (await log(desk, case))[0].status is Sent.SENT


async def test_a_reminder_that_was_left_out_is_there_with_its_reason(desk):
    bell = Bell(desk)
    campaign = await bell.campaign(("one", "case_opened", 3), ("two", "case_opened", 6))
    case = await bell.add(campaign=campaign, shipping=Shipping.ASK)
    await bell.live(days=5)
    await mute_case(desk.db, actor=desk.actor, case=case.code, is_muted=True, now=desk.now)
    await bell.live(days=5)
    left_out, sent, invited = await log(desk, case)
    assert (left_out.reminder.step, left_out.reminder.reason) == ("two", Skip.MUTED)
    assert (left_out.status, left_out.subject, left_out.at) == (None, None, left_out.reminder.decided_at)
    assert (sent.reminder.step, sent.reminder.reason, sent.recipient) == ("one", None, case.email)
    assert (invited.template, invited.reminder) == ("recovery/invited", None)


async def test_the_page_of_the_case_shows_the_same_in_no_further_statement(desk):
    case = await desk.add()
    await desk.world.settle()
    sheet = await get_case_sheet(desk.db, actor=desk.actor, ref=case.code, now=desk.now)
    assert list(sheet.contacts) == await log(desk, case)
    assert len(sheet.contacts) == 2


async def test_the_log_is_bounded_and_goes_on_with_the_next_page(desk):
    case = await desk.add(shipping=Shipping.ASK)
    await desk.world.settle()
    async with desk.db.transaction(Scope(desk.actor.org_id)) as tx:
        await tx.execute(COPY_MESSAGE, desk.actor.org_id, case.id, 250)
    first, second, third = [await log(desk, case, page=page) for page in (1, 2, 3)]
    assert [len(page) for page in (first, second, third)] == [200, 51, 0]
    assert len({one.id for one in first + second}) == 251
    sheet = await get_case_sheet(desk.db, actor=desk.actor, ref=case.code, now=desk.now)
    assert list(sheet.contacts) == first[:100]


async def test_others_see_nothing_of_it(desk, world):
    case = await desk.add()
    await world.settle()
    with pytest.raises(CaseUnknown):
        await list_logged(desk.db, actor=await world.make.organization(), case=case.code)
    blind = msgspec.structs.replace(desk.actor, rights=frozenset({Right.TRANSFERS_READ}))
    with pytest.raises(RightMissing):
        await list_logged(desk.db, actor=blind, case=case.code)
    with pytest.raises(CaseUnknown):
        await list_logged(desk.db, actor=desk.actor, case=f"{new_id()}")
