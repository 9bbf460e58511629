"""A desk with a bell."""

import pytest
from tests.domain.recovery.desk import Desk
from tests.domain.recovery.reminding.bell import Bell


@pytest.fixture
async def bell(world):
    """An organization whose reminders are looked at."""
    return Bell(await Desk(world).furnished())
