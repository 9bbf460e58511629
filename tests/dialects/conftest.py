"""One installation for every test that only calls it; tests that move the clock take one of their own."""

import pytest

from backhaul.kernel.clock import SteppedClock
from tests.conftest import NOON
from tests.dialects.databases import shared_database
from tests.dialects.installation import installed


@pytest.fixture(scope="session")
async def installation(cluster, template, tmp_path_factory):
    """The installation all recorded cases speak to. Its clock stands still, so that answers are known."""
    async with shared_database(cluster, template, "dialects") as url:
        data_dir = tmp_path_factory.mktemp("dialects")
        async with installed(url, data_dir, clock=SteppedClock(NOON)) as made:
            yield made


@pytest.fixture
async def own_installation(database_url, tmp_path, clock):
    """An installation for one test alone."""
    async with installed(database_url, tmp_path, clock=clock) as made:
        yield made


@pytest.fixture(scope="module")
def standing_clock():
    """A clock for a module's own installation."""
    return SteppedClock(NOON)
