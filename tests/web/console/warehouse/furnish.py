"""Parcels of an organization in a warehouse in several states, and reshipments of them."""

from backhaul.domain.returns import add_operator_message, identify_intake, list_warehouses
from backhaul.domain.returns.sanitisation import LockStatus, Method, NewSanitisation, record_sanitisation
from tests.domain.reshipping.bench import Bench
from tests.web.console.transfers.furnish import world_of

WAREHOUSE = "WH0CVG01"


async def furnish(console, whose, name):
    """Return the ids of what pages of returns, reshipments and the warehouse need."""
    bench = await bench_of(console, name)
    await bench.fund()
    done = await opened(bench, whose)
    verifying = await lying(bench, f"{whose}-VERIFYING")
    await bench.ask(verifying)
    waiting = await bench.receive(f"1ZOPEN{whose.upper()}")
    await identified(bench, waiting.intake.number)
    await bench.scan(waiting.intake.number, f"{whose}-OPENING")
    unknown = await bench.receive(f"1ZUNKNOWN{whose.upper()}")
    single = await bench.create(await lying(bench, f"{whose}-SINGLE"))
    both = await bench.create(await lying(bench, f"{whose}-ONE"), await lying(bench, f"{whose}-TWO"))
    approved = await bench.create(await lying(bench, f"{whose}-APPROVED"))
    await bench.approve(approved.number)
    sent = await bench.create(await lying(bench, f"{whose}-SENT"))
    await bench.approve(sent.number)
    await bench.weigh(sent.number)
    await bench.world.settle()
    await bench.dispatch(sent.number)
    return {
        "return": str(done),
        "verifying": str(verifying),
        "opening": str(waiting.intake.number),
        "unidentified": str(unknown.intake.number),
        "reshipment": str(single.number),
        "quoting": str(both.number),
        "approved": str(approved.number),
        "sent": str(sent.number),
    }


async def bench_of(console, name):
    """A warehouse whose operator is the console's, for the organization of somebody."""
    bench = Bench(world_of(console, name))
    bench.operator = console.actors["operator"]
    if WAREHOUSE not in {one.code for one in await list_warehouses(bench.db)}:
        await bench.add_warehouse(WAREHOUSE)
    return bench


async def identified(bench, number, *, rma_number=None):
    return await identify_intake(
        bench.db,
        actor=bench.operator,
        number=number,
        owner_org_id=bench.customer.org_id,
        rma_number=rma_number,
        now=bench.now,
    )


async def lying(bench, serial_number, *, rma_number=None):
    """The number of a processed return with one device in it, that came without being announced."""
    got = await bench.receive(f"1Z{serial_number.replace('-', '').upper()}")
    await identified(bench, got.intake.number, rma_number=rma_number)
    await bench.scan(got.intake.number, serial_number, has_charger=True, grade="B")
    await bench.process(got.intake.number)
    return got.intake.number


async def opened(bench, whose):
    """A return with everything a page shows: an announced device that is missing, others, a picture, messages."""
    laptop = await bench.laptop(serial_number=f"{whose}-SENTBACK")
    _, tracking = await bench.on_its_way(serial_number=laptop.serial_number)
    number = (await bench.receive(tracking)).intake.number
    for serial in (laptop.serial_number, f"{whose}-STRAY", laptop.serial_number):
        await bench.scan(number, serial, has_charger=False, is_powering_on=True, grade="C")
    await bench.process(number, rma_number=f"RMA-{whose}")
    await bench.photograph(number)
    await bench.write(number, "Is the charger with it?")
    await add_operator_message(
        bench.db, actor=bench.operator, number=number, body="It is not.", now=bench.now
    )
    await sanitised(bench, number, laptop.serial_number)
    return number


async def sanitised(bench, number, serial_number):
    new = NewSanitisation(
        serial_number=serial_number,
        media_type="SSD",
        method=Method.PURGE,
        technique="Cryptographic erase",
        lock_status=LockStatus.UNLOCKED,
        tool="nwipe",
        performed_by="Op One",
        performed_at=bench.now,
        verified_by="Op Two",
        verified_at=bench.now,
    )
    return await record_sanitisation(bench.db, actor=bench.operator, number=number, new=new, now=bench.now)
