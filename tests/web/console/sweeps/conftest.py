"""The shared console behind a port, and a Chromium in which its owner is signed in."""

import pytest

from tests.dialects.installation import PASSWORD
from tests.web.console.sweeps.looking import Window
from tests.web.recovery import browsing


@pytest.fixture(scope="session")
async def address(console):
    """Where the shared console is served on 127.0.0.1."""
    async with browsing.served(console.database_url, console.app.place.data_dir, clock=console.clock) as url:
        yield url


@pytest.fixture(scope="session")
async def chromium():
    async with browsing.browser() as launched:
        yield launched


@pytest.fixture(scope="session")
async def windows(chromium, address, console):
    """Windows by who looks and how, each signed in once."""
    opened = {}

    async def window(who="owner", **looks):
        key = (who, *sorted(looks.items()))
        if key not in opened:
            context = await chromium.new_context(viewport={"width": 1280, "height": 800}, **looks)
            opened[key] = await Window(context, address).sign_in(console.emails[who], PASSWORD)
        return opened[key]

    yield window
    for one in opened.values():
        await one.context.close()
