"""One installation for every test of the console that only looks; tests that change it take one of their own."""

import contextlib

import pytest

from backhaul.kernel.clock import SteppedClock
from tests.conftest import NOON
from tests.dialects.databases import shared_database
from tests.dialects.statement_log import Log
from tests.web.console.browse import Browse
from tests.web.console.furnished import furnished


@pytest.fixture(scope="session")
async def console(cluster, template, tmp_path_factory):
    """Two furnished organizations and members of every role; its clock stands still."""
    log = Log()
    async with shared_database(cluster, template, "console") as url:
        data_dir = tmp_path_factory.mktemp("console")
        async with furnished(url, data_dir, clock=SteppedClock(NOON), logger=log) as made:
            made.log = log
            yield made


@pytest.fixture(scope="session")
async def busy_console(cluster, template, tmp_path_factory):
    """A console whose tests each bring and change rows of their own; nobody counts all there are."""
    log = Log()
    async with shared_database(cluster, template, "busy") as url:
        data_dir = tmp_path_factory.mktemp("busy")
        async with furnished(url, data_dir, clock=SteppedClock(NOON), logger=log) as made:
            made.log = log
            yield made


@pytest.fixture
async def own_console(database_url, tmp_path, clock):
    """A console for one test alone, whose clock the test moves."""
    log = Log()
    async with furnished(database_url, tmp_path, clock=clock, logger=log) as made:
        made.log = log
        yield made


@pytest.fixture
async def bare_console(database_url, tmp_path, clock):
    """As `own_console`, with people and nothing else: quicker, for what is about people alone."""
    log = Log()
    async with furnished(database_url, tmp_path, clock=clock, is_bare=True, logger=log) as made:
        made.log = log
        yield made


@pytest.fixture
async def visitors():
    """Open browsers of an installation by the name of who is signed in; None for nobody."""
    async with contextlib.AsyncExitStack() as stack:

        async def open_browser(installation, name=None):
            client = await stack.enter_async_context(installation.app.client(installation.address()))
            browse = Browse(client, installation.log)
            if name is not None:
                await browse.sign_in(installation.emails[name])
            return browse

        yield open_browser


@pytest.fixture
async def browse(console):
    """The owner of the shared console's first organization, signed in; do not sign them out."""
    return await console.kept("owner")
