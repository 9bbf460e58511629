"""Advisory locks on files. They vanish with their holder, however it dies, and need no process number.

`flock`, not `fcntl`: it belongs to the open file, so a program started with the descriptor keeps it, and
closing some other descriptor of the same file does not drop it.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backhaul.storage.embedded.errors import FolderNotWritable, StartBusy

_POLL_SECONDS = 0.02


def open_lock(path: Path) -> int:
    """Open the lock file, owned by the owner of its folder: root may start what that owner continues."""
    folder = path.parent.stat()
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as failure:
        raise FolderNotWritable(folder=path.parent, reason=failure.strerror) from failure
    if os.fstat(descriptor).st_uid != folder.st_uid:
        os.fchown(descriptor, folder.st_uid, folder.st_gid)
    return descriptor


def try_exclusive(descriptor: int) -> bool:
    """Take the lock alone if nobody else has it; a shared hold of our own is given up for it either way."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def share(path: Path) -> int:
    """Take a shared hold and return its descriptor."""
    descriptor = open_lock(path)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def release(descriptor: int) -> None:
    """Give the lock up for every copy of the descriptor, a forked child's included."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)


def is_held(path: Path) -> bool:
    """Say whether anybody holds the lock."""
    descriptor = open_lock(path)
    try:
        return not try_exclusive(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def exclusive(path: Path, *, timeout_seconds: float) -> Iterator[None]:
    """Hold the lock alone, waiting for others up to `timeout_seconds`, then refuse with `StartBusy`."""
    descriptor = open_lock(path)
    give_up_at = time.monotonic() + timeout_seconds
    while not try_exclusive(descriptor):
        if time.monotonic() > give_up_at:
            os.close(descriptor)
            raise StartBusy(lock=path, seconds=timeout_seconds)
        time.sleep(_POLL_SECONDS)
    try:
        yield
    finally:
        release(descriptor)
