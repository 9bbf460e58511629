"""`--demo`: an organization with a past, made on a clock that runs from three weeks ago to now."""

import asyncio
import contextlib
import functools
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import structlog

from backhaul import main as wiring
from backhaul.cli import demo_recovery, demo_warehouse
from backhaul.cli.demo_credentials import give_credentials, write_private
from backhaul.cli.demo_devices import devices, furnish, story_device
from backhaul.cli.demo_locations import add_locations
from backhaul.cli.demo_people import OFFICE, home_of
from backhaul.cli.demo_returns import Bench
from backhaul.domain.identity import (
    OPERATOR_ORG_ID,
    Actor,
    Plan,
    Right,
    Role,
    add_member,
    create_organization,
    create_user,
    find_organization,
    find_user,
    list_organizations,
    operator_actor,
    system_actor,
)
from backhaul.domain.identity.errors import AlreadyMember
from backhaul.domain.identity.model import Organization, User
from backhaul.domain.recovery.person import Pages
from backhaul.domain.shipping.model import Leg
from backhaul.domain.shipping.queries import find_of_subject
from backhaul.domain.transfers.model import Direction, Order, Status
from backhaul.domain.transfers.operations import cancel_transfer, mark_not_returned, place_transfer
from backhaul.domain.transfers.queries import list_recent
from backhaul.jobqueue.draining import drain, run_periodics
from backhaul.kernel.clock import SteppedClock, SystemClock
from backhaul.kernel.ports import Ports
from backhaul.settings import Settings
from backhaul.storage import relay
from backhaul.storage.database import Database

logger = structlog.get_logger("backhaul.demo")

SLUG = "demo"
OWNER_EMAIL = "hr@demo.example"
DAYS_OF_PAST = 21
STEP_DAYS = 0.5
PERIODICS = [
    "shipping.look_up_due",
    "transfers.remind_due",
    "transfers.give_up_due",
    "recovery.remind_due",
    "radar.look",
]

# (days ago, person, direction, ticket): the simulated carrier reads its reserved words in the ticket.
STORY: list[tuple[float, int, Direction, str | None]] = [
    (20.5, 0, Direction.RETURN, "HR-1041"),
    (20.0, 1, Direction.RETURN, "HR-1042"),
    (19.0, 2, Direction.DEPLOYMENT, "IT-2207"),
    (18.5, 3, Direction.RETURN, "HR-1043 sim-box-lost"),
    (18.0, 4, Direction.RETURN, "HR-1044 sim-device-kept"),
    (16.0, 5, Direction.RETURN, "HR-1047 sim-device-delayed"),
    (15.0, 6, Direction.RETURN, "HR-1049 sim-decline"),
    (13.0, 7, Direction.DEPLOYMENT, "IT-2211 sim-device-lost"),
    (12.0, 8, Direction.RETURN, "HR-1052 sim-box-refused"),
    (9.0, 9, Direction.RETURN, "HR-1055 sim-device-kept"),
    (6.0, 10, Direction.DEPLOYMENT, "IT-2214"),
    (4.0, 11, Direction.RETURN, "HR-1058"),
    (2.5, 12, Direction.RETURN, "HR-1060"),
    (1.5, 13, Direction.DEPLOYMENT, "IT-2216"),
    (0.5, 14, Direction.RETURN, "HR-1061"),
]
RECEIVED = {"HR-1042", "HR-1047 sim-device-delayed"}  # at the warehouse, after they came back
GIVEN_UP = "HR-1044 sim-device-kept"
CANCELLED = (3.0, 15, Direction.RETURN, "HR-1059")
SCENES = [*STORY, CANCELLED]
SENDERS, RECEIVERS = (
    frozenset(person for _, person, direction, _ in SCENES if direction is wanted)
    for wanted in (Direction.RETURN, Direction.DEPLOYMENT)
)


def is_wanted(settings: Settings, place: wiring.Place) -> bool:
    """Return whether demo data is to be made: not where it exists, and never into somebody's real data."""
    if (place.data_dir / wiring.DEMO_CREDENTIALS).exists():
        return False
    return asyncio.run(_is_free(settings, place))


async def _is_free(settings: Settings, place: wiring.Place) -> bool:
    db = await wiring.open_database(settings, place.urls)
    try:
        others = [found for found in await list_organizations(db) if not found.is_operator]
    finally:
        await db.close()
    # A demo that was cut short is finished; an installation in use is left alone.
    return not others or (len(others) == 1 and others[0].slug == SLUG)


async def prepare(settings: Settings, place: wiring.Place) -> None:
    """Make the demo organization and write its credentials; a run cut short is taken up again."""
    started = SystemClock().now()
    db = await wiring.open_database(settings, place.urls)
    try:
        owner = await _owner(db, started)
        await _furnish(settings, db, owner)
        bench = Bench(db, owner, wiring.make_ports(settings, db, place.data_dir))
        settle = functools.partial(_settle_at, bench)
        numbers = await demo_warehouse.live_through_week(bench, settle=settle, now=started)
        await _live_through(settings, place, db, owner)
        tracked = await _tracked(db, owner)
        now = SystemClock().now()
        await demo_warehouse.live_through_today(bench, numbers, tracked, settle=settle, now=now)
        await run_periodics(db, clock=SteppedClock(now), ports=bench.ports, names=["billing.make_invoices"])
        credentials = await give_credentials(db, owner, base_url=wiring.base_url(settings))
    finally:
        await db.close()
    write_private(
        place.data_dir / wiring.DEMO_CREDENTIALS, msgspec.json.format(msgspec.json.encode(credentials))
    )
    logger.info("demo data is there", credentials=str(place.data_dir / wiring.DEMO_CREDENTIALS))


