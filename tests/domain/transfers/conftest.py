import pytest
from structlog.testing import capture_logs

from tests.domain.transfers.world import World


@pytest.fixture
async def world(db, clock, make, tmp_path):
    """An organization and all that works for it, on a clock that stands still until a test moves it."""
    with capture_logs() as logs:
        world = World(db, clock, make, actor=await make.organization(), folder=tmp_path)
        yield world
    failures = [line for line in logs if line["log_level"] in ("error", "critical")]
    assert world.expects_failures or not failures
