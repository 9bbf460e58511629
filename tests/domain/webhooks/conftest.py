import pytest
from structlog.testing import capture_logs
from tests.adapters.outgoing.conftest import start

from .office import Office

__all__ = ["office", "start"]


@pytest.fixture
async def db(opened, sweep):
    """One database for the whole folder, swept before each test."""
    await sweep()
    return opened


@pytest.fixture
def database_url(ground):
    """Where another process finds it."""
    return ground


@pytest.fixture
async def office(db, clock, make, tmp_path):
    """An organization with a sender; a logged error fails the test unless it expects one."""
    with capture_logs() as logs:
        office = Office(db, clock, make, await make.organization(), tmp_path)
        office.logs = logs
        office.expects_failures = False
        yield office
    assert office.expects_failures or not [
        line for line in logs if line["log_level"] in ("error", "critical")
    ]
