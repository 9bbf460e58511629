import msgspec
import pytest
from tests.domain.bulk.desk import Desk
from tests.domain.inventory.stock import Stock
from tests.making import Make

from backhaul.domain.bulk.importers import IMPORTERS


@pytest.fixture
async def desk(opened, sweep, clock):
    """An organization with an empty inventory, and everything that can be done with its files."""
    await sweep()
    make = Make(opened, clock)
    return Desk(Stock(opened, clock, make, actor=await make.organization()))


@pytest.fixture
def small_chunks(monkeypatch):
    """Chunks of three rows, so that small files have several."""
    for kind, importer in IMPORTERS.items():
        monkeypatch.setitem(IMPORTERS, kind, msgspec.structs.replace(importer, chunk_rows=3))