async def _owner(db: Database, now: datetime) -> Actor:
    operator = system_actor(OPERATOR_ORG_ID)
    organization = await find_organization(db, name=SLUG)
    if organization is None:
        organization = await create_organization(
            db,
            actor=operator,
            name="Maas Biolabs (demo)",
            slug=SLUG,
            plan=Plan.ENTERPRISE,
            default_address=OFFICE,
            now=now,
        )
    user = await find_user(db, email=OWNER_EMAIL)
    if user is None:
        user = await create_user(db, actor=operator, email=OWNER_EMAIL, name="Hannah Reyes", now=now)
    with contextlib.suppress(AlreadyMember):
        await add_member(db, actor=operator_actor(organization), user_id=user.id, role=Role.OWNER, now=now)
    return _as_owner(organization, user)


def _as_owner(organization: Organization, user: User) -> Actor:
    acting = operator_actor(organization)
    return msgspec.structs.replace(acting, user_id=user.id, user_email=user.email)


async def _furnish(settings: Settings, db: Database, owner: Actor) -> None:
    """Fill directory and inventory; the story's laptops are where its transfers find them."""
    day, now = timedelta(seconds=settings.shipping.day_seconds), SystemClock().now()
    await add_locations(db, owner, now=now - DAYS_OF_PAST * day)
    await furnish(db, owner, senders=SENDERS, receivers=RECEIVERS, day=day, now=now)


async def _live_through(settings: Settings, place: wiring.Place, db: Database, owner: Actor) -> None:
    """Play the story on a stepped clock, with the same jobs and reactions as always."""
    day = timedelta(seconds=settings.shipping.day_seconds)
    now = SystemClock().now()
    lived = await list_recent(db, actor=owner, limit=100)
    told = {found.ticket_reference for found in lived}
    # What an interrupted run has lived through is behind its newest change; it goes on from there.
    clock = SteppedClock(max([now - DAYS_OF_PAST * day, *(found.updated_at for found in lived)]))
    transfers = msgspec.structs.replace(settings.transfers, day_seconds=settings.shipping.day_seconds)
    ports = wiring.make_ports(msgspec.structs.replace(settings, transfers=transfers), db, place.data_dir)
    waiting = [scene for scene in sorted(SCENES, key=lambda scene: -scene[0]) if scene[3] not in told]
    desk, campaign = _recovery_desk(db, owner, ports), list(demo_recovery.STORY)
    while True:
        while waiting and clock.now() >= now - waiting[0][0] * day:
            scene = waiting.pop(0)
            await place_transfer(db, actor=owner, order=_order(scene), now=clock.now())
            await _cancel(db, owner, CANCELLED[3], clock.now())
        await demo_recovery.play_due(desk, campaign, today=now, day=day, now=clock.now())
        await _settle(db, clock, ports)
        if clock.now() >= now:
            break
        clock.advance(min(STEP_DAYS * day, now - clock.now()))
    await _give_up_on(db, owner, GIVEN_UP, now)


def _recovery_desk(db: Database, owner: Actor, ports: Ports) -> demo_recovery.Desk:
    laptops = {
        device.life[-1].person: device
        for device in devices(SENDERS, RECEIVERS)
        if device.model.type == "Laptop"
    }
    known = {person: device for person, device in laptops.items() if person is not None}
    return demo_recovery.Desk(db, owner, ports[Pages], known)


async def _tracked(db: Database, owner: Actor) -> dict[str, str]:
    """Return under which number each laptop came back that the warehouse receives."""
    scope, tracked = owner.scope(Right.TRANSFERS_READ), {}
    for found in await list_recent(db, actor=owner, status=Status.COMPLETE, limit=100):
        if found.ticket_reference in RECEIVED and found.device_serial_number is not None:
            async with db.read(scope) as reader:
                legs = await find_of_subject(reader, scope, kind="transfer", subject_id=found.id)
            tracking_number = legs[Leg.DEVICE].tracking_number
            assert tracking_number is not None  # it travelled
            tracked[found.device_serial_number] = tracking_number
    return tracked


async def _settle_at(bench: Bench, at: datetime) -> None:
    await _settle(bench.db, SteppedClock(at), bench.ports, periodics=())


async def _cancel(db: Database, owner: Actor, ticket: str | None, now: datetime) -> None:
    for found in await list_recent(db, actor=owner, status=Status.PENDING_BOX):
        if found.ticket_reference == ticket:
            await cancel_transfer(
                db, actor=owner, transfer_id=found.id, reason="The employee stays.", now=now
            )


async def _give_up_on(db: Database, owner: Actor, ticket: str, now: datetime) -> None:
    for found in await list_recent(db, actor=owner, status=Status.PENDING_DEVICE):
        if found.ticket_reference == ticket:
            reason = "The employee does not answer."
            await mark_not_returned(db, actor=owner, transfer_id=found.id, reason=reason, now=now)


async def _settle(
    db: Database, clock: SteppedClock, ports: Ports, *, periodics: Sequence[str] = PERIODICS
) -> None:
    """Let everything happen that is due on this clock."""
    for _ in range(3):  # an event leads to a job leads to an event
        while await relay.relay_waiting(db, ports=ports, clock=clock):
            pass
        await drain(db, clock=clock, ports=ports)
        await run_periodics(db, clock=clock, ports=ports, names=list(periodics))


def _order(scene: tuple[float, int, Direction, str | None]) -> Order:
    _, person, direction, ticket = scene
    model, serial_number = story_device(person)
    return Order(
        direction=direction,
        organization_address=OFFICE,
        employee_address=home_of(person),
        device_type="laptop",
        device_make=model.manufacturer,
        device_model=model.name,
        device_serial_number=serial_number,
        device_condition="good",
        ticket_reference=ticket,
    )
