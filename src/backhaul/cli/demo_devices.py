"""Invented devices for the demo, and through whose hands they went before its transfers began.

A device's life is a list of stages; each takes one operation. So an asset's version tells how much of its life has
been lived, and a run that was cut short goes on there.
"""

import asyncio
from datetime import date, datetime, timedelta
from itertools import pairwise

import msgspec

from backhaul.cli.demo_people import HEADQUARTERS, PEOPLE, WAREHOUSE
from backhaul.domain.directory import Details, add_employees
from backhaul.domain.identity import Actor
from backhaul.domain.inventory.errors import AssetUnknown
from backhaul.domain.inventory.model import (
    Asset,
    AssetPatch,
    Condition,
    NewAsset,
    PurchaseType,
    asset_number,
)
from backhaul.domain.inventory.operations import add_asset, assign_asset, change_asset, unassign_asset
from backhaul.domain.inventory.queries import get_asset
from backhaul.storage.database import Database

IN_USE, AVAILABLE, READY = "In Use", "Available", "Ready to Deploy"
PENDING, RETIRED, LEGAL_HOLD = "Pending", "Retired", "Legal Hold"
AT_ONCE = 4


class Model(msgspec.Struct, frozen=True):
    """What is bought, and how many of it: `in_use` by somebody, and one in stock for each letter."""

    type: str
    manufacturer: str
    name: str
    number: str
    serial_prefix: str
    price: int  # whole US dollars
    in_use: int
    stock: str


MODELS = [
    Model("Laptop", "Apple", "MacBook Pro 14", "A2992", "SIMC02", 1999, 10, "AARTL"),
    Model("Laptop", "Apple", "MacBook Air 13", "A3113", "SIMC03", 1199, 9, "AARP"),
    Model("Laptop", "Lenovo", "ThinkPad X1 Carbon", "21HM", "SIMPF3", 1849, 8, "AARTL"),
    Model("Laptop", "Lenovo", "ThinkPad T14", "21ML", "SIMPF4", 1429, 6, "ARPT"),
    Model("Laptop", "Dell", "Latitude 7450", "P179G", "SIM7HX", 1679, 6, "AART"),
    Model("Laptop", "HP", "EliteBook 840", "818L6EA", "SIM5CG", 1549, 5, "ARPL"),
    Model("Monitor", "Dell", "UltraSharp 27", "U2724DE", "SIMCN0", 629, 20, "AAARPTT"),
    Model("Monitor", "HP", "E27 G5", "6N4E2AA", "SIM3CQ", 289, 14, "AAPT"),
    Model("Mobile", "Apple", "iPhone 15", "A3090", "SIMF17", 799, 13, "RRRTL"),
    Model("Mobile", "Samsung", "Galaxy S24", "SM-S921B", "SIMR5C", 749, 9, "RTL"),
    Model("Tablet", "Apple", "iPad Air", "A2902", "SIMDMP", 599, 8, "AAARRPT"),
    Model("Docking Station", "Dell", "WD22TB4", "K20A001", "SIM2LN", 289, 10, "AAAT"),
    Model("Docking Station", "Lenovo", "Universal USB-C Dock", "40AY", "SIMZTF", 219, 6, "AATT"),
]
STOCK = {"A": AVAILABLE, "R": READY, "P": PENDING, "T": RETIRED, "L": LEGAL_HOLD}
FIRST_DAY = 20.9  # days ago: the inventory is taken, before the first transfer
CONDITIONS = [
    Condition.NEW,
    Condition.GOOD,
    Condition.GOOD,
    Condition.FAIR,
    Condition.FAIR,
]  # by age in years
NEW_DAYS = 20
WARRANTY_YEARS = {"Laptop": 3}  # and 2 for the rest


class Stage(msgspec.Struct, frozen=True):
    """Since when a device has had a status, and who it is with: a number in `PEOPLE`, or nobody."""

    days_ago: float
    status: str
    person: int | None = None


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """One device and its life."""

    model: Model
    serial_number: str
    life: tuple[Stage, ...]


def story_device(person: int) -> tuple[Model, str]:
    """Return the laptop that somebody's transfer is about."""
    model = MODELS[person % 6]
    return model, f"{model.serial_prefix}X{person + 1:02}A"


