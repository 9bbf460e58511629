"""Bring up the server of a cluster of which nothing runs, and give it its database."""

import os
import time
from pathlib import Path

from backhaul.storage.embedded import account as accounts
from backhaul.storage.embedded import cluster, files, locks, postmaster, sockets
from backhaul.storage.embedded.errors import EmbeddedServerRefused, ServerDidNotStart, SocketBusy
from backhaul.storage.embedded.place import Place
from backhaul.storage.embedded.postmaster import DATABASE, Postmaster

START_SECONDS = 120  # recovery after a crash included
ORPHANS_SECONDS = 20.0
ORPHANS = "pre-existing shared memory block"  # statements of a killed server that have not noticed yet


def launch(place: Place) -> Postmaster:
    """Start the server and return it verified. Call it with the start lock, after `find` returned None."""
    postmaster.disown_pid_file(place)
    socket_dir = sockets.prepare(place)
    cluster.write_settings(place, socket_dir=socket_dir, port=sockets.PORT)
    give_up_at = time.monotonic() + ORPHANS_SECONDS
    while (said := _pg_ctl_start(place)) is not None:
        if ORPHANS not in said or time.monotonic() > give_up_at:
            raise _refusal(place, socket_dir, said)
        time.sleep(0.1)
    running = postmaster.find(place)
    if running is None:
        raise _refusal(place, socket_dir, "it ended right after its start.")
    return running


def ensure_database(place: Place, running: Postmaster) -> None:
    """Create our database unless it exists."""
    if running.has_database:
        return
    created = postmaster.query(place, running.socket_dir, f"CREATE DATABASE {DATABASE}")
    if created != "CREATE DATABASE":
        reason = f"the database {DATABASE} could not be created."
        raise ServerDidNotStart(folder=place.cluster, reason=reason, log=place.log)


def _pg_ctl_start(place: Place) -> str | None:
    """Start the server away from this process and its terminal; return what it said if it failed.

    It inherits `running.lock` held: the lock is free again only when the last of its processes is gone, so
    that nobody ever takes a living cluster for a dead one, not even from another container on the same files.
    """
    lock = locks.open_lock(place.running_lock)
    try:
        if not locks.try_exclusive(lock):
            return "its files are still in use."
        pg_ctl = place.programs.bin("pg_ctl")
        command = [pg_ctl, "start", "-w", "-s", "-t", START_SECONDS]
        # a file, not a pipe: the server keeps it open, and a pipe would end only with the server
        with place.start_log.open("a+", encoding="utf-8", errors="replace") as log:
            os.fchmod(log.fileno(), 0o600)
            log.truncate(0)
            ended = accounts.run(
                command,
                place.account,
                timeout_seconds=START_SECONDS + 30,
                output=log,
                keep_open=[lock],
                # not as -D: pg_ctl would pass it through a shell without quoting it
                extra_environment={"PGDATA": str(place.cluster)},
            )
            log.seek(0)
            return log.read() if ended.returncode != 0 else None
    finally:
        os.close(lock)  # not released: the server's copy keeps it


def _refusal(place: Place, socket_dir: Path, said: str) -> EmbeddedServerRefused:
    if "No space left on device" in said:
        return files.no_room(place.home, files.ROOM_TO_START_MB)
    if "could not bind Unix address" in said:
        return SocketBusy(socket=sockets.path_in(socket_dir))
    reason = " ".join(said.split())[-600:]
    return ServerDidNotStart(folder=place.cluster, reason=reason, log=place.log)
