"""Real servers in real folders: every test gets a data directory of its own and leaves nothing behind."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import backhaul
from backhaul.storage.embedded import EmbeddedServer, discard, liveness

SOURCES = Path(backhaul.__file__).parent.parent
HOLD = """
import sys, time
from pathlib import Path
from backhaul.storage.embedded import start
server = start(Path(sys.argv[1]))
print(server._running.living.pid, flush=True)
sys.stdin.read()
server.close()
"""


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """A folder that every account can enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="bh-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def lasting(open_folder: Path) -> Iterator[Path]:
    path = open_folder / "data"
    yield path
    discard(path)


@pytest.fixture
def data_dir(lasting: Path) -> Iterator[Path]:
    """A data directory whose server must be gone after every test; making its cluster once saves time."""
    yield lasting
    if (lasting / "postgres/cluster").exists():
        assert not (lasting / "postgres/cluster/postmaster.pid").exists()


@pytest.fixture
def fresh_dir(open_folder: Path) -> Iterator[Path]:
    """A data directory that does not exist yet."""
    path = open_folder / "fresh"
    yield path
    discard(path)
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def holder(data_dir: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start another process that uses the server until its input ends."""
    begun: list[subprocess.Popen[str]] = []

    def begin() -> subprocess.Popen[str]:
        begun.append(python(HOLD, data_dir))
        return begun[-1]

    yield begin
    for one in begun:
        one.kill()
        one.communicate()


def python(code: str, *words: object, **options: object) -> subprocess.Popen[str]:
    """Begin a fresh interpreter with these sources."""
    env = {"PYTHONPATH": str(SOURCES), "PATH": "/usr/bin:/bin", **options.pop("env", {})}
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        env=env,
        **options,
    )


def server_pid_of(process: subprocess.Popen[str]) -> int:
    """Wait for a holder's server."""
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    return int(line)


def leave(process: subprocess.Popen[str]) -> None:
    """Let a holder go and wait for its end."""
    _, said = process.communicate()
    assert process.returncode == 0, said


def psql(server: EmbeddedServer, statement: str) -> str:
    command = [server.bin("psql"), "-X", "-At", "-v", "ON_ERROR_STOP=1", "-c", statement, server.dsn()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def keep(server: EmbeddedServer, rows: int) -> None:
    """Commit something to find again."""
    psql(server, f"DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT generate_series(1, {rows})")


def kept(server: EmbeddedServer) -> int:
    return int(psql(server, "SELECT count(*) FROM kept"))


def is_alive(pid: int) -> bool:
    return liveness.look(pid) is not None


def wait_until_gone(pid: int) -> None:
    give_up_at = time.monotonic() + 20
    while is_alive(pid):
        assert time.monotonic() < give_up_at, f"{pid} lives on"
        time.sleep(0.01)
