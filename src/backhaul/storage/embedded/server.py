"""Start the server or join the one that runs, keep it running, and stop it when its last user leaves."""

import atexit
import contextlib
import logging
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from backhaul.storage.embedded import cluster, files, launch, liveness, locks, place, postmaster, sockets
from backhaul.storage.embedded.cluster import SUPERUSER
from backhaul.storage.embedded.errors import InUse, ServerUnresponsive
from backhaul.storage.embedded.place import Place
from backhaul.storage.embedded.postmaster import DATABASE, Postmaster

LOCK_SECONDS = 180.0  # longer than the longest start that succeeds
STOP_SECONDS = 60.0

_log = logging.getLogger(__name__)


class EmbeddedServer:
    """One process's hold on the running server."""

    def __init__(self, where: Place, running: Postmaster, users_lock: int) -> None:
        self._place = where
        self._running = running
        self._users_lock = users_lock
        self._owner_pid = os.getpid()
        self._mutex = threading.Lock()
        self._is_open = True
        self.superuser = SUPERUSER
        self.port = sockets.PORT
        atexit.register(self.close)

    @property
    def socket_dir(self) -> Path:
        """The folder to give as host to any PostgreSQL client. A restart keeps it."""
        return self._running.socket_dir

    def dsn(self, database: str = DATABASE, user: str | None = None) -> str:
        """Return a connection URL that asyncpg, psycopg and SQLAlchemy understand."""
        who = quote(user or self.superuser, safe="")
        host = quote(str(self.socket_dir), safe="/")
        return f"postgresql://{who}@/{quote(database, safe='')}?host={host}&port={self.port}"

    def bin(self, name: str) -> Path:
        """Return the path of one of the server's own programs, such as psql or pgbench."""
        return self._place.programs.bin(name)

    def ensure_running(self) -> bool:
        """Start the server again if it died, and say whether that was needed. Cheap while it lives.

        Threads and processes may call it at the same time: one starts the server, the others find it running.
        """
        with self._mutex:
            living = self._running.living
            if not self._is_open or living.is_same_as(liveness.look(living.pid)):
                return False
            with locks.exclusive(self._place.start_lock, timeout_seconds=LOCK_SECONDS):
                found = postmaster.find(self._place)
                self._running = found or launch.launch(self._place)
            return found is None

    def close(self) -> None:
        """Leave the server; whoever leaves last stops it. A forked child's call does nothing."""
        if os.getpid() != self._owner_pid:
            return
        with self._mutex:
            if not self._is_open:
                return
            self._is_open = False
            atexit.unregister(self.close)
            try:
                self._leave()
            finally:
                locks.release(self._users_lock)

    def _leave(self) -> None:
        if not self._place.home.is_dir():
            _log.warning("The folder %s is gone; its server will end by itself.", self._place.home)
            return
        with locks.exclusive(self._place.start_lock, timeout_seconds=LOCK_SECONDS):
            if locks.try_exclusive(self._users_lock):
                _stop(self._place)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def start(data_dir: Path) -> EmbeddedServer:
    """Start the server of this data directory, or join it; makes the cluster and the database when missing.

    Refuses with a subclass of `EmbeddedServerRefused` that says where and what to do.
    """
    where = place.settle(Path(data_dir))
    with locks.exclusive(where.start_lock, timeout_seconds=LOCK_SECONDS):
        users_lock = locks.share(where.users_lock)
        try:
            cluster.ensure(where)
            running = postmaster.find(where)
            if running is None:
                files.require_room(where.home, files.ROOM_TO_START_MB)
                running = launch.launch(where)
            launch.ensure_database(where, running)
        except BaseException:
            locks.release(users_lock)
            raise
    return EmbeddedServer(where, running, users_lock)


def discard(data_dir: Path) -> None:
    """Stop the server of this data directory and delete its database for good: for trials and tests only.

    Refuses with `InUse` while any process uses it. The data directory's other files stay.
    """
    if not (Path(data_dir) / "postgres").is_dir():
        return
    where = place.settle(Path(data_dir))
    with locks.exclusive(where.start_lock, timeout_seconds=LOCK_SECONDS):
        users_lock = locks.share(where.users_lock)
        try:
            if not locks.try_exclusive(users_lock):
                raise InUse(folder=where.home)
            _stop(where)
            shutil.rmtree(where.home)
        finally:
            locks.release(users_lock)
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(Path(data_dir) / "postgres")


def _stop(where: Place) -> None:
    """End the server by a fast shutdown and wait until its last process is gone."""
    found = postmaster.find(where)
    if found is None:
        return
    _interrupt(found)
    give_up_at = time.monotonic() + STOP_SECONDS
    while locks.is_held(where.running_lock) or found.living.is_same_as(liveness.look(found.living.pid)):
        if time.monotonic() > give_up_at:
            pid, seconds = found.living.pid, STOP_SECONDS
            raise ServerUnresponsive(pid=pid, folder=where.cluster, seconds=seconds, log=where.log)
        time.sleep(0.01)
    sockets.clear(where)


def _interrupt(found: Postmaster) -> None:
    """Ask for a fast shutdown: statements in progress are rolled back, everything committed is kept."""
    pid = found.living.pid
    handle = _open_handle(pid)
    try:
        # looked at once more: from here on the handle means this process, even if its number is given away
        if sockets.listener(sockets.path_in(found.socket_dir)) != pid:
            return
        if sys.platform == "linux" and handle is not None:
            signal.pidfd_send_signal(handle, signal.SIGINT)
        else:
            os.kill(pid, signal.SIGINT)
    finally:
        if handle is not None:
            os.close(handle)


def _open_handle(pid: int) -> int | None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # before Linux 5.3
            return os.pidfd_open(pid)
    return None
