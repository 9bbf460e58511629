"""A message is sent by a job: repeated while the mailer is away, given up when it is refused."""

from datetime import timedelta

import pytest

from backhaul.adapters.mail import MailFolder
from backhaul.domain import notify
from backhaul.domain.notify import jobs
from backhaul.jobqueue import OUTAGE, Run
from backhaul.jobqueue.draining import drain
from backhaul.kernel.ids import new_id
from backhaul.storage import history
from backhaul.storage.database import Scope

from .letters import letter
from .mailers import CrashingAfter, FailingMailer, RecordingMailer


@pytest.fixture
async def scope(make):
    return Scope((await make.organization()).org_id)


@pytest.fixture
async def message_id(db, clock, scope):
    async with db.transaction(scope) as tx:
        [added] = await notify.decide(
            tx,
            key="placed",
            template="transfers/placed",
            to=["jordan@example.com"],
            about=("transfer", new_id()),
            context=letter(),
            at=clock.now(),
        )
    return added


@pytest.fixture
def read(db, scope, message_id):
    async def read():
        async with db.read(scope) as reader:
            return (await notify.get_message(reader, scope, message_id=message_id))[0]

    return read


@pytest.fixture
def run_job(db, clock, scope, message_id):
    async def run_job(mailer):
        await jobs.send(Run(db, clock, {notify.Mailer: mailer}), org_id=scope.org_id, message_id=message_id)

    return run_job


@pytest.fixture
def work(db, clock):
    async def work(mailer):
        return await drain(db, clock=clock, ports={notify.Mailer: mailer})

    return work


async def test_a_message_is_sent_once(clock, read, run_job, work):
    mailer = RecordingMailer()
    await work(mailer)
    await run_job(mailer)
    message = await read()
    assert (message.status, message.attempts, message.sent_at) == (notify.Status.SENT, 1, clock.now())
    [mail] = mailer.mails
    assert mail.message_id == message.internet_message_id
    assert mail.headers == (("Auto-Submitted", "auto-generated"),)


async def test_history_names_the_sending(db, scope, message_id, work):
    await work(RecordingMailer())
    async with db.read(scope) as reader:
        [entry] = await history.of_subject(reader, scope, kind="message", subject_id=message_id)
    assert (entry.action, entry.change["status"]) == ("sent", ["queued", "sent"])


async def test_a_crash_before_the_note_still_leaves_one_file(read, run_job, work, tmp_path):
    folder = MailFolder(tmp_path / "mail")
    with pytest.raises(RuntimeError):
        await run_job(CrashingAfter(folder))
    assert (await read()).status is notify.Status.QUEUED
    [before] = [(path.name, path.stat().st_mtime_ns) for path in folder.path.iterdir()]
    await work(folder)
    assert (await read()).status is notify.Status.SENT
    assert [(path.name, path.stat().st_mtime_ns) for path in folder.path.iterdir()] == [before]


async def test_while_the_mailer_is_away_the_same_mail_is_tried_again(clock, read, work):
    away = FailingMailer()
    for tries in (1, 2, 3):
        await work(away)
        message = await read()
        assert (message.status, message.attempts) == (notify.Status.QUEUED, tries)
        assert message.failure == "the server is down"
        clock.advance(timedelta(hours=1))
    back = RecordingMailer()
    await work(back)
    message = await read()
    assert (message.status, message.attempts, message.failure) == (notify.Status.SENT, 4, None)
    assert away.mails + back.mails == [back.mails[0]] * 4


async def test_a_mailer_that_stays_away_leaves_the_message_queued_and_the_job_parked(clock, read, work):
    for _ in range(OUTAGE.attempts + 2):
        await work(FailingMailer())
        clock.advance(timedelta(hours=2))
    message = await read()
    assert (message.status, message.attempts) == (notify.Status.QUEUED, OUTAGE.attempts)


async def test_a_refused_mail_has_failed_for_good(clock, read, work):
    await work(FailingMailer(notify.MailRefused(reason="550 no such user " + "x" * 1000)))
    message = await read()
    assert message.status is notify.Status.FAILED
    assert str(message.failure).startswith("550 no such user")
    assert len(str(message.failure)) == 500
    clock.advance(timedelta(days=1))
    later = RecordingMailer()
    await work(later)
    assert later.mails == []


async def test_a_slower_run_changes_nothing(read, run_job):
    class Overtaken(RecordingMailer):
        async def send(self, mail):  # noqa: ARG002 -- the port's signature
            await run_job(RecordingMailer())
            raise notify.MailRefused(reason="554 duplicate")

    await run_job(Overtaken())
    message = await read()
    assert (message.status, message.attempts, message.failure) == (notify.Status.SENT, 1, None)
