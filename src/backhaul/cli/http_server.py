"""Granian around the application: in this process, or in several."""

import asyncio
import os
import socket
from pathlib import Path

import structlog
from granian import Granian
from granian.constants import Interfaces
from granian.server.embed import Server

from backhaul import main as wiring
from backhaul.cli import logs
from backhaul.kernel.errors import DomainError, Kind
from backhaul.settings import Settings, load
from backhaul.web.frame import Frame

logger = structlog.get_logger("backhaul.http")

BACKLOG = 1024


class AddressBusy(DomainError):
    """Somebody else listens where this server should."""

    code = "http.address_busy"
    kind = Kind.CONFLICT
    message = "Cannot listen on {host}:{port}: {reason}. Choose another --port, or stop what listens there."


def require_free_address(settings: Settings) -> None:
    """Refuse an address that is taken: Granian shares ports, so that a second server would steal requests."""
    host, port = settings.http.host, settings.http.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AddressBusy(host=host, port=port, reason=error.strerror) from error


async def serve(
    settings: Settings, place: wiring.Place, *, stop: asyncio.Event, waits_for: Path | None
) -> None:
    """Serve until told to stop; then let requests in flight end."""
    app = wiring.create_app(settings, place, waits_for=waits_for)
    server = Server(
        app,
        address=settings.http.host,
        port=settings.http.port,
        interface=Interfaces.ASGI,
        backlog=BACKLOG,
        log_enabled=False,
        websockets=False,
    )
    serving = asyncio.create_task(server.serve())
    stopping = asyncio.create_task(stop.wait())
    logger.info("serving", url=wiring.base_url(settings))
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not serving.done():
        # Granian accepts nothing new from here on and lets requests in flight end; one that never ends, because
        # its client fell silent for example, must not keep the process for ever.
        server.stop()  # type: ignore[no-untyped-call]  # Granian leaves it untyped
        ended, _ = await asyncio.wait({serving}, timeout=settings.http.drain_seconds)
        if not ended:
            logger.warning(
                "requests that did not end were cut off", after_seconds=settings.http.drain_seconds
            )
            for worker in server.wrks:
                worker.kill()  # type: ignore[no-untyped-call]  # the same
            await asyncio.gather(serving, return_exceptions=True)  # it reports that it was cut off
            return
    await serving


def serve_many(settings: Settings, place: wiring.Place) -> None:
    """Serve with several processes under Granian's own supervisor, which listens to signals itself."""
    os.environ.update(environment(settings, place))
    Granian(
        "backhaul.cli.http_server:app_of_environment",
        factory=True,
        address=settings.http.host,
        port=settings.http.port,
        interface=Interfaces.ASGI,
        workers=settings.http.workers,
        workers_kill_timeout=max(1, round(settings.http.drain_seconds)),
        respawn_failed_workers=True,
        backlog=BACKLOG,
        log_enabled=False,
        websockets=False,
    ).serve()


def environment(settings: Settings, place: wiring.Place) -> dict[str, str]:
    """Return what serving processes are told through their environment."""
    return {
        "BACKHAUL_DATABASE_URL": place.urls.owner,
        "BACKHAUL_DATABASE__APP_URL": place.urls.app,
        "BACKHAUL_DATABASE__WORKER_URL": place.urls.worker,
        "BACKHAUL_DATA_DIR": str(place.data_dir),
        "BACKHAUL_HTTP__PORT": str(settings.http.port),
    }


def app_of_environment() -> Frame:
    """Return the application of one of several serving processes."""
    settings = load()
    logs.configure(settings.log)
    place = wiring.Place(Path(settings.data_dir), wiring.urls_of(settings.database), None)
    return wiring.create_app(settings, place)
