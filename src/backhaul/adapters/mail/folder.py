"""The mail folder: every mail a file that mail programs open. The default; nothing leaves the machine."""

import asyncio
import os
import tempfile
from pathlib import Path

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


def keep(folder: Path, name: str, content: bytes) -> None:
    """Write a file so that it is either whole and on disk or absent, whatever happens meanwhile."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    final = folder / name
    if final.exists():
        return
    # A crash may leave this hidden file behind, never half a mail.
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name}.", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(final)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)  # the rename itself
    finally:
        os.close(descriptor)
