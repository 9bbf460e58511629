"""One measurement: how many requests a second, how long each took, and who used the processors."""

import os
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

_TIMES = slice(11, 15)  # utime, stime, cutime, cstime behind the name, see proc_pid_stat(5)
_BUSY = (0, 1, 2, 5, 6, 7)  # of the first line of /proc/stat: all but idle, waiting and what a host took
_PROC = Path("/proc")


class Measured(msgspec.Struct, frozen=True):
    """One measurement of one kind of load."""

    rps: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    client_us: float  # processor time of the load client for one request
    server_us: float = 0.0  # that of the process that answers
    postgres_us: float = 0.0  # that of PostgreSQL, all its processes together
    strangers: float = 0.0  # share of all processors that went to none of these


def median(many: Sequence[Measured]) -> Measured:
    """Return the median of every figure."""
    return Measured(
        *(statistics.median(getattr(one, name) for one in many) for name in Measured.__struct_fields__)
    )


class Meter:
    """Who used the processors since it was made."""

    def __init__(self, postmaster: int, server: int | None = None) -> None:
        self._postmaster = postmaster
        self._server = server
        self._started = time.monotonic()
        self._before = self._look()

    def read(self, measured: Measured, seconds: float) -> Measured:
        """Return the measurement with the processor time of a request."""
        postgres, server, busy = (now - then for now, then in zip(self._look(), self._before, strict=True))
        requests = measured.rps * seconds
        client = measured.client_us * requests / 1e6
        there_was = (time.monotonic() - self._started) * (os.cpu_count() or 1)
        return msgspec.structs.replace(
            measured,
            server_us=server / requests * 1e6,
            postgres_us=postgres / requests * 1e6,
            strangers=max(0.0, busy - postgres - server - client) / there_was,
        )

    def _look(self) -> tuple[float, float, float]:
        postgres = processor_seconds(self._postmaster, with_children=True)
        server = 0.0 if self._server is None else processor_seconds(self._server, with_children=True)
        return postgres, server, busy_seconds()


def busy_seconds() -> float:
    """Return the processor time of everything on this machine so far, or 0 where the system does not tell."""
    try:
        fields = (_PROC / "stat").read_text(encoding="utf-8").split("\n", 1)[0].split()[1:]
    except OSError:
        return 0.0
    return sum(int(fields[position]) for position in _BUSY) / os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int, *, with_children: bool = False) -> float:
    """Return the processor time of a process so far, or 0 where the system does not tell."""
    own = _times(pid)
    if own is None:
        return 0.0
    total = own[0] + own[1]
    if with_children:
        total += own[2] + own[3] + sum(sum(found[:2]) for found in map(_times, _children(pid)) if found)
    return total / os.sysconf("SC_CLK_TCK")


def _children(parent: int) -> list[int]:
    found = []
    for folder in _PROC.glob("[0-9]*"):
        fields = _fields(int(folder.name))
        if fields and int(fields[1]) == parent:
            found.append(int(folder.name))
    return found


def _times(pid: int) -> list[int] | None:
    fields = _fields(pid)
    return [int(field) for field in fields[_TIMES]] if fields else None


def _fields(pid: int) -> list[str]:
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()  # the name before it may hold anything
