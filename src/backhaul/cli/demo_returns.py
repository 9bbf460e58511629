"""What lies in the demo's warehouse: parcels that came back, opened and looked at, as far as each has got.

Every step looks first at how far a parcel is, so that a run that was cut short goes on there.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NamedTuple

from backhaul.cli.demo_pictures import draw_laptop
from backhaul.domain import returns
from backhaul.domain.identity import OPERATOR_ORG_ID, Actor, system_actor
from backhaul.domain.returns import Checklist, Grade, ReturnDetail, Status, sanitisation
from backhaul.domain.returns.queries import get_any_return
from backhaul.kernel.addresses import Address
from backhaul.kernel.ports import Ports
from backhaul.storage.database import Database, Scope

WAREHOUSE = "WH0CVG01"
PLACE = Address(
    name="Backhaul demo warehouse",
    line_1="2000 Gateway Boulevard",
    city="Hebron",
    state_code="KY",
    postal_code="41048",
    country_code="US",
)
UNIDENTIFIED = "9400100000000000000196"  # nobody knows yet whose parcel it is


class Parcel(NamedTuple):
    """A parcel, what lies in it, and how far it is brought here."""

    tracking_number: str  # the sender's
    status: Status
    grams: int = 0
    serial_number: str = ""
    grade: Grade | None = None
    rma_number: str | None = None
    says: str | None = None  # the warehouse
    asks: str | None = None  # the owner
    photos: int = 0
    is_wiped: bool = False


# At least four stay Processed in one warehouse; those that are sent on are named in demo_reshipments.
PARCELS = [
    Parcel("9400100000000000000011", Status.PROCESSED, 791, "SIMRT001", Grade.B, photos=2, says="Its box was torn."),
    Parcel("9400100000000000000028", Status.PROCESSED, 1850, "SIMRT002", Grade.C, "RMA-20417", photos=1),
    Parcel("9400100000000000000035", Status.PROCESSED, 2410, "SIMRT003", Grade.A),
    Parcel("9400100000000000000042", Status.PROCESSED, 430, "SIMRT004", Grade.D, says="No charger came along."),
    Parcel("9400100000000000000059", Status.PROCESSED, 1204, "SIMRT005", Grade.B),
    Parcel("9400100000000000000066", Status.VERIFYING, 2055, "SIMRT006", Grade.C, asks="Does every key work?"),
    Parcel(
        "9400100000000000000073", Status.VERIFIED, 1990, "SIMRT007", Grade.B, "RMA-20420", photos=3, is_wiped=True,
        asks="Is the screen cracked?", says="No, there are only two scratches.",
    ),
    Parcel("9400100000000000000080", Status.PROCESSED, 895, "SIMRT008", Grade.A, photos=1),
    Parcel("9400100000000000000097", Status.PROCESSED, 1620, "SIMRT009", Grade.B),
    Parcel("9400100000000000000103", Status.PROCESSED, 1710, "SIMRT010", Grade.B),
    Parcel("9400100000000000000110", Status.PROCESSED, 2300, "SIMRT011", Grade.E, says="It does not start."),
    Parcel("9400100000000000000127", Status.PROCESSED, 1480, "SIMRT012", Grade.A),
    Parcel("9400100000000000000134", Status.VERIFIED, 2180, "SIMRT013", Grade.A, photos=1, is_wiped=True),
    Parcel("9400100000000000000141", Status.VERIFIED, 1950, "SIMRT014", Grade.B, photos=1, is_wiped=True),
    Parcel("9400100000000000000158", Status.RECEIVED),
]  # fmt: skip


class Bench(NamedTuple):
    """Who works in the warehouse, for whom, and with what."""

    db: Database
    owner: Actor
    ports: Ports

    @property
    def operator(self) -> Actor:
        """Whoever runs the warehouse."""
        return system_actor(OPERATOR_ORG_ID)

    async def detail(self, number: int) -> ReturnDetail:
        """Return how far a return is."""
        return await get_any_return(self.db, scope=Scope(self.owner.org_id), number=number)


async def open_warehouse(bench: Bench, *, now: datetime) -> None:
    """Add the warehouse, and the parcel that nobody has identified."""
    if WAREHOUSE not in [place.code for place in await returns.list_warehouses(bench.db)]:
        await returns.add_warehouse(
            bench.db,
            actor=bench.operator,
            code=WAREHOUSE,
            name="Cincinnati",
            address=PLACE,
            entry_point="CVG001",
            now=now,
        )
    await returns.receive_parcel(
        bench.db, actor=bench.operator, warehouse=WAREHOUSE, tracking_number=UNIDENTIFIED, now=now
    )


async def bring(bench: Bench, parcel: Parcel, *, now: datetime) -> int:
    """Bring a parcel as far as it is to be, and return its number."""
    got = await returns.receive_parcel(
        bench.db, actor=bench.operator, warehouse=WAREHOUSE, tracking_number=parcel.tracking_number, now=now
    )
    number = got.intake.number
    if got.intake.owner_org_id is None:
        await returns.identify_intake(
            bench.db,
            actor=bench.operator,
            number=number,
            owner_org_id=bench.owner.org_id,
            rma_number=parcel.rma_number,
            now=now,
        )
    if parcel.status is Status.RECEIVED:
        return number
    for step in (_open, _photograph, _wipe, _talk, _verify):
        await step(bench, parcel, await bench.detail(number), now)
    return number


async def _open(bench: Bench, parcel: Parcel, found: ReturnDetail, now: datetime) -> None:
    if found.one.status is not Status.RECEIVED:
        return
    if not found.items:
        seen = Checklist(
            has_charger=parcel.grade is not Grade.D,
            is_powering_on=parcel.grade is not Grade.E,
            is_lock_removed=True,
            grade=parcel.grade,
        )
        await returns.scan_device(
            bench.db,
            actor=bench.operator,
            number=found.one.number,
            serial_number=parcel.serial_number,
            seen=seen,
            now=now,
        )
    await returns.process_return(
        bench.db,
        actor=bench.operator,
        number=found.one.number,
        weight_grams=parcel.grams,
        policy=bench.ports[returns.Policy],
        now=now,
    )


async def _photograph(bench: Bench, parcel: Parcel, found: ReturnDetail, now: datetime) -> None:
    for nth in range(len(found.photos), parcel.photos):
        await returns.add_photo(
            bench.db,
            bench.ports[returns.Files],
            actor=bench.operator,
            number=found.one.number,
            content=draw_laptop(parcel.serial_number, turned=6.0 * nth - 4, scratches=found.one.number % 4),
            policy=bench.ports[returns.Policy],
            now=now,
        )


async def _wipe(bench: Bench, parcel: Parcel, found: ReturnDetail, now: datetime) -> None:
    records = await sanitisation.list_sanitisations(bench.db, actor=bench.owner, number=found.one.number)
    if records or not parcel.is_wiped:
        return
    new = sanitisation.NewSanitisation(
        serial_number=parcel.serial_number,
        media_type="NVMe SSD",
        method=sanitisation.Method.PURGE,
        technique="Cryptographic erase",
        tool="nvme-cli",
        tool_version="2.11",
        lock_status=sanitisation.LockStatus.UNLOCKED,
        performed_by="Ada Byron",
        performed_at=now,
        verified_by="Grace Murray",
        verified_at=now,
    )
    await sanitisation.record_sanitisation(
        bench.db, actor=bench.operator, number=found.one.number, new=new, now=now
    )


async def _talk(bench: Bench, parcel: Parcel, found: ReturnDetail, now: datetime) -> None:
    said = {message.body for message in found.messages}
    voices: list[tuple[str | None, Actor, Callable[..., Awaitable[object]]]] = [
        (parcel.asks, bench.owner, returns.add_message),
        (parcel.says, bench.operator, returns.add_operator_message),
    ]
    for body, actor, write in voices:
        if body is not None and body not in said:
            await write(bench.db, actor=actor, number=found.one.number, body=body, now=now)


async def _verify(bench: Bench, parcel: Parcel, found: ReturnDetail, now: datetime) -> None:
    status, number = found.one.status, found.one.number
    if status is Status.PROCESSED and parcel.status in {Status.VERIFYING, Status.VERIFIED}:
        asked = await returns.request_verification(
            bench.db, actor=bench.owner, number=number, policy=bench.ports[returns.Policy], now=now
        )
        status = asked.status
    if status is Status.VERIFYING and parcel.status is Status.VERIFIED:
        await returns.verify_return(bench.db, actor=bench.operator, number=number, now=now)
