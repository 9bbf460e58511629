"""What notify needs from outside: somebody who carries mail, somebody who carries text messages."""

from datetime import datetime
from typing import Protocol

import msgspec


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """One mail, ready to travel. Sending the same one again must not change a byte of it."""

    message_id: str  # RFC 5322, with angle brackets
    sender_name: str  # the address is the mailer's: an account may write only in its own name
    to: str
    reply_to: str | None = None
    subject: str
    text: str
    html: str
    dated: datetime
    headers: tuple[tuple[str, str], ...] = (
        ("Auto-Submitted", "auto-generated"),
    )  # RFC 3834: no auto-replies


class Mailer(Protocol):
    """A way to hand mail over. May take seconds: never inside a transaction.

    Raises `MailUnavailable` (send it again) or `MailRefused` (do not). The same mail may be sent again after
    a crash; a mailer that can recognise it by `message_id` does nothing the second time.
    """

    async def send(self, mail: Mail) -> None: ...


class KeptMail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that was kept instead of sent, as a list shows it."""

    name: str  # what it is found by
    to: str
    subject: str
    dated: datetime | None


class OpenedMail(msgspec.Struct, frozen=True, kw_only=True):
    """A kept mail to read: its headers and its two bodies. A text message has no second one."""

    mail: KeptMail
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str


class Mailbox(Protocol):
    """What a simulator kept, to be looked at. Reads files: never inside a transaction."""

    async def list_kept(self, *, before: str | None, limit: int) -> list[KeptMail]:
        """Return the newest, or those before a name."""
        ...

    async def open(self, name: str) -> OpenedMail:
        """Return one, or refuse with `MailUnknown`."""
        ...


class Mailboxes(msgspec.Struct, frozen=True):
    """The simulators of this installation; None where the real thing is set up."""

    mail: Mailbox | None
    texts: Mailbox | None


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """One text message, ready to travel. Sending the same one again must not change a byte of it."""

    message_id: str  # as a mail's: what a gateway knows a repeat by
    to: str  # E.164
    words: str
    dated: datetime


class Texter(Protocol):
    """A way to hand text messages over, under the same terms as `Mailer`.

    Raises `TextUnavailable` (send it again) or `TextRefused` (do not).
    """

    async def send(self, text: Text) -> None: ...
