"""A record is written while somebody else works on the same device."""

import asyncio
from datetime import timedelta

from tests.domain.returns.test_sanitising import deploy, wipe

from backhaul.domain.inventory.operations import custody, take_in
from backhaul.domain.returns.sanitisation import Result
from backhaul.storage.database import Scope
from backhaul.storage.history import SYSTEM


async def test_what_comes_back_while_its_record_is_written_is_not_freed(depot):
    """Somebody else receives the device in another parcel and has not committed when the record is begun."""
    laptop = await depot.laptop()
    one = await depot.parcel(laptop=laptop)
    wiped_at = depot.now
    await take_in(depot.db, actor=depot.customer, asset=laptop.serial_number, now=depot.now)
    depot.world.clock.advance(timedelta(hours=1))
    async with depot.db.transaction(Scope(depot.customer.org_id)) as tx:
        asset = await custody.lock(tx, laptop.id)
        await custody.receive(
            tx,
            SYSTEM,
            asset,
            warehouse_id=one.warehouse_id,
            at=depot.now,
            evidence={"return": str(one.number + 1)},
        )
        writing = asyncio.create_task(
            wipe(depot, one, laptop.serial_number, performed_at=wiped_at, verified_at=wiped_at)
        )
        await somebody_waits(depot.db)
    assert (await writing).result is Result.SUCCESS
    async with depot.refused("inventory.not_sanitised"):
        await deploy(depot, laptop)


async def somebody_waits(db):
    async with db.system() as reader, asyncio.timeout(30):
        waiting = False
        while not waiting:
            await asyncio.sleep(0.01)
            waiting = await reader.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
