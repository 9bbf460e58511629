"""Letters are looked at and tried out before anybody gets one."""

from pathlib import Path

import pytest

from backhaul.domain import notify
from backhaul.domain.identity import Role
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.notify import Channel, Status, jobs
from backhaul.jobqueue.draining import drain
from backhaul.storage import history
from backhaul.storage.database import Scope

from .mailers import RecordingMailer, RecordingTexter
from .recoveries import recovery

assert jobs  # importing it gives the jobs their handlers

KIM = "kim@example.com"


async def messages(db, actor):
    scope = Scope(actor.org_id)
    async with db.read(scope) as reader:
        return await notify.list_messages(reader, scope)


def test_every_letter_is_listed_with_its_channels_and_languages():
    listed = {one.name: (one.channels, one.locales) for one in notify.templates()}
    assert listed["recovery/reminder"] == ((Channel.EMAIL, Channel.TEXT), ("de", "en"))
    assert listed["transfers/placed"] == ((Channel.EMAIL,), ("en",))
    assert listed["webhooks/disabled"] == ((Channel.EMAIL,), ("de", "en"))
    assert len(listed) == 20
    assert not [name for name in listed if name.endswith(("words", "closing"))]


def test_every_letter_is_described():
    described = Path(__file__).parents[3].joinpath("docs/letters.md").read_text(encoding="utf-8")
    assert [one.name for one in notify.templates() if f"`{one.name}`" not in described] == []


@pytest.mark.parametrize(
    ("template", "channel", "locale"),
    [
        (one.name, channel, locale)
        for one in notify.templates()
        for channel in one.channels
        for locale in one.locales
    ],
)
def test_every_letter_can_be_looked_at(template, channel, locale):
    words = notify.preview(template, locale=locale, channel=channel)
    assert "Maas Biolabs" in words.text
    assert (words.html == "") == (channel is Channel.TEXT)


def test_a_letter_can_be_looked_at_with_values_of_ones_own():
    words = notify.preview("recovery/reminder", recovery(level=3), "de", Channel.TEXT)
    assert words.text.startswith("Maas Biolabs: Letzte Erinnerung.")


def test_what_is_no_letter_or_not_written_for_a_channel_is_refused():
    for unknown in (
        "recovery/nothing",
        "nothing",
        "recovery/words",
        "transfers/closing",
        "../recovery/reminder",
    ):
        with pytest.raises(notify.LetterUnknown):
            notify.preview(unknown)
    with pytest.raises(notify.ChannelMissing):
        notify.preview("transfers/placed", channel=Channel.TEXT)


async def test_every_test_sent_is_a_message_of_its_own_and_says_so(db, clock, make):
    actor = await make.organization()
    mailer, texter = RecordingMailer(), RecordingTexter()
    for channel, to in ((Channel.EMAIL, KIM), (Channel.EMAIL, KIM), (Channel.TEXT, "+1 415 555 0198")):
        await notify.send_test(
            db, actor=actor, template="recovery/invited", to=to, locale="de", channel=channel, now=clock.now()
        )
    await drain(db, clock=clock, ports={notify.Mailer: mailer, notify.Texter: texter})
    kept = await messages(db, actor)
    assert [message.status for message in kept] == [Status.SENT] * 3
    assert len({message.key for message in kept}) == 3
    assert {mail.subject for mail in mailer.mails} == {"[Test] Bitte zurücksenden: 2 Gegenstände"}
    [name] = {mail.sender_name for mail in mailer.mails}
    assert name.startswith("Organization ")
    assert [mail.to for mail in mailer.mails] == [KIM, KIM]
    [text] = texter.texts
    assert text.words.startswith("[Test] Organization ")
    async with db.read(Scope(actor.org_id)) as reader:
        entries = await history.of_subject(
            reader, Scope(actor.org_id), kind="message", subject_id=kept[-1].id
        )
    assert [(entry.action, entry.actor_id) for entry in entries] == [
        ("test_decided", actor.user_id),
        ("sent", None),
    ]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"to": "nobody"}, notify.RecipientRefused),
        ({"to": "4155550198", "channel": Channel.TEXT}, notify.PhoneRefused),
        ({"template": "recovery/nothing"}, notify.LetterUnknown),
        (
            {"template": "transfers/placed", "to": "+14155550198", "channel": Channel.TEXT},
            notify.ChannelMissing,
        ),
    ],
)
async def test_a_test_that_cannot_be_sent_is_refused_and_leaves_no_trace(db, clock, make, changes, refusal):
    actor = await make.organization()
    with pytest.raises(refusal):
        await notify.send_test(
            db, actor=actor, now=clock.now(), **{"template": "recovery/invited", "to": KIM, **changes}
        )
    assert await messages(db, actor) == []


async def test_whoever_does_not_manage_the_organization_sends_no_tests(db, clock, make):
    actor = await make.organization(role=Role.MEMBER)
    with pytest.raises(RightMissing):
        await notify.send_test(db, actor=actor, template="recovery/invited", to=KIM, now=clock.now())
    assert await messages(db, actor) == []
