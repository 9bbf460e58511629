"""The processes of one installation: a server, a worker and the PostgreSQL they share."""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from backhaul.storage.embedded import liveness
from backhaul.storage.embedded.place import find_home
from bench.servers import ROOT, environment, free_port

POSTGRESQL = "PostgreSQL"
DAY_SECONDS = 1.0
STOP_SECONDS = 30.0
SETTINGS = {
    # A worker that dies holds its jobs for so long; the default of 10 s would only make the drill longer.
    "BACKHAUL_JOBS__HEARTBEAT_TIMEOUT_SECONDS": "2",
    # All clients of the drill are one account: its bucket would refuse most of what they ask.
    "BACKHAUL_BOXC__RATE_LIMIT_REQUESTS": "100000",
    "BACKHAUL_BOXC__RATE_LIMIT_PER_SECOND": "100000",
}


class Crew:
    """Starts them, kills them and starts them again. PostgreSQL is never started from here: they do it."""

    def __init__(self, data_dir: Path, logs: Path) -> None:
        self.port = free_port()
        self.kills: Counter[str] = Counter()
        self.own_ends: list[str] = []  # who ended without being told to
        self._data_dir = data_dir
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._commands = {
            "server": ["serve", "--port", str(self.port)],
            "worker": ["work"],
        }

    @property
    def names(self) -> list[str]:
        """Who can be killed."""
        return [*self._commands, POSTGRESQL]

    def start(self, name: str) -> None:
        """Start a process; its log goes on where the one before stopped."""
        command = [
            sys.executable, "-m", "backhaul", *self._commands[name],
            "--data-dir", str(self._data_dir), "--day-seconds", str(DAY_SECONDS),
        ]  # fmt: skip
        with (self._logs / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                command, stdout=log, stderr=log, env=environment(**SETTINGS), cwd=ROOT
            )

    def start_all(self) -> None:
        """Start the server and the worker."""
        for name in self._commands:
            self.start(name)

    def start_ended(self) -> None:
        """Start again whoever ended by itself, as an operator's service manager would."""
        for name, process in list(self._running.items()):
            if process.poll() is not None:
                self.own_ends.append(f"{name} (exit status {process.returncode})")
                self.start(name)

    def kill(self, name: str) -> bool:
        """Send SIGKILL; tells whether there was somebody to kill."""
        if name == POSTGRESQL:
            pid = self.postmaster()
            if pid is None:
                return False
            os.kill(pid, signal.SIGKILL)
        else:
            process = self._running[name]
            if process.poll() is not None:
                return False
            del self._running[name]
            process.kill()
            process.wait()
        self.kills[name] += 1
        return True

    def postmaster(self) -> int | None:
        """Return the first process of our own cluster, if it lives: one that works in our cluster's folder."""
        home = find_home(self._data_dir / "postgres")
        if home is None:
            return None
        cluster = home / "cluster"
        try:
            pid = int((cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        living = liveness.look(pid)
        return pid if living is not None and living.folder == cluster else None

    def stop_all(self) -> list[str]:
        """End both as an operator would; returns who did not end in time."""
        stubborn = []
        for process in self._running.values():
            process.terminate()
        for name, process in self._running.items():
            try:
                process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                stubborn.append(name)
        self._running.clear()
        return stubborn
