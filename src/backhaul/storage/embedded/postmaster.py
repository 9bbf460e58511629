"""Recognise the server of a cluster among the processes of this machine. Nothing here ends or signals one.

A server is ours when three things agree: `postmaster.pid` names it, the operating system says that this very
process listens on our private socket, and it answers there with our data directory and the start time the
file gives.
"""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from backhaul.storage.embedded import account as accounts
from backhaul.storage.embedded import files, liveness, locks, sockets
from backhaul.storage.embedded.cluster import SUPERUSER
from backhaul.storage.embedded.errors import ServerUnresponsive
from backhaul.storage.embedded.liveness import Living
from backhaul.storage.embedded.place import Place

DATABASE = "backhaul"  # named once more in ASK
WAIT_SECONDS = 60.0  # recovery after a crash replays up to max_wal_size, and orphans finish their statement
START_TOLERANCE_SECONDS = 10.0
NO_SUCH_PID = 2**31 - 2  # above every system's highest process number
ASK = (
    "SELECT extract(epoch FROM pg_postmaster_start_time()),"
    " EXISTS (SELECT FROM pg_database WHERE datname = 'backhaul'),"
    " current_setting('data_directory')"  # last: a path may hold the sign that separates the fields
)
_POLL_SECONDS = 0.02
_ANSWER_FIELDS = 3


@dataclass(frozen=True)
class Postmaster:
    """The verified server of one cluster."""

    living: Living
    socket_dir: Path
    has_database: bool


@dataclass(frozen=True)
class PidFile:
    """What `postmaster.pid` claims."""

    pid: int
    started_at: float  # by the clock as it stood then


def find(place: Place, *, wait_seconds: float = WAIT_SECONDS) -> Postmaster | None:
    """Return the running server of this cluster, or None if surely nothing runs. Needs the start lock.

    Waits for a server that is starting, recovering or dying; then refuses with `ServerUnresponsive`, because
    to start a second server on the same files would destroy them.
    """
    give_up_at = time.monotonic() + wait_seconds
    while True:
        claim = read_pid_file(place)
        found = verify(place, claim) if claim else None
        if found is not None:
            return found
        if not locks.is_held(place.running_lock) and not (claim and _may_be_ours(place, claim)):
            return None
        if time.monotonic() > give_up_at:
            pid = claim.pid if claim else "of unknown number"
            raise ServerUnresponsive(pid=pid, folder=place.cluster, seconds=wait_seconds, log=place.log)
        time.sleep(_POLL_SECONDS)


def verify(place: Place, claim: PidFile) -> Postmaster | None:
    """Return the server if the process, its socket and its answer all agree with the claim."""
    socket_dir = sockets.recorded(place)
    living = liveness.look(claim.pid)
    if socket_dir is None or living is None or sockets.listener(sockets.path_in(socket_dir)) != claim.pid:
        return None
    answer = query(place, socket_dir, ASK).split("|", _ANSWER_FIELDS - 1)
    if len(answer) != _ANSWER_FIELDS or Path(answer[2]) != place.cluster:
        return None
    # both times were taken by the server itself, so that setting the clock since then does no harm
    if abs(float(answer[0]) - claim.started_at) > START_TOLERANCE_SECONDS:
        return None
    return Postmaster(living=living, socket_dir=socket_dir, has_database=answer[1] == "t")


def query(place: Place, socket_dir: Path, statement: str) -> str:
    """Return what the server answers to one statement, or nothing if it does not answer properly."""
    psql = [place.programs.bin("psql"), "-X", "-w", "-A", "-t", "-h", socket_dir, "-p", str(sockets.PORT)]
    psql += ["-U", SUPERUSER, "-d", "postgres", "-c", statement]
    try:
        answer = accounts.run(psql, place.account, timeout_seconds=20)
    except subprocess.TimeoutExpired:  # a stopped process still accepts connections
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def read_pid_file(place: Place) -> PidFile | None:
    """Return the claim of `postmaster.pid`, or None if there is none or it is being written."""
    try:
        lines = (place.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return PidFile(pid=int(lines[0]), started_at=float(lines[2]))
    except (FileNotFoundError, ValueError, IndexError):
        return None


def disown_pid_file(place: Place) -> None:
    """Make a stale `postmaster.pid` name no process, once `find` has said that nothing runs.

    PostgreSQL refuses to start while any process of its user has the number inside, a stranger's or a
    zombie's too. The rest of the file stays: by it PostgreSQL itself looks for left-over shared memory.
    """
    path = place.cluster / "postmaster.pid"
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return
    if not lines:
        path.unlink()  # the machine died while it was written; PostgreSQL would refuse an empty one
        return
    files.replace_text(path, "\n".join([str(NO_SUCH_PID), *lines[1:]]) + "\n", place.account)


def _may_be_ours(place: Place, claim: PidFile) -> bool:
    """Say whether the process could be a server started by hand, which holds no lock of ours."""
    living = liveness.look(claim.pid)
    if living is None:
        return False
    if living.folder is not None:
        return living.folder == place.cluster  # the server works in its data directory
    return abs(living.started_at - claim.started_at) <= START_TOLERANCE_SECONDS
