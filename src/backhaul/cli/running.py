"""serve, work, up, migrate: the processes of an installation."""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
import prometheus_client
import structlog
import typer
import uvloop

from backhaul import main as wiring
from backhaul.cli import demo_organization, http_server, logs, served
from backhaul.cli.session import DataDir, settings_with
from backhaul.settings import SettingRefused, Settings
from backhaul.storage.embedded import EmbeddedServer
from backhaul.storage.migrations.apply import migrate as apply_migrations

logger = structlog.get_logger("backhaul")

Demo = Annotated[bool, typer.Option("--demo", help="Make a demo organization on a new data directory.")]
Port = Annotated[int | None, typer.Option("--port", help="Where to listen; default 8000.")]
DaySeconds = Annotated[
    float | None, typer.Option("--day-seconds", help="How long the simulated carrier's day lasts.", min=0.01)
]
Workers = Annotated[int | None, typer.Option("--workers", help="Serving processes.", min=1)]
WATCH_SECONDS = 1.0


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(serve)
    app.command()(work)
    app.command()(up)
    app.command()(migrate)


def serve(
    data_dir: DataDir = None,
    port: Port = None,
    day_seconds: DaySeconds = None,
    workers: Workers = None,
    demo: Demo = False,
) -> None:
    """Answer HTTP requests. Jobs are run by `backhaul work`; with --demo this process runs them too."""
    settings = _settings(data_dir, port=port, day_seconds=day_seconds, workers=workers)
    if demo and settings.http.workers > 1:
        raise SettingRefused(name="--workers", reason="a demonstration is served by one process")
    _run(settings, serves=True, works=demo, demo=demo)


def work(data_dir: DataDir = None, day_seconds: DaySeconds = None) -> None:
    """Run jobs, periodic jobs and the relay of events."""
    settings = _settings(data_dir, day_seconds=day_seconds)
    if settings.jobs.metrics_port is not None:
        prometheus_client.start_http_server(settings.jobs.metrics_port, addr=settings.http.host)
    _run(settings, serves=False, works=True, demo=False)


def up(
    data_dir: DataDir = None, port: Port = None, day_seconds: DaySeconds = None, demo: Demo = False
) -> None:
    """Start everything in one process: PostgreSQL, the server and the worker."""
    settings = _settings(data_dir, port=port, day_seconds=day_seconds)
    if settings.http.workers > 1:
        reason = "`up` is one process; for several use `backhaul serve --workers` and `backhaul work`"
        raise SettingRefused(name="http.workers", reason=reason)
    _run(settings, serves=True, works=True, demo=demo)


def migrate(data_dir: DataDir = None) -> None:
    """Bring the database to this release's schema."""
    settings = settings_with(data_dir)
    logs.configure(settings.log)
    with wiring.open_place(settings) as place:
        apply_migrations(place.urls.owner)
    print("The database is at this release's schema.")


def _settings(
    data_dir: Path | None,
    *,
    port: int | None = None,
    day_seconds: float | None = None,
    workers: int | None = None,
) -> Settings:
    settings = settings_with(data_dir)
    if port is not None:
        settings = msgspec.structs.replace(settings, http=msgspec.structs.replace(settings.http, port=port))
    if workers is not None:
        settings = msgspec.structs.replace(
            settings, http=msgspec.structs.replace(settings.http, workers=workers)
        )
    if day_seconds is not None:
        shipping = msgspec.structs.replace(settings.shipping, day_seconds=day_seconds)
        settings = msgspec.structs.replace(settings, shipping=shipping)
    return settings


def _run(settings: Settings, *, serves: bool, works: bool, demo: bool) -> None:
    logs.configure(settings.log)
    with contextlib.ExitStack() as stack:
        # First of all: an address that is taken is refused before anything is started.
        bound = stack.enter_context(http_server.listen(settings)) if serves else None
        place = stack.enter_context(wiring.open_place(settings))
        apply_migrations(place.urls.owner)
        if bound is not None:
            served.note(settings, place.data_dir)
        waits_for = None
        if demo and demo_organization.is_wanted(settings, place):
            waits_for = place.data_dir / wiring.DEMO_CREDENTIALS
        stack.enter_context(_watched(place.server))
        if bound is not None and settings.http.workers > 1:
            uvloop.run(http_server.serve_many(settings, place, bound))
        else:
            uvloop.run(_main(settings, place, bound, works=works, waits_for=waits_for))


async def _main(
    settings: Settings,
    place: wiring.Place,
    bound: socket.socket | None,
    *,
    works: bool,
    waits_for: Path | None,
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    parts: list[asyncio.Task[None]] = []
    if bound is not None:
        serving = http_server.serve(settings, place, bound, stop=stop, waits_for=waits_for)
        parts.append(asyncio.create_task(serving))
    if works:
        parts.append(asyncio.create_task(_work(settings, place, stop=stop, prepares=waits_for is not None)))
    try:
        await _until_stopped(parts, stop)
    finally:
        stop.set()
        await asyncio.gather(*parts)


async def _work(settings: Settings, place: wiring.Place, *, stop: asyncio.Event, prepares: bool) -> None:
    if prepares:
        # First the past, on its own clock; a worker that ran beside it would carry it out today.
        await demo_organization.prepare(settings, place)
    await wiring.work(settings, place, stop=stop)


async def _until_stopped(parts: list[asyncio.Task[None]], stop: asyncio.Event) -> None:
    """Wait for the signal, or for a part that fails: half an installation is none."""
    waiting = asyncio.create_task(stop.wait())
    running = set(parts)
    while not waiting.done():
        done, _ = await asyncio.wait({waiting, *running}, return_when=asyncio.FIRST_COMPLETED)
        for part in done & running:
            running.discard(part)
            if part.exception() is not None:
                stop.set()
    waiting.cancel()


@contextlib.contextmanager
def _watched(server: EmbeddedServer | None) -> Iterator[None]:
    """Start the embedded PostgreSQL again should somebody kill it."""
    if server is None:
        yield
        return
    over = threading.Event()

    def watch() -> None:
        while not over.wait(WATCH_SECONDS):
            try:
                if server.ensure_running():
                    logger.warning("postgresql was gone and is started again")
            except Exception:
                logger.exception("postgresql cannot be started again yet")

    watcher = threading.Thread(target=watch, name="postgresql watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
