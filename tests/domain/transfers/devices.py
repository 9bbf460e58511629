"""The devices of a world as tests see them: who holds them, since when, on what evidence."""

from datetime import timedelta

from backhaul.domain.inventory import queries
from backhaul.domain.inventory.model import Custody, asset_number
from backhaul.domain.inventory.operations import assign_asset, take_in, unassign_asset
from backhaul.domain.shipping.model import Leg
from backhaul.domain.transfers.model import Direction
from backhaul.domain.transfers.queries import find_linked_asset

HOUR = timedelta(hours=1)
SERIAL = "SN-1"
PERSON = "christopher@home.example"  # whom a deployment goes to

ASSETS = "SELECT count(*) FROM assets WHERE org_id = $1"


async def employee(world, email=PERSON, **changes):
    """Somebody in the directory."""
    return await world.make.employee(world.actor, email=email, **changes)


async def device(world, **changes):
    """A device in the inventory: in stock, or with the employee whose address is `holder`."""
    holder = changes.pop("holder", None)
    if holder is not None:
        changes |= {"status_name": "In Use", "assign_to_email": holder}
    added = await world.make.asset(world.actor, **{"serial_number": SERIAL, **changes})
    return added.asset


async def order(world, direction=Direction.RETURN, *, word=None, serial=SERIAL, waived=True):
    """A placed transfer of the device; its label is there, so it moves as soon as time passes."""
    return await world.order(
        direction=direction, ticket_reference=word, device_serial_number=serial, is_box_waived=waived
    )


async def see(world, serial=SERIAL):
    """The device with the name of its status."""
    return await queries.get_asset(world.db, actor=world.actor, serial_number=serial)


async def held(world, serial=SERIAL):
    """Who holds the device, in one word."""
    return (await see(world, serial)).asset.custody


async def ledger(world, serial=SERIAL):
    """Every hand-over of the device, oldest first."""
    return await queries.list_custody(world.db, actor=world.actor, asset=serial)


async def reasons(world, serial=SERIAL):
    """Why it changed hands each time."""
    return [line.reason.value for line in await ledger(world, serial)]


async def take_back(world, email, serial=SERIAL, status="Available"):
    """Somebody says that the employee gave it back."""
    return await unassign_asset(
        world.db, actor=world.actor, asset_number=await number(world, serial), email=email,
        status_name=status, now=world.now,
    )  # fmt: skip


async def assign(world, email, serial=SERIAL):
    """Somebody says that the employee got it."""
    return await assign_asset(
        world.db, actor=world.actor, asset_number=await number(world, serial), email=email, now=world.now
    )


async def receive(world, serial=SERIAL):
    """Somebody says that the organization has it."""
    return await take_in(world.db, actor=world.actor, asset=serial, now=world.now)


async def number(world, serial):
    """The public number of the device."""
    asset = (await see(world, serial)).asset
    return asset_number(asset.number, asset.created_at)


async def until(world, transfer, done, *, at_most_days=40):
    """Let time pass, an hour a step, until something holds of the device's parcel; return the parcel."""
    for _ in range(at_most_days * 24):
        parcel = (await world.parcels(transfer)).get(Leg.DEVICE)
        if parcel is not None and done(parcel):
            return parcel
        world.clock.advance(HOUR)
        await world.settle()
    raise AssertionError(f"not within {at_most_days} days: {parcel}")


async def shipped(world, transfer):
    """Let time pass until the carrier has the device."""
    return await until(world, transfer, lambda parcel: parcel.shipped_at is not None)


async def ended(world, transfer):
    """Let time pass until the parcel's journey is over."""
    over = ("delivered", "failure", "return_to_sender")
    return await until(world, transfer, lambda parcel: parcel.status.value in over)


async def counts(world):
    """How many devices are at rest, in transit, and there at all."""
    listed = await queries.list_assets(world.db, actor=world.actor, page=1, per_page=1000)
    custodies = [await held(world, one.serial_number) for one in listed.items]
    in_transit = custodies.count(Custody.PARCEL)
    async with world.db.read(world.scope) as reader:
        total = await reader.fetchval(ASSETS, world.scope.org_id)
    return len(custodies) - in_transit, in_transit, total


async def traces(world):
    """Everything that is written down, devices included."""
    async with world.db.read(world.scope) as reader:
        kept = {
            name: [row["whole"] for row in await reader.fetch(
                f"SELECT {name}::text AS whole FROM {name} WHERE org_id = $1 ORDER BY 1", world.scope.org_id
            )]
            for name in ("assets", "custody_events", "asset_transfers")
        }  # fmt: skip
    return kept | await world.traces()


async def linked(world, transfer):
    return await find_linked_asset(world.db, actor=world.actor, transfer_id=transfer.id)
