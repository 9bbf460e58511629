"""Real PostgreSQL for every test: one private cluster a run, one fresh database a test."""

import contextlib
import os
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from argon2 import PasswordHasher

from backhaul.domain.identity import passwords
from backhaul.kernel.clock import SteppedClock
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database
from backhaul.storage.embedded import EmbeddedServerRefused, discard, start
from backhaul.storage.embedded import cluster as embedded_cluster
from backhaul.storage.migrations.apply import migrate
from tests.in_memory import in_memory
from tests.making import Make

TEMPLATE = "backhaul_template"
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)  # a Monday


@pytest.fixture(scope="session")
def cluster(tmp_path_factory, worker_id):
    """The run's PostgreSQL; the workers of a parallel run share it."""
    base = tmp_path_factory.getbasetemp()
    shared = in_memory(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base)
    with contextlib.ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            # Every installation that a run shares keeps its pools open to the end.
            more = embedded_cluster.SETTINGS.replace("max_connections = 200", "max_connections = 800")
            patch.setattr(embedded_cluster, "SETTINGS", more)
            server = stack.enter_context(start(shared / "pg"))
        yield server
    # Another worker of the run may still use it, or be deleting it at this moment.
    with contextlib.suppress(EmbeddedServerRefused, FileNotFoundError):
        discard(shared / "pg")


@pytest.fixture(scope="session", autouse=True)
def delivered_hashing():
    """Hash passwords cheaply but where hashing is the subject; returns what passwords are hashed with as delivered."""
    delivered = {name: getattr(passwords, name) for name in ("_HASHER", "_HASH_OF_NOTHING")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        patch.setattr(passwords, "_HASH_OF_NOTHING", passwords._hash_of_nothing())
        yield delivered


@pytest.fixture
def as_delivered(monkeypatch, delivered_hashing):
    """Hash passwords at the cost they have in production."""
    for name, value in delivered_hashing.items():
        monkeypatch.setattr(passwords, name, value)


@pytest.fixture(scope="session")
def template(cluster):
    """A migrated database that the tests' databases are copied from."""
    _once(cluster)
    return TEMPLATE


def _once(cluster):
    import asyncio
    import fcntl

    with Path(cluster.socket_dir, "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        async def make() -> bool:
            admin = await asyncpg.connect(cluster.dsn("postgres"))
            try:
                if await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", TEMPLATE):
                    return False
                # Test data may be lost with the machine; the tests of durability start clusters of their own.
                for setting in ("fsync = off", "full_page_writes = off", "synchronous_commit = off"):
                    await admin.execute(f"ALTER SYSTEM SET {setting}")
                await admin.execute("SELECT pg_reload_conf()")
                await admin.execute(f"CREATE DATABASE {TEMPLATE}_new")
            finally:
                await admin.close()
            return True

        async def rename() -> None:
            admin = await asyncpg.connect(cluster.dsn("postgres"))
            await admin.execute(f"ALTER DATABASE {TEMPLATE}_new RENAME TO {TEMPLATE}")
            await admin.close()

        # A loop of its own in a thread: fixtures of a session may run inside pytest's loop.
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(1) as thread:
            if thread.submit(lambda: asyncio.run(make())).result():
                thread.submit(lambda: migrate(cluster.dsn(f"{TEMPLATE}_new"))).result()
                thread.submit(lambda: asyncio.run(rename())).result()


@pytest.fixture
async def database_url(cluster, template, request):
    """The URL of a fresh, migrated database."""
    name = f"t_{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**9}"
    admin = await asyncpg.connect(cluster.dsn("postgres"))
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield cluster.dsn(name)
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


@pytest.fixture
async def db(database_url):
    """A database as the capabilities see it."""
    opened = await Database.open(
        DatabaseUrls.single(database_url), Session(app_connections=8, worker_connections=4)
    )
    yield opened
    await opened.close()


@pytest.fixture
def clock():
    """A clock that stands at noon until a test moves it."""
    return SteppedClock(NOON)


@pytest.fixture
def make(db, clock):
    """Factories: everything valid by default, one override states the point."""
    return Make(db, clock)