def devices(senders: frozenset[int], receivers: frozenset[int]) -> list[Device]:
    """Return all devices, the longest known first.

    The laptops of the senders are with them, those that the receivers get are in stock; nobody else's travels.
    """
    made = [
        Device(model=model, serial_number=serial, life=(Stage(FIRST_DAY, IN_USE, person),))
        for person in sorted(senders)
        for model, serial in [story_device(person)]
    ]
    made += [
        Device(model=model, serial_number=serial, life=(Stage(FIRST_DAY, READY),))
        for person in sorted(receivers)
        for model, serial in [story_device(person)]
    ]
    settled = [person for person in range(len(PEOPLE)) if person not in senders | receivers]
    laptop_of = iter(settled)
    for model in MODELS:
        for nth in range(model.in_use):
            person = next(laptop_of) if model.type == "Laptop" else _spread(model, nth)
            life = _used(nth, person)
            made.append(Device(model=model, serial_number=_serial(model, nth), life=life))
        for nth, letter in enumerate(model.stock, model.in_use):
            life = _kept(nth, STOCK[letter])
            made.append(Device(model=model, serial_number=_serial(model, nth), life=life))
    return sorted(made, key=lambda device: -device.life[0].days_ago)


def _serial(model: Model, nth: int) -> str:
    return f"{model.serial_prefix}{(nth * 7919 + 1234) % 9000 + 1000}{'KMPRT'[nth % 5]}"


def _spread(model: Model, nth: int) -> int:
    # Steps that share no factor with sixty: everybody's turn comes before anybody's second.
    step = {"Monitor": 7, "Mobile": 11, "Tablet": 13, "Docking Station": 17}[model.type]
    return (step * nth + len(model.name)) % len(PEOPLE)


def _used(nth: int, person: int) -> tuple[Stage, ...]:
    """Return how a device came to whoever uses it: at first, after others, or as a new one."""
    earlier = (person + 29) % len(PEOPLE)
    match nth % 4:
        case 2:
            given_back = Stage(14.0 - nth / 4, AVAILABLE)
            return Stage(FIRST_DAY, IN_USE, earlier), given_back, Stage(12.5 - nth / 4, IN_USE, person)
        case 3:
            return Stage(11.0 - nth / 5, READY), Stage(9.5 - nth / 5, IN_USE, person)
        case 1 if nth % 8 == 1:
            between = (person + 13) % len(PEOPLE)
            return (
                Stage(FIRST_DAY, IN_USE, earlier), Stage(18.0, AVAILABLE), Stage(16.5, IN_USE, between),
                Stage(6.0, READY), Stage(4.5, IN_USE, person),
            )  # fmt: skip
        case _:
            return (Stage(FIRST_DAY, IN_USE, person),)


def _kept(nth: int, status: str) -> tuple[Stage, ...]:
    """Return how a device came into stock, or out of use."""
    earlier = (nth * 23 + 5) % len(PEOPLE)
    if status == RETIRED:
        return (
            Stage(FIRST_DAY, IN_USE, earlier),
            Stage(17.0 - nth / 4, PENDING),
            Stage(10.0 - nth / 4, RETIRED),
        )
    if status in (PENDING, LEGAL_HOLD):
        return Stage(FIRST_DAY, IN_USE, earlier), Stage(7.5 - nth / 5, status)
    if nth % 2:
        return (
            Stage(FIRST_DAY, IN_USE, earlier),
            Stage(13.0 - nth / 4, PENDING),
            Stage(11.5 - nth / 4, status),
        )
    return (Stage(5.0 + nth / 4, status),)


async def furnish(
    db: Database,
    owner: Actor,
    *,
    senders: frozenset[int],
    receivers: frozenset[int],
    day: timedelta,
    now: datetime,
) -> None:
    """Fill directory and inventory, up to `now`; what is there already stays. A day lasts `day`."""
    await add_employees(db, actor=owner, many=list(PEOPLE), now=now - 21 * day)
    # One by one, so that their numbers are always the same; after that their lives do not touch each other.
    there = [
        (device, await _add(db, owner, number, device, day=day, now=now))
        for number, device in enumerate(devices(senders, receivers), 1)
    ]
    gate = asyncio.Semaphore(AT_ONCE)

    async def live(device: Device, asset: Asset) -> None:
        async with gate:
            for before, after in list(pairwise(device.life))[asset.version - 1 :]:
                at = max(now - after.days_ago * day, asset.updated_at)
                await _pass(db, owner, asset, before, after, at=at)

    async with asyncio.TaskGroup() as group:
        for device, asset in there:
            group.create_task(live(device, asset))


