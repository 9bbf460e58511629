"""SMTP: mail leaves through a mail server, at least once: a crash may repeat a mail, never its Message-ID."""

import ssl
from enum import StrEnum

import aiosmtplib
import msgspec

from backhaul.adapters.mail.mime import build, sender_address
from backhaul.domain.notify import Mail, MailRefused, MailUnavailable

_PERMANENT = 500  # RFC 5321 §4.2.1: 5yz is final, 4yz may be tried again


class TlsMode(StrEnum):
    """How the connection is protected."""

    TLS = "tls"  # from the first byte (port 465)
    STARTTLS = "starttls"  # required, not merely tried (port 587)
    NONE = "none"  # for a server on the same machine


class SmtpSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The mail server, and the address it lets us write from."""

    host: str
    port: int = 587
    sender: str  # may be written with a name, `Backhaul <box@example.com>`
    username: str | None = None
    password: str | None = None
    tls: TlsMode = TlsMode.STARTTLS
    ca_file: str | None = None  # a certificate authority of one's own; None means the system's
    timeout_seconds: float = 30.0  # for each step of the conversation


class SmtpMailer:
    """Opens one connection per mail: mails are few and far between, and a kept connection breaks unseen."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._sender = sender_address(settings.sender)
        self._tls: ssl.SSLContext | None = None
        if settings.tls is not TlsMode.NONE:
            self._tls = ssl.create_default_context(cafile=settings.ca_file)

    async def send(self, mail: Mail) -> None:
        """Hand the mail to the server; tell a refusal of this mail (final) from trouble of ours (repeat)."""
        content = build(mail, sender=self._sender).as_bytes()
        try:
            async with self._client() as client:
                await client.sendmail(self._sender, [mail.to], content)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _refusal(refused.recipients[0]) from refused
        except aiosmtplib.SMTPDataError as refused:
            raise _refusal(refused) from refused
        except (aiosmtplib.SMTPException, OSError) as error:
            # A refused login or sender is our setting's fault: the mail waits until it is mended.
            raise MailUnavailable(reason=f"{self._settings.host}: {_said(error)}") from error

    def _client(self) -> aiosmtplib.SMTP:
        settings = self._settings
        return aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.username,
            password=settings.password,
            use_tls=settings.tls is TlsMode.TLS,
            start_tls=settings.tls is TlsMode.STARTTLS,
            tls_context=self._tls,
            timeout=settings.timeout_seconds,
        )


def _refusal(error: aiosmtplib.SMTPResponseException) -> MailRefused | MailUnavailable:
    kind = MailRefused if error.code >= _PERMANENT else MailUnavailable
    return kind(reason=_said(error))


def _said(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {' '.join(error.message.split())}"
    return str(error) or type(error).__name__
