import contextlib

import asyncpg
import pytest
from tests.domain.returns.depot import Depot


@pytest.fixture
async def depot(world):
    """A warehouse with an operator, and an organization whose parcels come in there."""
    return await Depot(world).furnished()


@pytest.fixture
def owner_of(database_url):
    """A connection of the role that owns the tables, on the test's own database."""

    @contextlib.asynccontextmanager
    async def connect():
        connection = await asyncpg.connect(database_url)
        try:
            yield connection
        finally:
            await connection.close()

    return connect
