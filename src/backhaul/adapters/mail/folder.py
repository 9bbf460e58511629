"""The mail folder: every mail a file that mail programs open. The default; nothing leaves the machine."""

import asyncio
from pathlib import Path

from backhaul.adapters.keeping import keep
from backhaul.adapters.mail.mime import build, message_name, sender_address
from backhaul.domain.notify import Mail, MailUnavailable

DEFAULT_SENDER = "backhaul@localhost"


class MailFolder:
    """Keeps each mail exactly once, as `<message id>.eml`, readable by the owner of the process alone."""

    def __init__(self, path: Path, *, sender: str = DEFAULT_SENDER) -> None:
        self.path = path
        self._sender = sender_address(sender)

    async def send(self, mail: Mail) -> None:
        """Write the mail, complete or not at all; a mail that is there already stays as it is."""
        name = f"{message_name(mail)}.eml"
        content = build(mail, sender=self._sender).as_bytes()
        try:
            await asyncio.to_thread(keep, self.path, name, content)
        except OSError as error:
            reason = f"the mail folder {self.path} cannot be written: {error.strerror or error}"
            raise MailUnavailable(reason=reason) from error
