"""A mail as bytes: one header per line whatever the values say, and the same bytes every time."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.adapters.mail.mime import build, message_name, sender_address
from backhaul.domain.notify import Mail, MailRefused

SENDER = "box@maas.example"


def mail(**changes: Any) -> Mail:
    values: dict[str, Any] = {
        "message_id": "<0196-abc@backhaul.invalid>",
        "sender_name": "Maas Biolabs via Backhaul",
        "to": "jordan@example.com",
        "subject": "A box for your laptop is coming",
        "text": "Hello Jordan,\n\n.a dot\nFrom the beginning\n-- \nmaas\n",
        "html": "<p>Hello Jörg</p>",
        "dated": datetime(2026, 5, 4, 9, tzinfo=UTC),
    }
    return Mail(**{**values, **changes})


def read(content: bytes) -> EmailMessage:
    parsed = message_from_bytes(content, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_a_mail_reads_back_as_it_was_written():
    built = read(build(mail(reply_to="it@maas.example"), sender=SENDER).as_bytes())
    assert dict(built.items()) == {
        "From": "Maas Biolabs via Backhaul <box@maas.example>",
        "To": "jordan@example.com",
        "Reply-To": "it@maas.example",
        "Subject": "A box for your laptop is coming",
        "Date": "Mon, 04 May 2026 09:00:00 +0000",
        "Message-ID": "<0196-abc@backhaul.invalid>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": built["Content-Type"],
    }
    assert built.get_content_type() == "multipart/alternative"
    text, html = built.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().replace("\r\n", "\n") == mail().text
    assert html.get_content().strip() == mail().html


def test_the_same_mail_gives_the_same_bytes():
    assert build(mail(), sender=SENDER).as_bytes() == build(mail(), sender=SENDER).as_bytes()


def test_lines_are_short_and_seven_bit():
    long = mail(subject="Grüße 👩‍💻 und mehr" * 9, text="wort " * 500, html="<p>" + "ü" * 3000 + "</p>")
    content = build(long, sender=SENDER).as_bytes()
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert read(content)["Subject"] == long.subject


@pytest.mark.parametrize("sign", ["\n", "\r", "\r\n", "\x00", "\x0b", "\x85", "\u2028", "\ud800"])
@pytest.mark.parametrize("field", ["subject", "sender_name", "to", "reply_to", "message_id"])
def test_a_line_end_in_a_header_is_refused(field, sign):
    good = getattr(mail(reply_to="it@maas.example"), field)
    bad = mail(**{field: f"{good}{sign}Bcc: all@example.org"})
    with pytest.raises(MailRefused):
        build(bad, sender=SENDER)


def test_other_headers_are_checked_too():
    for header in (("X\r\nBcc", "y"), ("X-A", "a\nb"), ("", "x"), ("X:", "x")):
        with pytest.raises(MailRefused):
            build(mail(headers=(header,)), sender=SENDER)


@pytest.mark.parametrize("address", ["", "jordan", "a@b, c@d", "a@b <c@d>", "@", "jordan@", "<>"])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(MailRefused):
        build(mail(to=address), sender=SENDER)


@given(
    subject=st.text(min_size=1, max_size=200),
    name=st.text(min_size=1, max_size=90),
)
def test_no_value_ever_adds_a_header(subject, name):
    try:
        content = build(mail(subject=subject, sender_name=name), sender=SENDER).as_bytes()
    except MailRefused:
        return
    assert content.isascii()
    built = read(content)
    assert sorted(built.keys()) == [
        "Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To",
    ]  # fmt: skip
    assert [address.addr_spec for address in built["From"].addresses] == [SENDER]


@pytest.mark.parametrize("value", ["../../etc/passwd", "<../x@y>", "<a b@c>", "<@c>", "<.x@y>", "a@b", ""])
def test_only_a_message_id_of_ours_becomes_a_file_name(value):
    with pytest.raises(MailRefused):
        message_name(mail(message_id=value))


def test_a_sender_may_be_set_with_a_name():
    assert sender_address("Backhaul <no-reply@maas.example>") == sender_address("no-reply@maas.example")


@pytest.mark.parametrize("written", ["", "Backhaul", "Backhaul <>", "böx@maas.example", "a\nb@c"])
def test_a_sender_that_is_none_is_said_at_the_start(written):
    with pytest.raises(ValueError, match="is not an address to send mail from"):
        sender_address(written)
