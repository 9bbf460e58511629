"""What the folder of text messages holds, to be read, newest first."""

import asyncio
from datetime import datetime
from pathlib import Path

from backhaul.adapters.keeping import content_of, newest
from backhaul.domain.notify import KeptMail, MailUnknown, OpenedMail

_SUFFIX = ".txt"


class KeptTexts:
    """The folder of text messages as a mailbox; the words stand where a mail has its subject."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def list_kept(self, *, before: str | None, limit: int) -> list[KeptMail]:
        """Return the newest text messages, or those before a name."""
        return await asyncio.to_thread(self._listed, before, limit)

    async def open(self, name: str) -> OpenedMail:
        """Return one text message, or refuse."""
        found = await asyncio.to_thread(self._read, name)
        if found is None:
            raise MailUnknown(name=name[:100])
        return found

    def _listed(self, before: str | None, limit: int) -> list[KeptMail]:
        names = newest(self.path, _SUFFIX, before=before, limit=limit)
        return [found.mail for name in names if (found := self._read(name)) is not None]

    def _read(self, name: str) -> OpenedMail | None:
        content = content_of(self.path, name, _SUFFIX)
        if content is None:
            return None
        head, _, words = content.decode("utf-8", "replace").partition("\n\n")
        headers = tuple(
            (key, value) for key, _, value in (line.partition(": ") for line in head.splitlines())
        )
        given = dict(headers)
        words = words.rstrip("\n")
        dated = datetime.fromisoformat(given["Date"]) if "Date" in given else None
        mail = KeptMail(name=name, to=given.get("To", ""), subject=words, dated=dated)
        return OpenedMail(mail=mail, headers=headers, text=words, html="")
