import pytest
from tests.domain.inventory.stock import Stock
from tests.making import Make


@pytest.fixture
async def stock(opened, sweep, clock):
    """An organization with an empty inventory, on a clock that stands still until a test moves it."""
    await sweep()
    make = Make(opened, clock)
    return Stock(opened, clock, make, actor=await make.organization())
