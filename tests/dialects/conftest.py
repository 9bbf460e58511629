"""One installation for every test that only calls it; tests that move the clock take one of their own."""

import os

import asyncpg
import pytest

from backhaul.kernel.clock import SteppedClock
from tests.conftest import NOON
from tests.dialects.installation import installed


@pytest.fixture(scope="session")
async def installation(cluster, template, tmp_path_factory):
    """The installation all recorded cases speak to. Its clock stands still, so that answers are known."""
    name = f"dialects_{os.getpid()}"
    admin = await asyncpg.connect(cluster.dsn("postgres"))
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        clock = SteppedClock(NOON)
        async with installed(cluster.dsn(name), tmp_path_factory.mktemp("dialects"), clock=clock) as made:
            yield made
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


@pytest.fixture
async def own_installation(database_url, tmp_path, clock):
    """An installation for one test alone."""
    async with installed(database_url, tmp_path, clock=clock) as made:
        yield made
