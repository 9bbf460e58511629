"""One installation for all tests of saved views, which leave none behind: furnishing one for each takes too long."""

import pytest

from backhaul.kernel.clock import SteppedClock
from tests.conftest import NOON
from tests.dialects.databases import shared_database
from tests.dialects.statement_log import Log
from tests.web.console.furnished import furnished


@pytest.fixture(scope="module")
async def furnished_console(cluster, furniture, tmp_path_factory):
    log = Log()
    async with shared_database(cluster, furniture.template, "saved_views") as url:
        data_dir = tmp_path_factory.mktemp("saved_views")
        async with furnished(
            url, data_dir, clock=SteppedClock(NOON), furniture=furniture, logger=log
        ) as made:
            made.log = log
            yield made


@pytest.fixture
async def kept_console(furnished_console):
    yield furnished_console
    await furnished_console.owner.execute("DELETE FROM saved_views")
