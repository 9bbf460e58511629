"""Organizations and people, as identity's own tests have them, and a look at what no role may read."""

import asyncpg
import pytest
from tests.domain.identity.conftest import Cast


@pytest.fixture
async def cast(db, clock, database_url):
    made = Cast(db, clock)
    made.owner = await asyncpg.connect(database_url)
    yield made
    await made.owner.close()
