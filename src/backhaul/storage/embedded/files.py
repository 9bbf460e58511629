"""Files and folders of the embedded server: owner and mode, written whole, forced to disk."""

import errno
import os
import shutil
from pathlib import Path

from backhaul.storage.embedded.account import Account
from backhaul.storage.embedded.errors import FolderNotWritable, NoRoom

# a new cluster takes 40 MB, its first write-ahead logs as much, and it must be able to grow
ROOM_TO_CREATE_MB = 200
ROOM_TO_START_MB = 32  # less, so that a full disk can still be cleaned up through the database
OUT_OF_ROOM = (errno.ENOSPC, errno.EDQUOT)


def make_folder(folder: Path, mode: int, owner: Account | None = None) -> None:
    """Make one folder with exactly this mode and owner; an existing one is left as it is."""
    try:
        folder.mkdir(mode=0o700)
        if owner is not None:
            os.chown(folder, owner.uid, owner.gid)
        folder.chmod(mode)
    except FileExistsError:
        return
    except OSError as failure:
        raise refusal(folder.parent, failure) from failure


def replace_text(path: Path, text: str, owner: Account | None = None) -> None:
    """Write the file whole or not at all, mode 0600."""
    fresh = path.with_name(f".{path.name}.new")  # opened with O_EXCL: the folder may be another account's
    try:
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            if owner is not None and owner.uid != os.fstat(descriptor).st_uid:
                os.fchown(descriptor, owner.uid, owner.gid)
            os.fsync(descriptor)
        fresh.replace(path)
    except OSError as failure:
        raise refusal(path.parent, failure) from failure


def require_room(folder: Path, needed_mb: int) -> None:
    """Refuse with `NoRoom` before anything is half written."""
    shortage = no_room(folder, needed_mb)
    if shortage.data["free_mb"] < needed_mb:
        raise shortage


def no_room(folder: Path, needed_mb: int = ROOM_TO_CREATE_MB) -> NoRoom:
    """Describe the room that is left and the room that is needed."""
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    return NoRoom(folder=folder, free_mb=free_mb, needed_mb=needed_mb)


def refusal(folder: Path, failure: OSError) -> NoRoom | FolderNotWritable:
    """Name an operating system's failure to write."""
    if failure.errno in OUT_OF_ROOM:
        return no_room(folder)
    return FolderNotWritable(folder=folder, reason=failure.strerror or str(failure))


def force_to_disk(tree: Path) -> None:
    """Force a whole new tree to disk, files before the folders that name them."""
    for folder, _, names in os.walk(tree, topdown=False):
        for path in (*(Path(folder, name) for name in names), Path(folder)):
            sync_path(path)


def sync_path(path: Path) -> None:
    """Force one file or folder to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def give_to(tree: Path, owner: Account) -> None:
    """Change the owner of a whole tree. Links are changed, not followed."""
    for folder, _, names in os.walk(tree):
        for path in (Path(folder), *(Path(folder, name) for name in names)):
            os.chown(path, owner.uid, owner.gid, follow_symlinks=False)
