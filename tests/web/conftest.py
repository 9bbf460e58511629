"""The application with nobody in it: what browsers and machines around it see."""

import pytest

from backhaul.kernel.clock import SteppedClock
from tests.conftest import NOON
from tests.dialects.databases import shared_database
from tests.dialects.mounting import mounted


@pytest.fixture(scope="session")
async def empty_app(cluster, template, tmp_path_factory):
    """An application on a database that stays empty."""
    async with (
        shared_database(cluster, template, "web") as url,
        mounted(url, tmp_path_factory.mktemp("web"), clock=SteppedClock(NOON)) as app,
    ):
        yield app


@pytest.fixture
async def own_app(database_url, clock, tmp_path):
    """An application on a database that a test may change."""
    async with mounted(database_url, tmp_path, clock=clock) as app:
        yield app
