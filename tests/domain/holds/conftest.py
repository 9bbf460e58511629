import pytest
from tests.domain.holds.court import Court
from tests.making import Make


@pytest.fixture
async def court(opened, sweep, clock):
    """An organization that may be sued."""
    await sweep()
    make = Make(opened, clock)
    return Court(opened, clock, make, actor=await make.organization())
