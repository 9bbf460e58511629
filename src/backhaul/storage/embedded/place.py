"""Where one data directory's database lies, and who owns it.

Normally in `<data directory>/postgres`. If root starts it and the database's account cannot enter there, in
the system's folder; then `postgres/elsewhere` holds the path. Folders above our own are looked at and never
changed.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from backhaul.storage.embedded import account as accounts
from backhaul.storage.embedded import files, locks, programs, system
from backhaul.storage.embedded.account import Account
from backhaul.storage.embedded.errors import (
    ClusterBelongsToAnother,
    ClusterDamaged,
    ClusterOutOfReach,
    FolderNotWritable,
    NoSystemFolder,
)
from backhaul.storage.embedded.programs import Programs

_LOCK_SECONDS = 60.0


@dataclass(frozen=True)
class Place:
    """The folder of one cluster with everything that belongs to it."""

    home: Path  # ours: cluster, locks, socket; enterable for the account, writable for whoever starts it
    account: Account
    programs: Programs

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        """The server's own log, a file per weekday."""
        return self.cluster / "log"

    @property
    def start_lock(self) -> Path:
        """Held alone while starting, stopping or looking."""
        return self.home / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Held shared by every process of Backhaul that uses the server."""
        return self.home / "server.lock"

    @property
    def running_lock(self) -> Path:
        """Held by the server's own processes as long as one of them lives."""
        return self.home / "running.lock"

    @property
    def start_log(self) -> Path:
        """What the server said before it could write to its own log."""
        return self.home / "start.log"


def settle(data_dir: Path) -> Place:
    """Find the place of this data directory's database, or prepare one."""
    data_dir, inner = _make_inner(data_dir)
    with locks.exclusive(inner / "place.lock", timeout_seconds=_LOCK_SECONDS):
        home = find_home(inner) or _prepare_home(inner)
    account = _owner(home)
    if not accounts.can_enter(home, account):
        raise ClusterOutOfReach(folder=home, uid=account.uid)
    return Place(home=home, account=account, programs=programs.find(account))


def find_home(inner: Path) -> Path | None:
    """Return where the cluster of this `postgres` folder lies, or None if there is none yet."""
    pointer = inner / "elsewhere"
    try:
        writer = pointer.lstat().st_uid
        home = Path(pointer.read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return inner if (inner / "cluster").exists() else None
    if writer != os.geteuid():  # root follows only its own word: the folder may belong to someone else
        raise ClusterBelongsToAnother(folder=home, owner=writer, uid=os.geteuid())
    if not home.is_dir():
        raise ClusterDamaged(folder=home, reason=f"the folder named in {pointer} is gone")
    return home


def _make_inner(data_dir: Path) -> tuple[Path, Path]:
    try:
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        data_dir = data_dir.parent.resolve() / data_dir.name if not data_dir.exists() else data_dir.resolve()
    except OSError as failure:
        raise FolderNotWritable(folder=data_dir, reason=failure.strerror) from failure
    inner = data_dir / "postgres"
    account = accounts.choose()
    # for root not 0700: the account must pass through, and its group has no other member
    mode = 0o710 if accounts.is_root() else 0o700
    owner = Account(0, account.gid) if accounts.is_root() else None
    files.make_folder(data_dir, mode, owner)
    files.make_folder(inner, mode, owner)
    holder = inner.stat().st_uid
    if holder != os.geteuid() and not accounts.is_root():
        raise ClusterBelongsToAnother(folder=inner, owner=holder, uid=os.geteuid())
    return data_dir, inner


def _prepare_home(inner: Path) -> Path:
    account = _owner(inner)
    if accounts.can_enter(inner, account):
        return inner
    top = system.folder(account)
    if top is None:
        raise NoSystemFolder(wanted=inner, tried=system.NAMES)
    files.make_folder(top / "clusters", 0o711)
    home = top / "clusters" / secrets.token_hex(8)
    files.make_folder(home, 0o710, Account(0, account.gid))
    files.replace_text(home / "belongs-to", f"{inner.parent}\n")  # for people: nothing reads it
    files.replace_text(inner / "elsewhere", f"{home}\n")
    return home


def _owner(home: Path) -> Account:
    """Return who owns the cluster: an existing one keeps its owner, whoever starts it now."""
    cluster = home / "cluster"
    status = (cluster if cluster.exists() else home).stat()
    if status.st_uid == 0:
        if cluster.exists():
            raise ClusterDamaged(folder=cluster, reason="it belongs to root, as whom PostgreSQL never runs")
        return Account(accounts.choose().uid, status.st_gid or accounts.choose().gid)
    if status.st_uid != os.geteuid() and not accounts.is_root():
        raise ClusterBelongsToAnother(folder=home, owner=status.st_uid, uid=os.geteuid())
    return Account(status.st_uid, status.st_gid)
