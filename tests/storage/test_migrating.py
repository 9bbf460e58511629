"""From empty to this release's schema, once, however often and by however many it is asked for."""

import asyncio
import sys
from uuid import uuid4

import asyncpg
import pytest

from backhaul.storage.migrations.apply import head, migrate

MIGRATE = "import sys; from backhaul.storage.migrations.apply import migrate; migrate(sys.argv[1])"
STATE = """
SELECT (SELECT array_agg(version_num || xmin::text) FROM alembic_version) AS versions,
       (SELECT array_agg(c.oid::text || ':' || c.xmin::text ORDER BY c.oid) FROM pg_class AS c
        WHERE relnamespace IN ('public'::regnamespace, 'jobs'::regnamespace)) AS tables
"""


@pytest.fixture
async def empty(cluster):
    """The URL of a database with nothing in it."""
    name = f"empty_{uuid4().hex}"
    admin = await asyncpg.connect(cluster.dsn("postgres"))
    await admin.execute(f"CREATE DATABASE {name}")
    yield cluster.dsn(name)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


async def state(url):
    connection = await asyncpg.connect(url)
    try:
        return tuple(await connection.fetchrow(STATE))
    finally:
        await connection.close()


async def test_two_processes_at_once_migrate_an_empty_database_and_a_third_run_changes_nothing(empty):
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", MIGRATE, empty, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    for process in processes:
        _, said = await process.communicate()
        assert process.returncode == 0, said
    migrated = await state(empty)
    assert [version[: len(head())] for version in migrated[0]] == [head()]
    await asyncio.to_thread(migrate, empty)
    assert await state(empty) == migrated
