"""The whole application in this process, spoken to in HTTP's own terms: what uvicorn would do, without a port."""

import asyncio
import contextlib

import httpx2

from backhaul.main import Place, create_app
from backhaul.settings import DatabaseSettings, Settings
from backhaul.storage.connecting import DatabaseUrls

HOST = "http://backhaul.test"


class Mounted:
    """An application that has been started."""

    def __init__(self, frame, settings, place):
        self.frame, self.settings, self.place = frame, settings, place

    @property
    def litestar(self):
        """The framework's application inside the frame: its routes and its state."""
        return self.frame._app

    def client(self, address="127.0.0.1", **options):
        """A client at some address; close it with `async with`."""
        transport = httpx2.ASGITransport(self.frame, client=(address, 40_000))
        return httpx2.AsyncClient(transport=transport, base_url=HOST, **options)

    async def request(self, method, path, *, address="127.0.0.1", **options):
        """One request on a connection of its own."""
        async with self.client(address) as client:
            return await client.request(method, path, **options)


@contextlib.asynccontextmanager
async def mounted(database_url, data_dir, *, clock, settings=None, waits_for=None, logger=None):
    """Start the application on a database, and stop it at the end."""
    settings = settings or small(database_url)
    place = Place(data_dir, DatabaseUrls.single(database_url), None)
    frame = create_app(settings, place, clock=clock, waits_for=waits_for, logger=logger)
    async with _alive(frame):
        yield Mounted(frame, settings, place)


def small(database_url, **groups):
    """Settings for tests: few connections, the rest as delivered."""
    database = DatabaseSettings(
        url=database_url, app_connections=8, lookup_connections=3, worker_connections=2
    )
    return Settings(database=database, **groups)


@contextlib.asynccontextmanager
async def _alive(app):
    """Play the server's side of ASGI's lifespan."""
    asked, answered = asyncio.Queue(), asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
    task = asyncio.create_task(app(scope, asked.get, answered.put))
    await _step(asked, answered, task, "startup")
    try:
        yield
    finally:
        await _step(asked, answered, task, "shutdown")
        await task


async def _step(asked, answered, task, name):
    asked.put_nowait({"type": f"lifespan.{name}"})
    answer = asyncio.create_task(answered.get())
    await asyncio.wait({answer, task}, return_when=asyncio.FIRST_COMPLETED)
    if not answer.done():
        answer.cancel()
        await task
    message = answer.result()
    if message["type"] != f"lifespan.{name}.complete":
        raise RuntimeError(message.get("message", message["type"]))
