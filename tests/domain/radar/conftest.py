"""A world with a tower that watches its parcels."""

import pytest
from tests.domain.radar.tower import Tower
from tests.domain.recovery.desk import Desk


@pytest.fixture
async def tower(world):
    """The radar of one organization."""
    return Tower(world)


@pytest.fixture
async def desk(world):
    """The same organization's recovery desk, with one campaign."""
    return await Desk(world).furnished()
