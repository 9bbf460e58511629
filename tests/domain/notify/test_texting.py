"""A text message is decided once like a mail, and carried by somebody else."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from backhaul.adapters.texting import TextFolder
from backhaul.domain import notify
from backhaul.domain.notify import Channel, Status, jobs
from backhaul.jobqueue import Run
from backhaul.jobqueue.draining import drain
from backhaul.kernel.ids import new_id
from backhaul.storage.database import Scope

from .mailers import CrashingAfter, RecordingMailer, RecordingTexter
from .recoveries import LEAST, PAGE, recovery

MOBILE = "+14155550198"


async def decide(tx, clock, *, key="reminder:3", to=(MOBILE,), context=None, channel=Channel.TEXT, **more):
    return await notify.decide(
        tx,
        key=key,
        template="recovery/reminder",
        to=to,
        about=("case", new_id()),
        context=context or recovery(),
        at=clock.now(),
        channel=channel,
        **more,
    )


async def send(db, clock, texter, scope, message_id):
    run = Run(db, clock, {notify.Texter: texter})
    await jobs.send(run, org_id=scope.org_id, message_id=message_id)


@pytest.fixture
async def scope(make):
    return Scope((await make.organization()).org_id)


@pytest.fixture
def messages(db, scope):
    async def messages():
        async with db.read(scope) as reader:
            return await notify.list_messages(reader, scope)

    return messages


@pytest.fixture
def work(db, clock):
    async def work(texter):
        mailer = RecordingMailer()
        await drain(db, clock=clock, ports={notify.Mailer: mailer, notify.Texter: texter})
        return mailer.mails

    return work


async def test_a_text_message_is_decided_and_carried_once(db, clock, scope, messages, work):
    async with db.transaction(scope) as tx:
        [message_id] = await decide(tx, clock, to=[MOBILE, "+1 (415) 555-0198"], reply_to="it@maas.example")
    async with db.transaction(scope) as tx:
        assert await decide(tx, clock, context=recovery(organization_name="Renamed")) == []
    [message] = await messages()
    assert (message.id, message.channel, message.recipient) == (message_id, Channel.TEXT, MOBILE)
    assert (message.reply_to, message.locale, message.status) == (None, "en", Status.QUEUED)
    texter = RecordingTexter()
    assert await work(texter) == []
    await work(texter)
    [text] = texter.texts
    assert (text.message_id, text.to, text.dated) == (message.internet_message_id, MOBILE, message.decided_at)
    assert text.words == (
        "Maas Biolabs is still waiting for your 3 items. Please hand them over by Friday, 12 June 2026. "
        f"How: {PAGE}"
    )
    [sent] = await messages()
    assert (sent.status, sent.attempts, sent.sent_at) == (Status.SENT, 1, clock.now())


async def test_twenty_at_once_decide_one_text_message(db, clock, scope, messages, work):
    async def once():
        async with db.transaction(scope) as tx:
            return await decide(tx, clock)

    added = await asyncio.gather(*(once() for _ in range(20)))
    assert sorted(len(ids) for ids in added) == [0] * 19 + [1]
    texter = RecordingTexter()
    await work(texter)
    assert (len(await messages()), len(texter.texts)) == (1, 1)


async def test_one_occasion_may_be_told_by_mail_and_by_text(db, clock, scope, messages, work):
    async with db.transaction(scope) as tx:
        await decide(tx, clock)
        await decide(tx, clock, to=["jordan@example.com"], channel=Channel.EMAIL)
    texter = RecordingTexter()
    [mail] = await work(texter)
    assert (mail.to, [text.to for text in texter.texts]) == ("jordan@example.com", [MOBILE])
    assert [(m.channel, m.status) for m in await messages()] == [
        (Channel.EMAIL, Status.SENT),
        (Channel.TEXT, Status.SENT),
    ]


async def test_a_number_without_plus_is_read_in_the_country_it_is_said_to_be_in(db, clock, scope, messages):
    async with db.transaction(scope) as tx:
        await decide(tx, clock, to=["0171 1234567"], region="DE", locale="de-DE")
    [message] = await messages()
    assert (message.recipient, message.locale, message.status) == ("+491711234567", "de", Status.QUEUED)


@pytest.mark.parametrize(
    "case",
    [
        ("4155550198", "which country it is in"),
        ("+49 30 123456", "does not use it for mobile telephones"),
        ("jordan@example.com", "it needs 4 to 40 digits"),
        ("+1\n415", "it needs 4 to 40 digits"),
    ],
)
async def test_a_number_that_is_none_fails_visibly_and_holds_nothing_up(db, clock, scope, messages, case):
    number, reason = case
    async with db.transaction(scope) as tx:
        await decide(tx, clock, to=[MOBILE, number])
    kept = {message.status: message for message in await messages()}
    assert reason in str(kept[Status.FAILED].failure)
    assert kept[Status.FAILED].recipient.isprintable()
    assert kept[Status.QUEUED].recipient == MOBILE


async def test_while_nobody_carries_text_messages_the_same_one_is_tried_again(
    db, clock, scope, messages, work
):
    async with db.transaction(scope) as tx:
        await decide(tx, clock)
    away = RecordingTexter(notify.TextUnavailable(reason="the gateway is down"))
    for tries in (1, 2):
        await work(away)
        [message] = await messages()
        assert (message.status, message.attempts, message.failure) == (
            Status.QUEUED,
            tries,
            "the gateway is down",
        )
        clock.advance(timedelta(hours=1))
    back = RecordingTexter()
    await work(back)
    [message] = await messages()
    assert (message.status, message.attempts, message.failure) == (Status.SENT, 3, None)
    assert away.texts + back.texts == [back.texts[0]] * 3


async def test_a_crash_before_the_note_still_leaves_one_file(db, clock, scope, messages, tmp_path):
    async with db.transaction(scope) as tx:
        [message_id] = await decide(tx, clock)
    folder = TextFolder(tmp_path / "texts")
    with pytest.raises(RuntimeError):
        await send(db, clock, CrashingAfter(folder), scope, message_id)
    assert [message.status for message in await messages()] == [Status.QUEUED]
    [before] = [(path.name, path.stat().st_mtime_ns) for path in folder.path.iterdir()]
    await send(db, clock, folder, scope, message_id)
    assert [message.status for message in await messages()] == [Status.SENT]
    assert [(path.name, path.stat().st_mtime_ns) for path in folder.path.iterdir()] == [before]


async def test_a_refused_text_message_has_failed_for_good(db, clock, scope, messages, work):
    async with db.transaction(scope) as tx:
        await decide(tx, clock)
    await work(RecordingTexter(notify.TextRefused(reason="the number has opted out")))
    [message] = await messages()
    assert (message.status, message.failure) == (Status.FAILED, "the number has opted out")
    clock.advance(timedelta(days=1))
    later = RecordingTexter()
    await work(later)
    assert later.texts == []


async def test_a_context_of_plain_values_is_read_as_its_letters_family(db, clock, scope, messages):
    async with db.transaction(scope) as tx:
        await decide(tx, clock, context={**LEAST, "items": ["Laptop"], "deadline_on": "2026-06-12"})
        with pytest.raises(notify.LetterUnknown):
            await notify.decide(
                tx, key="k", template="nothing/at_all", to=[MOBILE], about=("case", new_id()), context=LEAST,
                at=clock.now(), channel=Channel.TEXT,
            )  # fmt: skip
    [message] = await messages()
    assert message.subject == "A reminder: please send back your Laptop"


async def test_the_database_itself_keeps_addresses_and_numbers_apart(db, clock, scope):
    async with db.transaction(scope) as tx:
        await decide(tx, clock)
    for change in (
        "channel = 'email'",
        "channel = 'fax'",
        "recipient = 'a@b.example'",
        "recipient = '4155550198'",
    ):
        with pytest.raises(asyncpg.CheckViolationError):
            async with db.transaction(scope) as tx:
                await tx.execute(f"UPDATE messages SET {change} WHERE org_id = $1", scope.org_id)
