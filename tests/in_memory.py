"""Folders of a run in memory, where Linux offers that: making a database there takes a tenth of the time."""

import atexit
import fcntl
import functools
import hashlib
import os
import shutil
from pathlib import Path

MEMORY, ROOM_BYTES = Path("/dev/shm"), 4 << 30  # noqa: S108 -- Linux' own, if there
CLAIM = "claim"  # held by every process that uses a folder, and released by the kernel however it ends


@functools.cache
def in_memory(folder):
    """Return the folder's counterpart in memory, the same for every process that asks, or itself without room.

    What is left of runs that were killed goes first.
    """
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM_BYTES:
        return folder
    ours = MEMORY / f"backhaul-tests-{os.getuid()}"
    ours.mkdir(exist_ok=True)
    mine = ours / f"{folder.name}-{hashlib.sha256(bytes(folder)).hexdigest()[:8]}"
    with (ours / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in ours.iterdir():
            if left.is_dir() and left != mine:
                _remove_unclaimed(left)
        mine.mkdir(exist_ok=True)
        claim = (mine / CLAIM).open("a")
        fcntl.flock(claim, fcntl.LOCK_SH)
    atexit.register(_leave, mine, claim)
    return mine


def _leave(mine, claim):
    claim.close()
    with (mine.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _remove_unclaimed(mine)


def _remove_unclaimed(folder):
    if not (folder / CLAIM).exists():
        shutil.rmtree(folder, ignore_errors=True)
        return
    with (folder / CLAIM).open() as claim:
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        shutil.rmtree(folder, ignore_errors=True)  # a server that was left behind ends without its folder
