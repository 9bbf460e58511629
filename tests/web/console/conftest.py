"""One installation for every test of the console that only looks; tests that change it take one of their own."""

import contextlib
import os

import pytest

from backhaul.kernel.clock import SteppedClock
from backhaul.settings import OidcSettings
from tests.conftest import NOON
from tests.dialects.databases import database
from tests.dialects.mounting import small
from tests.dialects.statement_log import Log
from tests.web.console.browse import Browse
from tests.web.console.furnished import Furniture, furnished
from tests.web.console.provider import Provider


@pytest.fixture(scope="session")
async def furniture(cluster, template, tmp_path_factory):
    """Everything pages are about, made once; each furnished console begins as a copy of it."""
    name = f"furnished_{os.getpid()}"
    async with database(cluster, template, name) as url:
        data_dir = tmp_path_factory.mktemp("furnished")
        async with furnished(url, data_dir, clock=SteppedClock(NOON)) as made:
            furniture = Furniture(made, name)
        yield furniture


@contextlib.asynccontextmanager
async def begun(cluster, furniture, name, data_dir, *, clock):
    """A console with its furniture in a database of its own name."""
    log = Log()
    async with (
        database(cluster, furniture.template, name) as url,
        furnished(url, data_dir, clock=clock, furniture=furniture, logger=log) as made,
    ):
        made.log = log
        yield made


@pytest.fixture(scope="session")
async def console(cluster, furniture, tmp_path_factory):
    """Two furnished organizations and members of every role; its clock stands still."""
    folder, clock = tmp_path_factory.mktemp("console"), SteppedClock(NOON)
    async with begun(cluster, furniture, f"console_{os.getpid()}", folder, clock=clock) as made:
        yield made


@pytest.fixture(scope="session")
async def busy_console(cluster, furniture, tmp_path_factory):
    """A console whose tests each bring and change rows of their own; nobody counts all there are."""
    folder, clock = tmp_path_factory.mktemp("busy"), SteppedClock(NOON)
    async with begun(cluster, furniture, f"busy_{os.getpid()}", folder, clock=clock) as made:
        yield made


@pytest.fixture
async def own_console(cluster, furniture, tmp_path, clock):
    """A console for one test alone, whose clock the test moves."""
    async with begun(cluster, furniture, f"own_{os.getpid()}", tmp_path, clock=clock) as made:
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


@pytest.fixture
async def provider(clock):
    """An identity provider that knows nobody yet."""
    started = await Provider(clock).start()
    yield started
    await started.stop()


@pytest.fixture
async def elsewhere(provider, database_url, tmp_path, clock):
    """A console whose people may also sign in by the provider."""
    oidc = OidcSettings(
        issuer=provider.issuer,
        client_id="backhaul",
        client_secret="shared",
        name="Example ID",
        allowed_private_networks=("127.0.0.0/8",),
    )
    settings = small(database_url, oidc=oidc)
    async with furnished(
        database_url, tmp_path, clock=clock, settings=settings, is_bare=True, logger=Log()
    ) as made:
        provider.claims = {"email": made.emails["owner"].upper(), "email_verified": True}
        yield made
