"""Files that are whole or absent: what the folders of mail and of text messages are made of."""

import os
import re
import tempfile
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")


def keep(folder: Path, name: str, content: bytes) -> None:
    """Write a file so that it is either whole and on disk or absent, whatever happens meanwhile."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    final = folder / name
    if final.exists():
        return
    # A crash may leave this hidden file behind, never half a message.
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


def newest(folder: Path, suffix: str, *, before: str | None, limit: int) -> list[str]:
    """Return the names of the newest files, or of those before a name. Names grow with time: they are UUIDv7."""
    try:
        names = [entry.name for entry in os.scandir(folder) if entry.name.endswith(suffix)]
    except FileNotFoundError:
        return []
    chosen = sorted((name for name in names if not name.startswith(".")), reverse=True)
    if before is not None:
        chosen = [name for name in chosen if name < before]
    return chosen[:limit]


def content_of(folder: Path, name: str, suffix: str) -> bytes | None:
    """Return a kept file, or None where there is none of this name; names with folders in them are none."""
    if not _NAME.fullmatch(name) or not name.endswith(suffix):
        return None
    try:
        return (folder / name).read_bytes()
    except OSError:
        return None


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)  # the rename itself
    finally:
        os.close(descriptor)
