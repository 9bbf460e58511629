"""The command line as a person uses it: real processes on a data directory of their own."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import httpx2
import pytest

from backhaul.storage.embedded import discard, start
from tests.cli import forking
from tests.in_memory import in_memory

COMMAND = [sys.executable, "-m", "backhaul"]
SILENT_SECONDS = 60


class Installation:
    """One data directory and the processes on it."""

    def __init__(self, data_dir):
        self.data_dir = data_dir
        self.processes = []

    def run(self, *arguments, check=True, **environment):
        """Run a command to its end and return what it printed."""
        everything = [*arguments, "--data-dir", str(self.data_dir)]
        done = forking.run(
            everything, folder=self.data_dir.parent, environment=self.environment(environment), timeout=90
        )
        if check:
            assert done.returncode == 0, done.stderr
        return done

    def start(self, *arguments, **environment):
        """Start a long-running command; its log is beside the data directory."""
        log = self.data_dir.with_suffix(f".{len(self.processes)}.log")
        with log.open("wb") as file:
            process = subprocess.Popen(
                [*COMMAND, *arguments, "--data-dir", str(self.data_dir)],
                stdout=file, stderr=file, env=self.environment(environment),
            )  # fmt: skip
        process.log = log
        self.processes.append(process)
        return process

    def environment(self, more):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BACKHAUL_")}
        return {**kept, **more}

    def stop(self, process, number=signal.SIGTERM):
        """Ask a process to end and return its exit code."""
        if process.poll() is None:
            process.send_signal(number)
        return process.wait(timeout=40)

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        discard(self.data_dir)


def wait_until_ready(port, process):
    """Wait for /readyz to answer 200, for as long as the process goes on telling of its work."""
    told = None
    while True:
        if told != (told := _told_by(process)):
            deadline = time.monotonic() + SILENT_SECONDS
        assert process.poll() is None, process.log.read_text()
        try:
            if httpx2.get(f"http://127.0.0.1:{port}/readyz", timeout=2).status_code == httpx2.codes.OK:
                return
        except httpx2.HTTPError:
            pass
        assert time.monotonic() < deadline, process.log.read_text()
        time.sleep(0.1)


def _told_by(process):
    return sum(b"/readyz" not in line for line in process.log.read_bytes().splitlines())


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def stopping_installation(tmp_path_factory):
    """An installation whose PostgreSQL every command starts, and stops when nobody else uses it."""
    folder = in_memory(tmp_path_factory.mktemp("cli"))
    made = Installation(folder / "data")
    yield made
    made.close()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def installation(stopping_installation):
    """An installation whose PostgreSQL runs from the first command to the last."""
    with contextlib.closing(start(stopping_installation.data_dir)):
        yield stopping_installation
