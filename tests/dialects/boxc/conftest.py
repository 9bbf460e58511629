"""An installation for the tests of this dialect that leave its clock alone; nobody's bucket runs over in it."""

import pytest

from backhaul.settings import BoxcSettings
from tests.dialects.boxc.describing import Description
from tests.dialects.boxc.signing_in import program
from tests.dialects.databases import shared_database
from tests.dialects.installation import installed
from tests.dialects.mounting import small


@pytest.fixture(scope="module")
async def made(cluster, template, tmp_path_factory, standing_clock):
    async with shared_database(cluster, template, "boxc") as url:
        settings = small(url, boxc=BoxcSettings(rate_limit_requests=100_000))
        data_dir = tmp_path_factory.mktemp("boxc")
        async with installed(url, data_dir, clock=standing_clock, settings=settings) as installation:
            yield installation


@pytest.fixture
async def shop(made):
    """A client that people can sign in with."""
    return await program(made)


@pytest.fixture
async def browser(made):
    """A browser somewhere, with its cookies."""
    async with made.app.client(made.address()) as client:
        yield client


@pytest.fixture(scope="module")
async def description(made):
    """The dialect's OpenAPI description, as served."""
    answer = await made.app.request("GET", "/openapi/boxc.json")
    assert answer.status_code == 200
    return Description(answer.json())
