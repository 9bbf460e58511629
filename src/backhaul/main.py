"""The only wiring: from settings to an application that serves and a worker that works."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import msgspec
from litestar import Litestar
from litestar.datastructures import State
from litestar.exceptions import HTTPException

from backhaul import outside
from backhaul.adapters.carriers.manual import ManualCarrier
from backhaul.adapters.carriers.simulated import SimulatedCarrier
from backhaul.adapters.mail import MailFolder, SmtpMailer, SmtpSettings, TlsMode
from backhaul.dialects import refusing
from backhaul.dialects.boxc import openapi as boxc_openapi
from backhaul.dialects.boxc.routes import HANDLERS as BOXC
from backhaul.dialects.reready import openapi as reready_openapi
from backhaul.dialects.reready.routes import HANDLERS as REREADY
from backhaul.dialects.serving import Serving
from backhaul.dialects.unduit import openapi as unduit_openapi
from backhaul.dialects.unduit.routes import HANDLERS as UNDUIT
from backhaul.domain import work as domain_work
from backhaul.domain.identity import Authenticator
from backhaul.domain.identity.browsing import Browsers
from backhaul.domain.notify import Mailer
from backhaul.domain.shipping.model import CarrierCode
from backhaul.domain.shipping.ports import Carrier, Carriers
from backhaul.domain.transfers.model import Policy
from backhaul.domain.webhooks.sending import Sender
from backhaul.jobqueue.worker import WorkerSettings, run_worker
from backhaul.kernel.addresses import Address
from backhaul.kernel.clock import Clock, SystemClock
from backhaul.kernel.errors import DomainError
from backhaul.kernel.internet import networks
from backhaul.kernel.ports import Ports
from backhaul.settings import DatabaseSettings, SettingRefused, Settings
from backhaul.storage import relay
from backhaul.storage.connecting import DatabaseUrls, Session, StatementLogger
from backhaul.storage.database import Database
from backhaul.storage.embedded import EmbeddedServer
from backhaul.storage.embedded import start as start_embedded
from backhaul.storage.installation_secrets import KeptSecret
from backhaul.storage.migrations.apply import head
from backhaul.storage.sessions import require_sessions
from backhaul.web import files, health, labels, pickups, tracking
from backhaul.web.console.refused import render_refusal
from backhaul.web.console.routes import HANDLERS as CONSOLE
from backhaul.web.frame import Frame
from backhaul.web.recovery import pages as person_pages

CHEAPEST = "cheapest"
DEMO_CREDENTIALS = "demo-credentials.json"
REFUSING: Any = {  # Litestar types handlers by the exception they are given for
    DomainError: refusing.refuse,
    HTTPException: refusing.refuse_http,
    Exception: refusing.fail,
}


class Place(msgspec.Struct, frozen=True):
    """Where this installation's data is: its folder, and PostgreSQL's URLs."""

    data_dir: Path
    urls: DatabaseUrls
    server: EmbeddedServer | None  # None: PostgreSQL is somebody else's care


@contextlib.contextmanager
def open_place(settings: Settings) -> Iterator[Place]:
    """Start or join the embedded PostgreSQL, unless a URL names another; leave it at the end."""
    check(settings)
    data_dir = Path(settings.data_dir).expanduser().absolute()
    if settings.database.url is not None:
        urls = urls_of(settings.database)
        for url in {urls.app, urls.worker}:
            asyncio.run(require_sessions(url, timeout_seconds=settings.database.connect_timeout_seconds))
        yield Place(data_dir, urls, None)
        return
    with start_embedded(data_dir) as server:
        yield Place(data_dir, DatabaseUrls.single(server.dsn()), server)


def check(settings: Settings) -> None:
    """Refuse settings that only the wiring can judge, before anything is started."""
    _carriers(settings)
    _policy(settings)
    outside.price_list(settings.billing)
    outside.rate_card(settings.billing)


def urls_of(database: DatabaseSettings) -> DatabaseUrls:
    """Return each role's URL; one URL serves all unless others are set."""
    assert database.url is not None
    return DatabaseUrls(
        owner=database.url, app=database.app_url or database.url, worker=database.worker_url or database.url
    )


