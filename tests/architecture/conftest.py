"""A migrated database that nobody changes, as its owner sees it."""

import asyncpg
import pytest

from tests.dialects.databases import shared_database


@pytest.fixture(scope="session")
async def owner(cluster, template):
    """A connection of the tables' owner."""
    async with shared_database(cluster, template, "architecture") as url:
        connection = await asyncpg.connect(url)
        try:
            yield connection
        finally:
            await connection.close()
