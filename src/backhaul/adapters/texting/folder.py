"""The folder of text messages: every one a file to look at. Nothing leaves the machine."""

import asyncio
import re
from pathlib import Path

from backhaul.adapters.keeping import keep
from backhaul.domain.notify import Text, TextRefused, TextUnavailable

_MESSAGE_ID = re.compile(r"<([A-Za-z0-9][A-Za-z0-9._-]{0,99})@[A-Za-z0-9.-]{1,100}>")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


class TextFolder:
    """Keeps each text message exactly once, as `<message id>.txt`, readable by the owner of the process alone."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def send(self, text: Text) -> None:
        """Write the message, complete or not at all; one that is there already stays as it is."""
        found = _MESSAGE_ID.fullmatch(text.message_id)
        if found is None:
            raise TextRefused(reason="its id is not one of ours")
        if not _NUMBER.fullmatch(text.to) or not text.words:
            raise TextRefused(reason="it has no number in E.164, or no words")
        content = f"To: {text.to}\nDate: {text.dated.isoformat()}\n\n{text.words}\n"
        try:
            await asyncio.to_thread(keep, self.path, f"{found[1]}.txt", content.encode())
        except OSError as error:
            reason = f"the folder {self.path} cannot be written: {error.strerror or error}"
            raise TextUnavailable(reason=reason) from error
