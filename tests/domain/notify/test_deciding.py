"""A message is decided once, together with its reason or not at all."""

import asyncio

import asyncpg
import msgspec
import pytest

from backhaul.domain import notify
from backhaul.domain.notify import jobs  # noqa: F401 -- gives the jobs their handlers
from backhaul.jobqueue.draining import drain
from backhaul.kernel.ids import new_id
from backhaul.storage.database import Scope

from .letters import LEAST, letter
from .mailers import RecordingMailer

JORDAN, KIM = "jordan@example.com", "kim@example.com"


async def decide(tx, clock, *, key="placed", to=(JORDAN,), about=None, context=None, **more):
    return await notify.decide(
        tx,
        key=key,
        template="transfers/placed",
        to=to,
        about=about or ("transfer", new_id()),
        context=context or letter(),
        at=clock.now(),
        **more,
    )


async def messages(db, scope, **more):
    async with db.read(scope) as reader:
        return await notify.list_messages(reader, scope, **more)


async def sent_by_jobs(db, clock):
    mailer = RecordingMailer()
    await drain(db, clock=clock, ports={notify.Mailer: mailer})
    return mailer.mails


@pytest.fixture
async def scope(make):
    return Scope((await make.organization()).org_id)


async def test_one_message_and_one_job_per_recipient(db, clock, scope):
    about = ("transfer", new_id())
    async with db.transaction(scope) as tx:
        ids = await decide(
            tx, clock, to=[KIM, JORDAN, "JORDAN@example.com"], about=about, reply_to="it@maas.example"
        )
    kept = await messages(db, scope, about=about)
    assert {m.id for m in kept} == set(ids)
    assert sorted(m.recipient for m in kept) == [JORDAN, KIM]
    assert all(m.internet_message_id == f"<{m.id}@backhaul.invalid>" for m in kept)
    mails = await sent_by_jobs(db, clock)
    assert sorted((m.to, m.reply_to, m.sender_name) for m in mails) == [
        (JORDAN, "it@maas.example", "Maas Biolabs via Backhaul"),
        (KIM, "it@maas.example", "Maas Biolabs via Backhaul"),
    ]


async def test_twenty_at_once_decide_one_message(db, clock, scope):
    async def once():
        async with db.transaction(scope) as tx:
            return await decide(tx, clock, to=[JORDAN, KIM])

    added = await asyncio.gather(*(once() for _ in range(20)))
    assert sorted(len(ids) for ids in added) == [0] * 19 + [2]
    assert len(await messages(db, scope)) == 2
    assert len(await sent_by_jobs(db, clock)) == 2


async def test_deciding_again_writes_only_to_those_who_are_new(db, clock, scope):
    async with db.transaction(scope) as tx:
        await decide(tx, clock, to=[JORDAN])
    async with db.transaction(scope) as tx:
        await decide(tx, clock, to=[JORDAN, KIM], context=letter(organization_name="Renamed"))
    kept = await messages(db, scope)
    assert [(m.recipient, m.sender_name) for m in kept] == [
        (KIM, "Renamed via Backhaul"),
        (JORDAN, "Maas Biolabs via Backhaul"),
    ]
    assert len(await sent_by_jobs(db, clock)) == 2


async def test_a_rollback_leaves_no_message_and_no_job(db, clock, scope):
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 -- what happens inside is the point
        async with db.transaction(scope) as tx:
            await decide(tx, clock)
            raise ZeroDivisionError
    assert await messages(db, scope) == []
    assert await sent_by_jobs(db, clock) == []


async def test_no_recipients_no_message(db, clock, scope):
    async with db.transaction(scope) as tx:
        assert await decide(tx, clock, to=[]) == []
    assert await messages(db, scope) == []


@pytest.mark.parametrize(
    "address", ["", "nobody", "kim@example.com\nBcc: x@example.org", "a b@c d", "x" * 999]
)
async def test_an_address_that_is_none_fails_visibly_and_holds_nothing_up(db, clock, scope, address):
    async with db.transaction(scope) as tx:
        await decide(tx, clock, to=[JORDAN, address], reply_to=address)
    kept = {m.status: m for m in await messages(db, scope)}
    failed = kept[notify.Status.FAILED]
    assert "is not an e-mail address we can write to" in str(failed.failure)
    assert failed.recipient.isprintable()
    [mail] = await sent_by_jobs(db, clock)
    assert (mail.to, mail.reply_to) == (JORDAN, None)


async def test_a_context_may_be_plain_values_but_must_fit(db, clock, scope):
    async with db.transaction(scope) as tx:
        assert len(await decide(tx, clock, context={"direction": "return", **LEAST})) == 1
        with pytest.raises(msgspec.ValidationError):
            await decide(tx, clock, key="other", context={"direction": "return", "typo": 1, **LEAST})


async def test_the_same_key_in_another_organization_is_another_message(db, clock, make, scope):
    other = Scope((await make.organization()).org_id)
    for tenant in (scope, other):
        async with db.transaction(tenant) as tx:
            assert len(await decide(tx, clock)) == 1
    [mine] = await messages(db, scope)
    async with db.read(other) as reader:
        with pytest.raises(notify.MessageUnknown):
            await notify.get_message(reader, other, message_id=mine.id)
        assert await reader.fetchval("SELECT count(*) FROM messages") == 1  # row-level security alone


async def test_the_database_itself_refuses_a_header_with_two_lines(db, clock, scope):
    async with db.transaction(scope) as tx:
        await decide(tx, clock)
    for column, value in (("subject", "a\nBcc: b"), ("sender_name", "a\rb"), ("recipient", "a@b\nc")):
        with pytest.raises(asyncpg.CheckViolationError):
            async with db.transaction(scope) as tx:
                await tx.execute(f"UPDATE messages SET {column} = $2 WHERE org_id = $1", scope.org_id, value)


async def test_messages_are_listed_newest_first_and_page_by_page(db, clock, scope):
    about = ("transfer", new_id())
    for number in range(5):
        async with db.transaction(scope) as tx:
            await decide(tx, clock, key=f"k{number}", about=about if number % 2 else None)
    assert [m.key for m in await messages(db, scope)] == ["k4", "k3", "k2", "k1", "k0"]
    assert [m.key for m in await messages(db, scope, about=about)] == ["k3", "k1"]
    first = await messages(db, scope, limit=2)
    assert [m.key for m in await messages(db, scope, limit=2, before=first[-1].id)] == ["k2", "k1"]
    assert await messages(db, scope, about=about, before=first[-1].id, limit=0) == []


async def test_a_message_is_read_with_its_words(db, clock, scope):
    async with db.transaction(scope) as tx:
        [message_id] = await decide(tx, clock)
    async with db.read(scope) as reader:
        message, body = await notify.get_message(reader, scope, message_id=message_id)
    assert message.subject == body.subject == "A box for your laptop is coming"
    assert body.text.startswith("Hello Jordan Miller,")
    assert body.html.startswith("<!DOCTYPE html>")
