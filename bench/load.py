"""The HTTP load: wrk, which costs little enough beside the server on the same two processors."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec

from bench.credentials import Credentials
from bench.measured import Measured
from bench.options import CONNECTIONS
from bench.scenarios import Scenario
from bench.subjects import Mark, Subjects

INSTALL = (("apt-get", "update", "-qq"), ("apt-get", "install", "-y", "-qq", "wrk"))
INSTALL_SECONDS = 300
_ESCAPED = frozenset(range(32)) | frozenset(range(127, 256)) | frozenset(b'"\\')

SCRIPT = """
local authorizations = {{{authorizations}}}
local seed, sent = 1, 0
{before_lua}

function init(arguments)
    seed = tonumber(arguments[1])
    math.randomseed(seed)
end

function request()
    sent = sent + 1
    local number = {subjects.drawn_in_lua}
    local authorization = authorizations[(number - 1) % {subjects.organizations} + 1]
    return {path} .. authorization .. "\\r\\n\\r\\n" .. {body}
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '\\n{{"requests": %d, "microseconds": %d, "p50_us": %f, "p95_us": %f, "p99_us": %f, "refused": %d, ' ..
        '"broken": %d}}\\n', summary.requests, summary.duration, latency:percentile(50), latency:percentile(95),
        latency:percentile(99), errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
"""


class LoadClientMissing(Exception):
    """wrk is not there and cannot be installed here."""


class Summary(msgspec.Struct, frozen=True):
    """What wrk says at the end."""

    requests: int
    microseconds: int
    p50_us: float
    p95_us: float
    p99_us: float
    refused: int
    broken: int


def find_wrk() -> str:
    """Return wrk's path; on Debian and its relatives root installs it."""
    found = shutil.which("wrk")
    if found is None and shutil.which("apt-get") is not None and os.geteuid() == 0:
        print("Installing wrk …", file=sys.stderr)
        for command in INSTALL:
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL, timeout=INSTALL_SECONDS)
        found = shutil.which("wrk")
    if found is None:
        raise LoadClientMissing(
            "The load client wrk is missing. Install it (Debian, Ubuntu: apt-get install wrk; Fedora: dnf install "
            "wrk; macOS: brew install wrk; else https://github.com/wg/wrk) and run this again."
        )
    return found


def write_script(folder: Path, scenario: Scenario, subjects: Subjects, credentials: Credentials) -> Path:
    """Write what wrk sends: requests about random subjects, as a user of each one's organization."""
    mark = subjects.mark
    first = subjects.first_organization
    authorizations = (
        credentials.header(scenario.scheme, organization)
        for organization in range(first, first + subjects.organizations)
    )
    headers = "Content-Type: application/json\r\n" if scenario.body else ""
    if scenario.body:
        sample = next(subjects.in_turn())
        headers += f"Content-Length: {len(sample.said(scenario.body.decode()).encode())}\r\n"
    script = SCRIPT.format(
        authorizations=", ".join(f'"{one}"' for one in authorizations),
        body=_in_lua(scenario.body.decode(), mark),
        path=_in_lua(f"{scenario.method} {scenario.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}", mark),
        subjects=subjects,
        before_lua=mark.before_lua if mark else "",
    )
    path = folder / f"{scenario.name}.lua"
    path.write_text(script, encoding="utf-8")
    return path


def _in_lua(text: str, mark: Mark | None) -> str:
    """Return an expression for a text with what stands for the number filled in."""
    before, is_marked, after = text.partition(mark.name) if mark else (text, "", "")
    # Decimal escapes, for whatever Lua would take for something else.
    quoted = [
        "".join(f"\\{byte:03d}" if byte in _ESCAPED else chr(byte) for byte in part.encode())
        for part in (before, after)
    ]
    return f'"{quoted[0]}" .. {mark.lua} .. "{quoted[1]}"' if mark and is_marked else f'"{quoted[0]}"'


def run_wrk(
    wrk: str, script: Path, port: int, *, seconds: int, seed: int, connections: int = CONNECTIONS
) -> Measured:
    """Send requests for so long and return how that went; a single refused request ends the run."""
    command = [
        wrk, "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--timeout", "20s",
        "--script", str(script), f"http://127.0.0.1:{port}", "--", str(seed),
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0 or "{" not in said:
        raise RuntimeError(f"wrk failed: {said}")
    summary = msgspec.json.decode(said[said.rindex("{") :], type=Summary)
    if summary.refused or summary.broken or not summary.requests:
        raise RuntimeError(
            f"of {summary.requests} requests {summary.refused} were refused, {summary.broken} broken"
        )
    return Measured(
        rps=summary.requests / summary.microseconds * 1e6,
        p50_ms=summary.p50_us / 1000,
        p95_ms=summary.p95_us / 1000,
        p99_ms=summary.p99_us / 1000,
        client_us=(used.ru_utime + used.ru_stime) / summary.requests * 1e6,
    )
