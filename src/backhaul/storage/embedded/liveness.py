"""What the operating system says about a process number. A number alone proves nothing: numbers come back."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

_BOOT_CLOCK = 7  # CLOCK_BOOTTIME of Linux, by which /proc counts; the name exists only there
_AFTER_STATE = 19  # fields from the state to the start time in /proc/<pid>/stat, see proc_pid_stat(5)


@dataclass(frozen=True)
class Living:
    """A process that runs; one that died and was not yet collected by its parent does not count."""

    pid: int
    started_at: float  # seconds since 1970, by the clock as it stands now
    birth: str  # the start as the system keeps it, which setting the clock does not change
    folder: Path | None  # its working folder; None if the system does not tell

    def is_same_as(self, other: "Living | None") -> bool:
        """Say whether both are one process, and not two that had the same number."""
        return other is not None and (self.pid, self.birth) == (other.pid, other.birth)


def look(pid: int) -> Living | None:
    """Return the process with this number if it lives."""
    if sys.platform == "linux":
        return _look_in_proc(pid)
    else:  # noqa: RET505 — without it the type checker calls the other system's branch unreachable
        return _ask_ps(pid)


def _look_in_proc(pid: int) -> Living | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()  # the name before it may hold anything
    if fields[0] in "ZX":
        return None
    boot = time.time() - time.clock_gettime(_BOOT_CLOCK)
    ticks = fields[_AFTER_STATE]
    started_at = boot + int(ticks) / os.sysconf("SC_CLK_TCK")
    try:
        folder = Path(f"/proc/{pid}/cwd").readlink()
    except OSError:
        folder = None
    return Living(pid=pid, started_at=started_at, birth=ticks, folder=folder)


def _ask_ps(pid: int) -> Living | None:
    answer = subprocess.run(  # noqa: S603 — a number is the only word from outside
        ["/bin/ps", "-p", str(pid), "-o", "stat=", "-o", "lstart="],
        capture_output=True,
        text=True,
        env={"LC_ALL": "C"},
        check=False,
    ).stdout.split(maxsplit=1)
    if len(answer) < 2 or answer[0].startswith("Z"):  # noqa: PLR2004 — state and start
        return None
    started_at = time.mktime(time.strptime(answer[1].strip(), "%a %b %d %H:%M:%S %Y"))
    return Living(pid=pid, started_at=started_at, birth=answer[1], folder=None)
