"""Chromium, and a real server on 127.0.0.1 for it to visit."""

import asyncio
import contextlib
import os
import shutil
import socket

import pytest
from playwright.async_api import async_playwright

from backhaul.cli.http_server import server_of
from backhaul.main import Place, create_app
from backhaul.storage.connecting import DatabaseUrls
from tests.dialects.mounting import small

NAMES = ("chromium", "chromium-browser", "google-chrome")
PHONE = {"width": 360, "height": 740}


def chromium():
    """The first Chromium there is. Without one the tests are skipped, in CI they fail."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        reason = f"NO BROWSER: none of {', '.join(NAMES)} is installed, so nobody has looked at the page"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@contextlib.asynccontextmanager
async def browser():
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            yield launched
        finally:
            await launched.close()


@contextlib.asynccontextmanager
async def served(database_url, data_dir, *, clock):
    """The application behind a port; yields its address."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        app = create_app(
            small(database_url), Place(data_dir, DatabaseUrls.single(database_url), None), clock=clock
        )
        server = server_of(app, drain_seconds=2)
        task = asyncio.create_task(server.serve(sockets=[bound]))
        while not server.started:
            assert not task.done(), task
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task
