"""A world with a campaign in it."""

import pytest
from tests.domain.recovery.desk import Desk


@pytest.fixture
async def desk(world):
    """An organization with a default address and one campaign."""
    return await Desk(world).furnished()
