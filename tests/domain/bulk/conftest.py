import pytest
from tests.domain.bulk.desk import Desk
from tests.domain.inventory.stock import Stock
from tests.domain.transfers.ground import ground, opened, sweep
from tests.making import Make

__all__ = ["ground", "opened", "sweep"]


@pytest.fixture
async def desk(opened, sweep, clock):
    """An organization with an empty inventory, and everything that can be done with its files."""
    await sweep()
    make = Make(opened, clock)
    return Desk(Stock(opened, clock, make, actor=await make.organization()))