async def open_database(
    settings: Settings, urls: DatabaseUrls, *, logger: StatementLogger | None = None
) -> Database:
    """Open this process's pools."""
    chosen = settings.database
    session = Session(
        app_connections=chosen.app_connections,
        lookup_connections=chosen.lookup_connections,
        worker_connections=chosen.worker_connections,
        connect_timeout_seconds=chosen.connect_timeout_seconds,
        command_timeout_seconds=chosen.command_timeout_seconds,
        statement_timeout_seconds=chosen.statement_timeout_seconds,
        logger=logger,
    )
    return await Database.open(urls, session)


def base_url(settings: Settings) -> str:
    """Return what others reach this installation by."""
    return settings.http.base_url or f"http://{settings.http.host}:{settings.http.port}"


def make_ports(settings: Settings, db: Database, data_dir: Path) -> Ports:
    """Return the outside world as the settings describe it."""
    return {
        Carriers: _carriers(settings),
        Mailer: _mailer(settings, data_dir),
        Policy: _policy(settings),
        **outside.person_ports(settings.recovery, base_url=base_url(settings)),
        **outside.radar_ports(settings),
        **outside.text_ports(settings.texting, data_dir),
        **outside.money_ports(settings.billing, settings.stripe, db),
        **outside.webhook_ports(settings.webhooks, base_url=base_url(settings)),
        **outside.warehouse_ports(settings, db, data_dir=data_dir, base_url=base_url(settings)),
    }


def _carriers(settings: Settings) -> Carriers:
    tracking_page = f"{base_url(settings)}/track/"
    adapters: dict[str, Carrier] = {
        "simulated": SimulatedCarrier(day_seconds=settings.shipping.day_seconds, tracking_page=tracking_page),
        "manual": ManualCarrier(tracking_page=tracking_page),
    }
    serving = dict.fromkeys(CarrierCode, "simulated")
    for name, adapter in settings.shipping.carriers.items():
        if adapter not in adapters:
            reason = f"{adapter} is none of {', '.join(sorted(adapters))}"
            raise SettingRefused(name="shipping.carriers", reason=reason)
        serving[_carrier("shipping.carriers", name)] = adapter
    return Carriers(adapters, serving)


def _mailer(settings: Settings, data_dir: Path) -> Mailer:
    mail = settings.mail
    if mail.transport == "folder":
        return MailFolder(Path(mail.folder) if mail.folder else data_dir / "mail", sender=mail.sender)
    return SmtpMailer(
        SmtpSettings(
            host=mail.smtp_host,
            port=mail.smtp_port,
            sender=mail.sender,
            username=mail.smtp_username,
            password=mail.smtp_password,
            tls=TlsMode(mail.smtp_tls),
            timeout_seconds=mail.smtp_timeout_seconds,
        )
    )


def _policy(settings: Settings) -> Policy:
    transfers = settings.transfers
    return Policy(
        label_page=f"{base_url(settings)}/label/",
        pickup_page=f"{base_url(settings)}/pickup/",
        box_origin=Address(
            name=transfers.depot_name,
            line_1=transfers.depot_line_1,
            city=transfers.depot_city,
            state_code=transfers.depot_state_code,
            postal_code=transfers.depot_postal_code,
            country_code=transfers.depot_country_code,
        ),
        reminder_days=transfers.reminder_days,
        give_up_days=transfers.give_up_days,
        day_seconds=transfers.day_seconds,
        box_carrier=_carrier_or_cheapest("transfers.box_carrier", transfers.box_carrier),
        device_carrier=_carrier_or_cheapest("transfers.device_carrier", transfers.device_carrier),
    )


