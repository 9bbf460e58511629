"""A campaign whose day is to come."""

import pytest
from tests.domain.recovery.desk import Desk
from tests.domain.recovery.reminding.bell import Bell
from tests.domain.recovery.starting.dawn import Dawn


@pytest.fixture
async def dawn(world):
    """An organization in Arizona before one of its campaigns starts."""
    found = Dawn(Bell(await Desk(world).furnished()))
    await found.campaign()
    return found
