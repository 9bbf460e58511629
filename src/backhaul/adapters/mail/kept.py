"""What the mail folder holds, to be read: newest first, headers of a page only, bodies when one is opened."""

import asyncio
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from backhaul.adapters.keeping import content_of, newest
from backhaul.domain.notify import KeptMail, MailUnknown, OpenedMail

_SUFFIX = ".eml"


class KeptMails:
    """The mail folder as a mailbox."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def list_kept(self, *, before: str | None, limit: int) -> list[KeptMail]:
        """Return the newest mails, or those before a name."""
        return await asyncio.to_thread(self._listed, before, limit)

    async def open(self, name: str) -> OpenedMail:
        """Return one mail with its bodies, or refuse."""
        message = await asyncio.to_thread(self._read, name)
        if message is None:
            raise MailUnknown(name=name[:100])
        return OpenedMail(
            mail=_shown(name, message),
            headers=tuple((header, str(value)) for header, value in message.items()),
            text=_body(message, "plain"),
            html=_body(message, "html"),
        )

    def _listed(self, before: str | None, limit: int) -> list[KeptMail]:
        names = newest(self.path, _SUFFIX, before=before, limit=limit)
        return [_shown(name, found) for name in names if (found := self._read(name)) is not None]

    def _read(self, name: str) -> EmailMessage | None:
        content = content_of(self.path, name, _SUFFIX)
        if content is None:
            return None
        message = message_from_bytes(content, policy=SMTP)
        assert isinstance(message, EmailMessage)
        return message


def _shown(name: str, message: EmailMessage) -> KeptMail:
    dated = message["Date"]
    at: datetime | None = None if dated is None else dated.datetime
    return KeptMail(name=name, to=str(message["To"] or ""), subject=str(message["Subject"] or ""), dated=at)


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return "" if part is None else str(part.get_content())
