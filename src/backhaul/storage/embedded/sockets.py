"""The private folder with the server's socket: 0700, the account's own, and the database's only door.

Socket paths end at 107 bytes (103 on macOS), so a deep data directory gets a folder in /tmp instead, noted in
`socket.json`: other processes find it there, and a restarted server returns to it.
"""

import json
import os
import re
import socket
import stat
import struct
import sys
import tempfile
from pathlib import Path

from backhaul.storage.embedded import files
from backhaul.storage.embedded.account import Account, is_root
from backhaul.storage.embedded.errors import EmbeddedServerRefused, SocketBusy
from backhaul.storage.embedded.place import Place

PORT = 5432  # only part of the socket's name: nothing listens on TCP
PATH_BYTES = 103
SHORT = "/tmp"  # noqa: S108 — the folder made in it is private and its name is not guessed
PLAIN = re.compile(r"[A-Za-z0-9/_.+=@~-]+")  # a comma or a colon would split a connection URL's host
CONNECT_SECONDS = 2.0
PEER = struct.Struct("3i")  # process, user, group: struct ucred of Linux
SOL_LOCAL, LOCAL_PEERPID = 0, 2  # <sys/un.h> of macOS


def path_in(folder: Path) -> Path:
    """Return the socket's path in its folder."""
    return folder / f".s.PGSQL.{PORT}"


def recorded(place: Place) -> Path | None:
    """Return the folder the server of this place last used, if the note was written for this very place."""
    try:
        note = json.loads((place.home / "socket.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    # a copied or moved data directory brings a note that speaks of another one's socket
    return Path(note["folder"]) if note.get("home") == str(place.home) else None


def prepare(place: Place) -> Path:
    """Return a private folder without a socket in it, the former one if it still serves."""
    folder = _former(place) or _inside(place) or _elsewhere(place)
    note = {"home": str(place.home), "folder": str(folder)}
    files.replace_text(place.home / "socket.json", json.dumps(note))
    path = path_in(folder)
    if listener(path) is not None:
        raise SocketBusy(socket=path)
    # left by a server that was killed; PostgreSQL itself would trust the number inside the lock file
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.lock").unlink(missing_ok=True)
    return folder


def clear(place: Place) -> None:
    """Remove the folder after the server stopped, if nothing else is in it."""
    folder = recorded(place)
    if folder is not None and _is_private(folder, place.account):
        try:
            folder.rmdir()
        except OSError:
            return


def listener(path: Path) -> int | None:
    """Return the process that listens on this socket; None if none does, 0 if the system hides it.

    The system tells who called listen(): no process can claim to be another one here.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(CONNECT_SECONDS)
            line.connect(str(path))
            if sys.platform == "linux":
                peer = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, PEER.size)
                return int(PEER.unpack(peer)[0])
            else:  # noqa: RET505 — without it the type checker calls the other system's branch unreachable
                return line.getsockopt(SOL_LOCAL, LOCAL_PEERPID)
    except OSError:
        return None


def _former(place: Place) -> Path | None:
    folder = recorded(place)
    if folder is None:
        return None
    try:
        files.make_folder(folder, 0o700, _owner(place))
    except EmbeddedServerRefused:
        return None
    return folder if _is_private(folder, place.account) else None


def _inside(place: Place) -> Path | None:
    folder = place.home / "run"
    if len(os.fsencode(path_in(folder))) > PATH_BYTES or not PLAIN.fullmatch(str(folder)):
        return None
    files.make_folder(folder, 0o700, _owner(place))
    return folder if _is_private(folder, place.account) and _takes_sockets(folder) else None


def _elsewhere(place: Place) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="backhaul-", dir=SHORT))
    if is_root():
        os.chown(folder, place.account.uid, place.account.gid)
    return folder


def _takes_sockets(folder: Path) -> bool:
    """Try it: some network and shared folders hold files but no sockets."""
    probe = folder / ".probe"
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            probe.unlink(missing_ok=True)
            line.bind(str(probe))
            probe.unlink()
    except OSError:
        return False
    return True


def _is_private(folder: Path, account: Account) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    is_closed = stat.S_ISDIR(status.st_mode) and stat.S_IMODE(status.st_mode) == 0o700  # noqa: PLR2004
    return is_closed and status.st_uid == account.uid


def _owner(place: Place) -> Account | None:
    return place.account if is_root() else None
