"""`backhaul import` is killed in the middle of writing: it goes on, and every row is there once."""

import asyncio
import os
import signal
import subprocess
import sys

import asyncpg
import pytest
from tests.domain.bulk.desk import Desk, device, table
from tests.domain.inventory.stock import Stock

from backhaul.domain.bulk.model import CHUNK_ROWS, Status
from backhaul.domain.bulk.queries import get_batch
from backhaul.kernel.ids import new_id

ROWS = 2 * CHUNK_ROWS + 10
# Somebody else is writing this serial number at the same moment and neither commits nor gives up.
IN_THE_WAY = """
INSERT INTO assets (org_id, id, serial_number, model_id, status_id, custody, custody_since, custody_count, created_at,
    updated_at, version)
VALUES ($1, $2, $3, $2, $2, 'organization', now(), 1, now(), now(), 1)
"""
WRITING = "SELECT count(*) FROM pg_locks WHERE relation = 'import_chunks'::regclass"
APPLIED = "SELECT count(applied_at) FROM import_chunks"
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


class Commands:
    """The command line on one database."""

    def __init__(self, url, org):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BACKHAUL_")}
        self.environment = {**kept, "BACKHAUL_DATABASE_URL": url}
        self.org = org

    def start(self, *arguments):
        return subprocess.Popen(
            [sys.executable, "-m", "backhaul", *arguments, "--org", self.org],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment,
        )  # fmt: skip

    def run(self, *arguments):
        process = self.start(*arguments)
        out, errors = process.communicate(timeout=120)
        assert "Traceback" not in errors, errors
        return process.returncode, out, errors


@pytest.fixture
async def owner(database_url):
    connection = await asyncpg.connect(database_url)
    await connection.execute("SET session_replication_role = replica")
    yield connection
    await connection.close()


@pytest.fixture
async def commands(db, make, clock, database_url):
    actor = await make.organization()
    made = Commands(database_url, str(actor.org_id))
    made.desk = Desk(Stock(db, clock, make, actor=actor))
    return made


@pytest.mark.parametrize("goes_on_by", ["resume", "the same command"])
async def test_an_import_that_was_killed_goes_on(commands, owner, tmp_path, goes_on_by):
    desk = commands.desk
    file = tmp_path / "devices.csv"
    file.write_bytes(table(*(device(f"S{n}") for n in range(ROWS))))
    command = ["import", "assets", str(file), "--apply"]
    await owner.execute("BEGIN")
    await owner.execute(IN_THE_WAY, desk.actor.org_id, new_id(), f"S{CHUNK_ROWS + 7}")
    process = commands.start(*command)
    async with asyncio.timeout(60):
        while await owner.fetchval(APPLIED) < 2 or not await owner.fetchval(WAITING):
            assert process.poll() is None, process.stderr.read()
            await asyncio.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    await owner.execute("ROLLBACK")
    async with asyncio.timeout(60):  # PostgreSQL notices that its client is gone
        while await owner.fetchval(WRITING):  # noqa: ASYNC110 -- it tells nobody
            await asyncio.sleep(0.02)
    assert len(await desk.assets()) == ROWS - CHUNK_ROWS
    [row] = await desk.fetch("SELECT number, status FROM import_batches WHERE org_id = $1")
    assert row["status"] == Status.OPEN.value

    if goes_on_by == "resume":
        code, out, _ = commands.run("import", "resume", str(row["number"]))
    else:
        code, out, _ = commands.run(*command)
    assert (code, out.splitlines()[-1]) == (
        0,
        f"Import {row['number']}: {ROWS} created, 0 updated, 0 unchanged, 0 went wrong meanwhile.",
    )
    assert len(await desk.assets()) == ROWS == await desk.counted()
    for counted in (
        "SELECT count(*) AS n FROM custody_events WHERE org_id = $1",
        "SELECT count(*) AS n FROM history WHERE org_id = $1 AND subject_kind = 'asset'",
    ):
        assert [row["n"] for row in await desk.fetch(counted)] == [ROWS]
    batch = await get_batch(desk.db, actor=desk.actor, number=row["number"])
    assert batch.status is Status.APPLIED
    before = await desk.traces()
    code, out, _ = commands.run(*command)
    assert (code, out.splitlines()) == (
        0,
        [
            f"{ROWS} rows: 0 to create, 0 to update, {ROWS} unchanged, 0 with errors.",
            "Nothing to change.",
        ],
    )
    assert await desk.traces() == before
