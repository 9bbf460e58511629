"""What returns need from the outside world. One contract test holds every adapter to this."""

from datetime import datetime, timedelta
from typing import Protocol

LINK_LIVES = timedelta(hours=24)


class Files(Protocol):
    """A store of files by names of ours. Calls may take seconds: never inside a transaction.

    Every call may raise `FilesUnavailable` (repeat it). `put` of the same name and content, and `delete` of what is
    gone, may be repeated and change nothing.
    """

    async def put(self, key: str, content: bytes, *, media_type: str) -> None: ...

    async def get(self, key: str) -> bytes:
        """Return a file's content, or refuse with `FileUnknown`."""
        ...

    async def delete(self, key: str) -> None: ...

    async def url(self, key: str, *, media_type: str, now: datetime) -> str:
        """Return a link that shows the file to whoever has it, for at least `LINK_LIVES`."""
        ...

    async def examine(self) -> str:
        """Write a file, read it and remove it; return in words where files lie, or refuse with what is wrong."""
        ...


class ShownFiles(Protocol):
    """What such links lead to, where it is we who show the files."""

    async def open(
        self, key: str, *, media_type: str, until: str, proof: str, now: datetime
    ) -> tuple[str, bytes]:
        """Return a file's type and content, or refuse with `FileUnknown` what is not ours, too old or gone."""
        ...
