import pytest
from tests.domain.holds.reach.scene import Scene
from tests.domain.recovery.desk import Desk
from tests.domain.reshipping.bench import Bench


@pytest.fixture
async def open_scene(world):
    """Open a person's recovery in an organization whose parcels come in at a warehouse."""
    desk, bench = await Desk(world).furnished(), await Bench(world).furnished()

    async def open_(**how):
        return await Scene.open(desk, bench, **how)

    return open_
