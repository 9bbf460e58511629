"""uvicorn around the application: in this process, or in several under a supervisor of our own (decision 0014)."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import structlog
import uvicorn

from backhaul import main as wiring
from backhaul.cli.http_wire import BoundedProtocol
from backhaul.kernel.errors import DomainError, Kind
from backhaul.settings import Settings

logger = structlog.get_logger("backhaul.http")

BACKLOG = 1024
KEEP_ALIVE_SECONDS = 75  # more than proxies keep theirs, so that it is they who hang up
CLOSING_SECONDS = 15.0  # what a serving process may need beyond its requests, before it is killed
RESPAWN_SECONDS = 1.0
SWEEP_TICKS = 10  # of a tenth of a second, as uvicorn ticks


class AddressBusy(DomainError):
    """Somebody else listens where this server should."""

    code = "http.address_busy"
    kind = Kind.CONFLICT
    message = "Cannot listen on {host}:{port}: {reason}. Choose another --port, or stop what listens there."


class Server(uvicorn.Server):
    """uvicorn without its own idea of signals, and with ours of time."""

    def __init__(self, config: uvicorn.Config, *, drain_seconds: float) -> None:
        super().__init__(config)
        self._drain_seconds = drain_seconds

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to whoever runs this server."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and spare the collector everything that is here to stay."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()

    async def on_tick(self, counter: int) -> bool:
        """Look after the connections once a second."""
        if counter % SWEEP_TICKS == 0:
            now = asyncio.get_running_loop().time()
            for connection in self._connections():
                connection.sweep(now)
        return await super().on_tick(counter)

    async def _wait_tasks_to_complete(self) -> None:
        # uvicorn's own limit would call every request it cuts off a defect, and answer it as one.
        try:
            async with asyncio.timeout(self._drain_seconds):
                await super()._wait_tasks_to_complete()
        except TimeoutError:
            requests = list(self.server_state.tasks)
            logger.warning("stopping cuts requests off", requests=len(requests))
            for connection in self._connections():
                connection.cut_off()
            for request in requests:
                request.cancel()

    def _connections(self) -> list[BoundedProtocol]:
        return cast("list[BoundedProtocol]", list(self.server_state.connections))


def server_of(app: Any, *, drain_seconds: float) -> Server:
    """Return the server as every process of ours sets it."""
    config = uvicorn.Config(
        app,
        http=BoundedProtocol,
        ws="none",
        loop="none",  # we run it in ours
        lifespan="on",
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        proxy_headers=False,  # dialects.serving judges them
        server_header=False,
        access_log=False,
        log_config=None,
    )
    return Server(config, drain_seconds=drain_seconds)


def listen(settings: Settings) -> socket.socket:
    """Return a socket bound where the settings say; nobody is answered before it is served."""
    host, port = settings.http.host, settings.http.port
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise AddressBusy(host=host, port=port, reason=error.strerror) from error
    return bound


async def serve(
    settings: Settings,
    place: wiring.Place,
    bound: socket.socket,
    *,
    stop: asyncio.Event,
    waits_for: Path | None = None,
) -> None:
    """Serve until told to stop; then let requests in flight end, those that never end excepted."""
    app = wiring.create_app(settings, place, waits_for=waits_for)
    server = server_of(app, drain_seconds=settings.http.drain_seconds)
    serving = asyncio.create_task(_run(server, bound))
    stopping = asyncio.create_task(stop.wait())
    logger.info("serving", url=wiring.base_url(settings))
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    server.should_exit = True
    await serving


async def _run(server: Server, bound: socket.socket) -> None:
    try:
        await server.serve(sockets=[bound])
    except SystemExit as error:  # how uvicorn says that the application did not start
        raise RuntimeError("the application did not start") from error


async def serve_many(settings: Settings, place: wiring.Place, bound: socket.socket) -> None:
    """Serve with several processes on one socket, and replace those that end, until a signal comes."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    bound.listen(BACKLOG)
    # Nobody writes into the pipe. It ends with this process, however that ends, and with it the serving ones do.
    alive, held = os.pipe()
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(settings.http.workers):
                group.create_task(_keep_serving(settings, place, bound.fileno(), alive, stop))
    finally:
        os.close(alive)
        os.close(held)


async def _keep_serving(
    settings: Settings, place: wiring.Place, listening: int, alive: int, stop: asyncio.Event
) -> None:
    while not stop.is_set():
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "backhaul.cli.http_process", str(listening), str(alive),
            pass_fds=(listening, alive), env=os.environ | environment(settings, place),
        )  # fmt: skip
        ended, stopping = asyncio.create_task(process.wait()), asyncio.create_task(stop.wait())
        await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not ended.done():
            process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(ended), settings.http.drain_seconds + CLOSING_SECONDS)
        if not ended.done():
            process.kill()
        code = await ended
        if not stop.is_set():
            logger.warning("a serving process ended and is started again", pid=process.pid, code=code)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), RESPAWN_SECONDS)


def environment(settings: Settings, place: wiring.Place) -> dict[str, str]:
    """Return what serving processes are told through their environment."""
    return {
        "BACKHAUL_DATABASE_URL": place.urls.owner,
        "BACKHAUL_DATABASE__APP_URL": place.urls.app,
        "BACKHAUL_DATABASE__WORKER_URL": place.urls.worker,
        "BACKHAUL_DATA_DIR": str(place.data_dir),
        "BACKHAUL_HTTP__PORT": str(settings.http.port),
    }
