"""The system's folder for what cannot lie under a closed one when root runs Backhaul."""

import stat
from pathlib import Path

from backhaul.storage.embedded import files
from backhaul.storage.embedded.account import Account, can_enter
from backhaul.storage.embedded.errors import EmbeddedServerRefused

NAMES = ("/var/lib/backhaul", "/opt/backhaul", "/private/var/db/backhaul")  # the last: macOS


def folder(account: Account) -> Path | None:
    """Return the first of `NAMES` that exists or can be made, is root's alone, and lets `account` pass."""
    for name in NAMES:
        top = Path(name)
        if not _is_roots_alone(top.parent):
            continue
        try:
            files.make_folder(top, 0o711)
        except EmbeddedServerRefused:
            continue  # a read-only system: the next one may be a volume
        if _is_roots_alone(top) and can_enter(top, account):
            return top
    return None


def _is_roots_alone(folder: Path) -> bool:
    """Say whether nobody but root can put something else in this folder's place or into it."""
    for path in (folder, *folder.parents):
        try:
            status = path.lstat()
        except OSError:
            return False
        is_open = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != 0 or is_open:
            return False
    return True
