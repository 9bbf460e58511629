"""The same statements without us: what PostgreSQL alone manages, through its own load client.

Every statement of the recorded request is sent in its order, with as many parameters, by sessions set like the
application's. What differs from the application is listed in `DIFFERENCES` and printed with the results.
"""

import os
import re
import subprocess
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from backhaul.main import Place, open_database
from backhaul.settings import Settings
from backhaul.storage.embedded import EmbeddedServer
from backhaul.storage.scope import Scope
from bench.measured import Measured
from bench.numbering import Prefix, fresh_prefix, id_in_script, id_of
from bench.options import CONNECTIONS
from bench.recording import TENANT, Recorded, parameter_types
from bench.subjects import Subjects

THREADS = 2
RUNS_APART = 10_000_000

DIFFERENCES = (
    "what changes with each request (ids, addresses, serial numbers, pages) is put together in SQL from a number",
    "what is absent is written as NULL",
    "parameters travel as text, and BEGIN and COMMIT as prepared statements too: pgbench knows nothing else",
    "a tenant set with SET is set by set_config(), and texts of several statements are sent as a pipeline",
    "times and JSON documents are those of the recorded request",
    "it sends about a return again that was sent on before, which changes no row the second time",
)

# pgbench's sessions take parameters in queries alone, not in SET.
SET_TENANT = re.compile(rf"SET (LOCAL )?app\.org_id *= *'{re.escape(TENANT)}'", re.IGNORECASE)

SESSION = """
SELECT 'role' AS name, current_user::text AS setting
UNION ALL SELECT name, setting FROM pg_settings WHERE source = 'session' AND name <> 'application_name'
"""

HEAD = """\
\\set number random({subjects.of_pgbench[0]}, {subjects.of_pgbench[1]})
\\set organization {subjects.first_organization} + (:number - 1) % {subjects.organizations}
\\set serial :serial + 1
\\set fresh :serial * 100 + :client_id
"""


class Script(msgspec.Struct, frozen=True):
    """A pgbench script and the values it is given."""

    text: str
    values: dict[str, str]


async def write_script(
    connection: asyncpg.Connection, one: Recorded, other: Recorded, subjects: Subjects
) -> Script:
    """Turn two recordings of one kind of request into a script that sends such requests for anybody."""
    writer = _Writer(one, other)
    parts = [HEAD.format(subjects=subjects)]
    for mine, theirs in zip(one.statements, other.statements, strict=True):
        if not mine.arguments:
            parts.append(_plain(mine.text))
            continue
        types = await parameter_types(connection, mine.text)
        values = [
            writer.parameter(*column) for column in zip(mine.arguments, theirs.arguments, types, strict=True)
        ]
        parts.append(_fill(mine.text, values).strip().removesuffix(";") + ";\n")
    return Script("".join(parts), writer.values)


def _plain(text: str) -> str:
    """Return statements without parameters; those that travel as one text keep to one round trip."""
    tenant = id_in_script(Prefix.ORGANIZATION, "organization")
    commands = []
    for command in filter(None, map(str.strip, text.split(";"))):
        is_local = str("LOCAL" in command.upper()).lower()
        said = SET_TENANT.sub(f"SELECT set_config('app.org_id', {tenant}, {is_local})", command)
        assert TENANT not in said, f"nobody knows how pgbench should say {command}"
        commands.append(f"{said};\n")
    if len(commands) == 1:
        return commands[0]
    return "\\startpipeline\n" + "".join(commands) + "\\endpipeline\n"


def _fill(text: str, values: Sequence[str]) -> str:
    return re.sub(r"\$(\d+)", lambda found: values[int(found[1]) - 1], text)


class _Writer:
    """Decides for every argument what stands in its place."""

    def __init__(self, one: Recorded, other: Recorded) -> None:
        self.values: dict[str, str] = {}
        self._known = one.sample.known()
        self._known_to_other = other.sample.known()
        self._fresh: dict[str, str] = {}

    def parameter(self, mine: Any, theirs: Any, kind: tuple[str, bool]) -> str:
        name, is_array = kind
        if not is_array:
            return self._single(mine, theirs, name) or self._constant(_text(mine, name))
        made = [self._single(a, b, name) for a, b in zip(mine, theirs, strict=True)]
        if any(made):
            filled = [
                found or self._constant(_text(value, name)) + f"::{name}"
                for found, value in zip(made, mine, strict=True)
            ]
            return f"ARRAY[{', '.join(filled)}]"
        return self._constant(_array([_text(value, name) for value in mine]))

    def _single(self, mine: Any, theirs: Any, kind: str) -> str | None:
        """Return an expression for what differs between requests; None when the recorded value will do."""
        if mine is None:
            return "NULL"
        text = str(mine)
        expression = self._known.get(text)
        if expression is not None:
            assert self._known_to_other.get(str(theirs)) == expression, f"{text} means different things"
        elif mine == theirs or isinstance(mine, datetime | dict | list):
            return None
        elif isinstance(mine, UUID):
            expression = self._fresh.setdefault(text, id_in_script(fresh_prefix(len(self._fresh)), "fresh"))
        else:
            raise RuntimeError(f"{mine!r} and {theirs!r} differ, and nobody says why")
        return f"{expression}::{kind}" if kind != "text" else expression

    def _constant(self, text: str) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = text
        return f":{name}"


def _text(value: Any, kind: str) -> str:
    """Return a value as PostgreSQL reads it."""
    if kind in ("json", "jsonb"):
        return msgspec.json.encode(value).decode()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    return str(value)


def _array(elements: Sequence[str]) -> str:
    quoted = [element.replace("\\", "\\\\").replace('"', '\\"') for element in elements]
    return "{" + ",".join(f'"{element}"' for element in quoted) + "}"


async def session_options(settings: Settings, place: Place) -> str:
    """Return what the application sets on its sessions, as libpq takes it."""
    db = await open_database(settings, place.urls)
    try:
        async with db.read(Scope(id_of(Prefix.ORGANIZATION, 1))) as reader:  # type: ignore[arg-type]
            rows = await reader.fetch(SESSION)
    finally:
        await db.close()
    return " ".join(f"-c {row['name']}={row['setting']}".replace("\\", "\\\\") for row in rows)


def run_pgbench(
    server: EmbeddedServer, script: Path, values: dict[str, str], session: str, *, seconds: int, run: int
) -> Measured:
    """Let pgbench send the script for so long."""
    command = [
        str(server.bin("pgbench")), "--no-vacuum", "--protocol", "prepared", "--client", str(CONNECTIONS),
        "--jobs", str(THREADS), "--time", str(seconds), "--file", str(script),
        "--host", str(server.socket_dir), "--port", str(server.port), "--username", server.superuser,
        *(f"--define={name}={value}" for name, value in values.items()),
        f"--define=serial={run * RUNS_APART}", "backhaul",
    ]  # fmt: skip
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PGOPTIONS": session},
    ) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    rate = re.search(r"tps = ([0-9.]+)", said)
    done = re.search(r"transactions actually processed: (\d+)", said)
    latency = re.search(r"latency average = ([0-9.]+) ms", said)
    if (
        process.returncode != 0
        or not rate
        or not done
        or not latency
        or "failed transactions: 0 " not in said
    ):
        raise RuntimeError(f"pgbench failed: {said}")
    average = float(latency[1])
    client_us = (used.ru_utime + used.ru_stime) / int(done[1]) * 1e6
    return Measured(rps=float(rate[1]), p50_ms=average, p95_ms=average, p99_ms=average, client_us=client_us)
