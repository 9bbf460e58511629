"""Processes that answer: Backhaul itself as an operator starts it, and the bare server."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from bench.inside import Answered

ROOT = Path(__file__).parent.parent
READY_SECONDS = 30.0
DEMO_SECONDS = 120.0  # its data are made first
STOP_SECONDS = 30.0
# The default settings, but for a bucket that lets a load client through (each request counts all the same), and the
# address in whose name tokens are issued, wherever the server listens.
SETTINGS = {
    "BACKHAUL_BOXC__RATE_LIMIT_REQUESTS": "1000000000",
    "BACKHAUL_HTTP__BASE_URL": "http://127.0.0.1:8000",
}


class Answering(msgspec.Struct, frozen=True):
    """A process that listens."""

    pid: int
    port: int


def free_port() -> int:
    """Return a port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextlib.contextmanager
def backhaul(data_dir: str, log: Path) -> Iterator[Answering]:
    """Serve with `SETTINGS`."""
    port = free_port()
    command = [sys.executable, "-m", "backhaul", "serve", "--data-dir", data_dir, "--port", str(port)]
    with _running(command, port, "/readyz", log) as answering:
        yield answering


@contextlib.contextmanager
def demo(data_dir: Path, log: Path, *, day_seconds: float = 1) -> Iterator[Answering]:
    """Serve and work with demo data; a day of its parcels lasts so long."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "backhaul",
        "up",
        "--demo",
        "--data-dir",
        str(data_dir),
        "--port",
        str(port),
    ]
    with _running(
        [*command, "--day-seconds", str(day_seconds)], port, "/readyz", log, seconds=DEMO_SECONDS
    ) as answering:
        yield answering


@contextlib.contextmanager
def bare(answered: Answered, folder: Path, name: str) -> Iterator[Answering]:
    """Serve one answer of Backhaul's without Backhaul."""
    port = free_port()
    path = folder / f"{name}.answer"
    lines = [str(answered.status).encode(), *(key + b": " + value for key, value in answered.headers)]
    path.write_bytes(b"\n".join(lines) + b"\n\n" + answered.body)
    command = [sys.executable, "-m", "bench.bare", "--port", str(port), "--answer", str(path)]
    with _running(command, port, "/", folder / f"{name}.log") as answering:
        yield answering


@contextlib.contextmanager
def _running(
    command: Sequence[str], port: int, path: str, log: Path, *, seconds: float = READY_SECONDS
) -> Iterator[Answering]:
    with (
        log.open("wb") as file,
        subprocess.Popen(command, stdout=file, stderr=file, env=environment(**SETTINGS), cwd=ROOT) as process,
    ):
        try:
            wait_until_ready(" ".join(command), process, port, path, log, seconds=seconds)
            yield Answering(process.pid, port)
        finally:
            process.terminate()
            try:
                process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def environment(**settings: str) -> dict[str, str]:
    """Return this process's environment with no settings of Backhaul's but these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BACKHAUL_")}
    return kept | settings


def wait_until_ready(
    name: str,
    process: subprocess.Popen[bytes],
    port: int,
    path: str,
    log: Path,
    *,
    seconds: float = READY_SECONDS,
) -> None:
    """Wait for an answer below 400."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        if answers(port, path):
            return
        time.sleep(0.05)
    raise RuntimeError(f"{name} did not become ready:\n{log.read_text()[-3000:]}")


def answers(port: int, path: str) -> bool:
    """Tell whether a GET is answered by a status below 400."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < http.client.BAD_REQUEST
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