async def _add(
    db: Database, owner: Actor, number: int, device: Device, *, day: timedelta, now: datetime
) -> Asset:
    """Return the asset of a device, added if it is not there yet."""
    try:
        detail = await get_asset(db, actor=owner, serial_number=device.serial_number)
    except AssetUnknown:
        new = _new_asset(number, device, today=now.date())
        detail = await add_asset(db, actor=owner, new=new, now=now - device.life[0].days_ago * day)
    return detail.asset


async def _pass(
    db: Database, owner: Actor, asset: Asset, before: Stage, after: Stage, *, at: datetime
) -> None:
    """Bring a device from one stage of its life to the next."""
    number = asset_number(asset.number, asset.created_at)
    if after.person is not None:
        email = PEOPLE[after.person].email
        await assign_asset(db, actor=owner, asset_number=number, email=email, now=at)
    elif before.person is not None:
        email = PEOPLE[before.person].email
        await unassign_asset(
            db, actor=owner, asset_number=number, email=email, status_name=after.status, now=at
        )
    else:
        patch = AssetPatch(status_name=after.status)
        await change_asset(db, actor=owner, asset=asset.serial_number, patch=patch, now=at)


def _new_asset(number: int, device: Device, *, today: date) -> NewAsset:
    model, first, last = device.model, device.life[0], device.life[-1]
    holder = None if first.person is None else PEOPLE[first.person]
    user = None if last.person is None else PEOPLE[last.person]
    is_new = first.person is None and user is not None  # bought for its first user
    age = NEW_DAYS if is_new else 60 + number * 97 % 1500  # days
    purchased_on = today - timedelta(days=age)
    is_leased = number % 9 == 0
    return NewAsset(
        product_type=model.type,
        product_name=model.name,
        manufacturer=model.manufacturer,
        model_number=model.number,
        serial_number=device.serial_number,
        sku=f"{model.serial_prefix[3:]}-{model.number}",
        tag=f"MB-{number:04}",
        status_name=first.status,
        assign_to_email=None if holder is None else holder.email,
        condition=_condition(last.status, age),
        purchased_on=purchased_on,
        purchase_cost_minor=None if is_leased else model.price * 100 - number % 5 * 1000,
        purchase_currency=None if is_leased else "USD",
        purchase_type=PurchaseType.LEASED if is_leased else PurchaseType.PURCHASED,
        warranty_starts_on=purchased_on,
        warranty_ends_on=purchased_on + timedelta(days=365 * WARRANTY_YEARS.get(model.type, 2)),
        warranty_type="Manufacturer" if number % 3 else "Extended, next business day",
        department=None if user is None else str(user.department_name),
        location_name=_location(user, last.status),
        imei=_imei(number) if model.type == "Mobile" else None,
        specs=_SPECS.get(model.name, {}),
    )


def _condition(status: str, age: int) -> Condition:
    if status == PENDING:
        return Condition.DAMAGED
    if status == RETIRED:
        return Condition.POOR
    return CONDITIONS[age // 365]


def _location(user: Details | None, status: str) -> str | None:
    if user is not None:
        return user.location_name
    return HEADQUARTERS if status == LEGAL_HOLD else WAREHOUSE


def _imei(number: int) -> str:
    """Return a number that no telephone has: 00 stands for a test device. The last digit is its check (Luhn)."""
    digits = f"00440200{number:06}"
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(digits))
    return digits + str(-sum(value - 9 * (value > 9) for value in doubled) % 10)  # noqa: PLR2004 -- two digits


def _laptop(processor: str, memory: str, storage: str, system: str) -> dict[str, str]:
    return {"processor": processor, "memory": memory, "storage": storage, "os": system}


_SPECS = {
    "MacBook Pro 14": _laptop("Apple M3 Pro", "18 GB", "512 GB", "macOS 14"),
    "MacBook Air 13": _laptop("Apple M3", "16 GB", "256 GB", "macOS 14"),
    "ThinkPad X1 Carbon": _laptop("Intel Core i7-1365U", "32 GB", "1 TB", "Windows 11 Pro"),
    "ThinkPad T14": _laptop("AMD Ryzen 7 PRO 7840U", "16 GB", "512 GB", "Ubuntu 24.04"),
    "Latitude 7450": _laptop("Intel Core Ultra 7 165U", "16 GB", "512 GB", "Windows 11 Pro"),
    "EliteBook 840": _laptop("Intel Core Ultra 5 135U", "16 GB", "512 GB", "Windows 11 Pro"),
    "iPad Air": {"storage": "128 GB", "os": "iPadOS 17"},
}
