import pytest
from tests.domain.reshipping.bench import Bench


@pytest.fixture
async def bench(world):
    """A warehouse with an operator, and an organization whose parcels are shipped on from there."""
    return await Bench(world).furnished()
