"""Files in a folder: the default. Several hosts share them when they share the folder."""

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from backhaul.adapters.files.keys import require_key
from backhaul.adapters.files.links import Links
from backhaul.adapters.files.probing import probe
from backhaul.domain.returns.errors import FilesUnavailable, FileUnknown

Result = TypeVar("Result")

LEAST_FREE_BYTES = 1_000_000_000  # some hundred pictures


class DiskFiles:
    """Keeps each file whole or not at all, readable by the owner of the process alone."""

    def __init__(self, root: Path, links: Links, *, must_exist: bool = False) -> None:
        self.root = root
        self._links = links
        self._must_exist = must_exist  # a folder that several hosts share: missing, it is not mounted

    async def put(self, key: str, content: bytes, *, media_type: str) -> None:  # noqa: ARG002 -- links say the type
        """Write a file; one that is there already is replaced."""
        await self._do(_write, key, content)

    async def get(self, key: str) -> bytes:
        """Return a file's content, or refuse."""
        try:
            return await self._do(_read, key)
        except FileNotFoundError:
            raise FileUnknown(key=key) from None

    async def delete(self, key: str) -> None:
        """Remove a file; one that is gone stays gone."""
        await self._do(_remove, key)

    async def url(self, key: str, *, media_type: str, now: datetime) -> str:
        """Return a link to a file."""
        require_key(key)
        return await self._links.make(key, media_type=media_type, now=now)

    async def examine(self) -> str:
        """Return where files lie and how much room there is, or refuse."""
        if self._must_exist and not await asyncio.to_thread(self.root.is_dir):
            raise FilesUnavailable(reason=f"{self.root} does not exist")
        await probe(self)
        free = (await asyncio.to_thread(shutil.disk_usage, self.root)).free
        room = f"{self.root}, {free / 1e9:.1f} GB free"
        if free < LEAST_FREE_BYTES:
            raise FilesUnavailable(reason=f"{room}, which is next to nothing")
        return room

    async def _do(self, work: Callable[..., Result], key: str, *arguments: bytes) -> Result:
        require_key(key)
        try:
            return await asyncio.to_thread(work, self.root, key, *arguments)
        except FileNotFoundError:
            raise
        except OSError as error:
            reason = f"{self.root}: {error.strerror or error}"
            raise FilesUnavailable(reason=reason) from error


def _write(root: Path, key: str, content: bytes) -> None:
    final = root / key
    made = _make_folders(root, final.parent)
    descriptor, temporary = tempfile.mkstemp(dir=final.parent, prefix=".", suffix=".part")  # 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(final)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    for folder in (final.parent, *made):
        _sync(folder)


def _make_folders(root: Path, folder: Path) -> list[Path]:
    """Make what is missing of a path, each for the owner alone; return whose entries changed."""
    missing = [one for one in (folder, *folder.parents) if one.is_relative_to(root) and not one.exists()]
    if not root.exists():
        root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)
    return [one.parent for one in missing]


def _read(root: Path, key: str) -> bytes:
    # O_NOFOLLOW: should anybody put a link in place of a file, it leads nowhere.
    try:
        descriptor = os.open(root / key, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb") as file:
            return file.read()
    except (IsADirectoryError, NotADirectoryError) as folder:
        raise FileNotFoundError from folder


def _remove(root: Path, key: str) -> None:
    final = root / key
    final.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # not empty, or never made
        final.parent.rmdir()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