def _carrier_or_cheapest(setting: str, name: str) -> CarrierCode | None:
    return None if name == CHEAPEST else _carrier(setting, name)


def _carrier(setting: str, name: str) -> CarrierCode:
    try:
        return CarrierCode(name)
    except ValueError:
        known = ", ".join(code.value for code in CarrierCode)
        raise SettingRefused(name=setting, reason=f"{name} is none of {known}") from None


def create_app(
    settings: Settings,
    place: Place,
    *,
    clock: Clock | None = None,
    waits_for: Path | None = None,
    logger: StatementLogger | None = None,
) -> Frame:
    """Return the application. It opens its pools when the server starts it and closes them at the end."""
    ticking, url = clock or SystemClock(), base_url(settings)

    @contextlib.asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        db = await open_database(settings, place.urls, logger=logger)
        authenticator = Authenticator(
            db, clock=ticking, settings=outside.authentication(settings.identity, base_url=url)
        )
        await authenticator.start()
        browsers = Browsers(db, clock=ticking, terms=outside.browsing_terms(settings.console))
        await browsers.start()
        app.state.browsers = browsers
        app.state.serving = Serving(
            db=db,
            clock=ticking,
            authenticator=authenticator,
            trusted_proxies=tuple(ip_network(text) for text in settings.http.trusted_proxies),
            reready_state_follows_example=settings.reready.state_follows_example,
            unduit_adds_by_get=settings.unduit.adds_to_campaigns_by_get,
            callback_networks=networks(settings.webhooks.allowed_private_networks),
            papers=outside.packing_lists(),
            page_limits=outside.page_limits(settings.recovery),
            boxc_bucket=outside.boxc_bucket(settings.boxc),
            page_secret=KeptSecret(db, "page_tokens"),
            ports=outside.serving_ports(settings, db, place.data_dir, url, _carriers(settings)),
        )
        try:
            yield
        finally:
            await browsers.close()
            await authenticator.close()
            await db.close()

    app = Litestar(
        route_handlers=[
            *REREADY,
            reready_openapi.describe,
            *UNDUIT,
            unduit_openapi.describe,
            *BOXC,
            boxc_openapi.describe,
            *files.HANDLERS,
            *health.HANDLERS,
            *labels.HANDLERS,
            *pickups.HANDLERS,
            *tracking.HANDLERS,
            *person_pages.HANDLERS,
            *CONSOLE,
        ],
        lifespan=[lifespan],
        state=State({"waits_for": waits_for, "schema": head(), "refused_page": render_refusal}),
        exception_handlers=REFUSING,
        request_max_body_size=settings.http.max_body_bytes,
        openapi_config=None,
        logging_config=None,
    )
    return Frame(app, logs_requests=settings.log.level == "debug")


async def work(settings: Settings, place: Place, *, stop: asyncio.Event, clock: Clock | None = None) -> None:
    """Run jobs, periodic jobs and the relay until told to stop."""
    assert domain_work.DECLARING
    ticking = clock or SystemClock()
    db = await open_database(settings, place.urls)
    try:
        ports = make_ports(settings, db, place.data_dir)
        await run_worker(
            db,
            clock=ticking,
            ports=ports,
            settings=WorkerSettings(
                concurrency=settings.jobs.at_once,
                heartbeat_timeout_seconds=settings.jobs.heartbeat_timeout_seconds,
                drain_seconds=settings.jobs.drain_seconds,
                max_crashes=settings.jobs.max_crashes,
            ),
            stop=stop,
            extra_loops=[partial(_relay, db, ports, ticking), Sender(db, clock=ticking, ports=ports).run],
        )
    finally:
        await db.close()


async def _relay(db: Database, ports: Ports, clock: Clock, stop: asyncio.Event) -> None:
    await relay.run_relay(db, ports=ports, clock=clock, stop=stop)
