"""Files that are whole or absent: what the folders of mail and of text messages are made of."""

import os
import tempfile
from pathlib import Path


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


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)  # the rename itself
    finally:
        os.close(descriptor)
