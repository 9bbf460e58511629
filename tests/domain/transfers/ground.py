"""Where worlds live: one database a folder, swept before each test."""

import itertools
import os

import asyncpg
import pytest
from structlog.testing import capture_logs
from tests.domain.transfers.world import World
from tests.making import Make

from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database

NUMBERS = itertools.count(1)

# Everything but the schema's own version, the installation's secrets and the operator; what is append-only, too.
TABLES = """
SELECT format('DELETE FROM %I.%I %s', schemaname, tablename,
              CASE tablename WHEN 'organizations' THEN 'WHERE NOT is_operator' ELSE '' END) AS statement
FROM pg_tables WHERE schemaname IN ('public', 'jobs') AND tablename NOT IN ('alembic_version', 'installation_secrets')
"""


@pytest.fixture(scope="session")
async def ground(cluster, template):
    """One database for all worlds of a folder: making one for each would take longer than living in it."""
    name = f"world_{os.getpid()}_{next(NUMBERS)}"
    admin = await asyncpg.connect(cluster.dsn("postgres"))
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield cluster.dsn(name)
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


@pytest.fixture(scope="session")
async def sweep(ground):
    """Leaves the database as its migrations left it."""
    owner = await asyncpg.connect(ground)
    statements = "; ".join(row["statement"] for row in await owner.fetch(TABLES))
    await owner.execute("SET session_replication_role = replica")  # no triggers, no foreign keys

    async def sweep():
        await owner.execute(statements)

    yield sweep
    await owner.close()


@pytest.fixture(scope="session")
async def opened(ground):
    """The database as the capabilities see it."""
    opened = await Database.open(
        DatabaseUrls.single(ground), Session(app_connections=8, worker_connections=4)
    )
    yield opened
    await opened.close()


@pytest.fixture
async def world(opened, sweep, ground, clock, tmp_path):
    """An organization and all that works for it, on a clock that stands still until a test moves it."""
    await sweep()
    make = Make(opened, clock)
    with capture_logs() as logs:
        world = World(opened, clock, make, actor=await make.organization(), folder=tmp_path)
        world.url = ground
        yield world
    failures = [line for line in logs if line["log_level"] in ("error", "critical")]
    assert world.expects_failures or not failures, failures
