"""SMTP against a real server: what the server says decides between sent, refused and try again."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from backhaul.adapters.mail import SmtpMailer, SmtpSettings, TlsMode
from backhaul.domain.notify import MailRefused, MailUnavailable

from .test_mime import mail

CERTIFICATE = str(Path(__file__).with_name("localhost.pem"))  # made for these tests, trusted by nobody else
SENDER = "box@maas.example"


class Server:
    """Answers RCPT and DATA as told, and keeps what it accepted."""

    def __init__(self) -> None:
        self.at_mail = self.at_recipient = self.at_data = "250 OK"
        self.kept: list[tuple[str, list[str], bytes]] = []

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: ARG002, N802
        envelope.mail_from = address
        return self.at_mail

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: ARG002, N802
        envelope.rcpt_tos.append(address)
        return self.at_recipient

    async def handle_DATA(self, server, session, envelope):  # noqa: ARG002, N802
        if self.at_data.startswith("2"):
            self.kept.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return self.at_data


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
async def start(server: Server) -> AsyncIterator[Callable[..., Awaitable[SmtpSettings]]]:
    running: list[asyncio.Server] = []

    async def start(
        tls: TlsMode = TlsMode.NONE, *, first_byte: ssl.SSLContext | None = None, **options: Any
    ) -> SmtpSettings:
        listening = await asyncio.get_running_loop().create_server(
            lambda: SMTP(server, **options), "127.0.0.1", 0, ssl=first_byte
        )
        running.append(listening)
        return SmtpSettings(
            host="127.0.0.1",
            port=listening.sockets[0].getsockname()[1],
            sender=SENDER,
            tls=tls,
            ca_file=CERTIFICATE,
            timeout_seconds=5.0,
        )

    yield start
    for listening in running:
        listening.close()
        await listening.wait_closed()


def server_tls() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


async def test_a_mail_arrives_whole_and_again_with_the_same_message_id(server, start):
    settings = msgspec.structs.replace(await start(), sender=f"Somebody <{SENDER}>")
    mailer = SmtpMailer(settings)
    await mailer.send(mail())
    await mailer.send(mail())
    [(sender, recipients, content), (_, _, again)] = server.kept
    assert (sender, recipients) == (SENDER, ["jordan@example.com"])
    assert content == again
    read = message_from_bytes(content, policy=policy.default)
    assert (read["Message-ID"], read["Auto-Submitted"]) == (mail().message_id, "auto-generated")
    body = read.get_body(("plain",))
    assert body.get_content().replace("\r\n", "\n") == mail().text


@pytest.mark.parametrize(
    ("place", "answer", "error"),
    [
        ("at_recipient", "550 5.1.1 no such user", MailRefused),
        ("at_recipient", "450 4.2.0 mailbox busy", MailUnavailable),
        ("at_data", "554 5.6.0 not wanted", MailRefused),
        ("at_data", "452 4.3.1 no room", MailUnavailable),
        ("at_mail", "550 5.7.1 not your address", MailUnavailable),
        ("at_mail", "451 4.3.0 later", MailUnavailable),
    ],
)
async def test_the_answer_decides_between_refused_and_later(server, start, place, answer, error):
    mailer = SmtpMailer(await start())
    setattr(server, place, answer)
    with pytest.raises(error, match=answer):
        await mailer.send(mail())
    assert server.kept == []


async def test_a_server_that_is_down_means_later(server, start):
    settings = await start()
    nobody = SmtpSettings(host="127.0.0.1", port=1, sender=SENDER, tls=TlsMode.NONE, timeout_seconds=2.0)
    with pytest.raises(MailUnavailable, match=r"127\.0\.0\.1"):
        await SmtpMailer(nobody).send(mail())
    await SmtpMailer(settings).send(mail())
    assert len(server.kept) == 1


async def test_a_server_that_hangs_means_later(start):
    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silence, "127.0.0.1", 0) as hanging:
        port = hanging.sockets[0].getsockname()[1]
        settings = SmtpSettings(
            host="127.0.0.1", port=port, sender=SENDER, tls=TlsMode.NONE, timeout_seconds=0.2
        )
        with pytest.raises(MailUnavailable):
            await SmtpMailer(settings).send(mail())


def knows(server, session, envelope, mechanism, auth_data):
    right = isinstance(auth_data, LoginPassword) and auth_data.password == b"secret"
    return AuthResult(success=right, handled=False)


async def test_starttls_and_login(server, start):
    settings = await start(
        TlsMode.STARTTLS,
        tls_context=server_tls(),
        require_starttls=True,
        authenticator=knows,
        auth_required=True,
    )
    await SmtpMailer(msgspec.structs.replace(settings, username="box", password="secret")).send(mail())
    assert len(server.kept) == 1
    with pytest.raises(MailUnavailable, match="535"):  # our setting is wrong; the mail is not to blame
        await SmtpMailer(msgspec.structs.replace(settings, username="box", password="wrong")).send(mail())
    assert len(server.kept) == 1


async def test_tls_from_the_first_byte(server, start):
    await SmtpMailer(await start(TlsMode.TLS, first_byte=server_tls())).send(mail())
    assert len(server.kept) == 1


async def test_starttls_is_required_not_merely_tried(server, start):
    with pytest.raises(MailUnavailable):
        await SmtpMailer(await start(TlsMode.STARTTLS)).send(mail())
    assert server.kept == []


async def test_a_certificate_nobody_vouches_for_is_not_trusted(server, start):
    trusting = await start(TlsMode.STARTTLS, tls_context=server_tls())
    settings = msgspec.structs.replace(trusting, ca_file=None)
    with pytest.raises(MailUnavailable):
        await SmtpMailer(settings).send(mail())
    assert server.kept == []
