"""What each operation sends to PostgreSQL (design §4): a read is one statement, a write at most four and the COMMIT.

Counted with them: the tenant setting of a read, BEGIN and the tenant setting of a write.
"""

import asyncio

import pytest
from tests.domain.inventory.stock import Stock
from tests.making import Make

from backhaul.domain.inventory import queries
from backhaul.kernel.ids import new_id
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import BEGIN, COMMIT, SET_TENANT, Database
from backhaul.storage.nudges import SEND


class Log:
    def __init__(self):
        self._seen = []

    def __call__(self, record):
        if record.query != SEND:
            self._seen += [one for one in record.query.split(";") if one.strip()]

    async def of(self, work):
        """What this work sends."""
        await asyncio.sleep(0.01)  # the driver logs in the loop's next round
        self._seen.clear()
        await work
        await asyncio.sleep(0.01)
        return list(self._seen)


@pytest.fixture
async def logged(ground, sweep, clock):
    await sweep()
    log = Log()
    db = await Database.open(
        DatabaseUrls.single(ground), Session(app_connections=1, worker_connections=1, logger=log)
    )
    make = Make(db, clock)
    stock = Stock(db, clock, make, actor=await make.organization())
    person = await stock.employee()
    await stock.add(department="IT", location_name="HQ")  # the names are there
    yield stock, person, log
    await db.close()


async def writes(log, work):
    sent = await log.of(work)
    assert (sent[0], sent[-1]) == (BEGIN, COMMIT)
    assert "app.org_id" in sent[1]
    return len(sent) - 1


async def test_every_write_keeps_its_budget(logged):
    stock, person, log = logged
    full = {"department": "it", "location_name": "hq", "serial_number": "SN-B"}
    assert await writes(log, stock.add(status_name="In Use", assign_to_email=person.email)) == 4
    assert await writes(log, stock.add(**full)) == 4
    asset = (await stock.detail(await stock.add(serial_number="SN-C"))).asset
    assert await writes(log, stock.change(asset, sku="X", department="IT", status_name="Pending")) == 4
    assert await writes(log, stock.change(asset, status_name="Available")) == 4
    assert await writes(log, stock.change(asset, status_name="Available")) == 3  # nothing to write
    assert await writes(log, stock.assign(asset, person)) == 4
    assert await writes(log, stock.unassign(asset, person)) == 4
    change = stock.change(asset, status_name="In Use", assign_to_email=person.email)
    assert await writes(log, change) == 4
    parcel = new_id()
    assert await writes(log, stock.ship(asset, parcel)) == 5  # the lock is another step
    assert await writes(log, stock.deliver(asset, parcel)) == 5
    await stock.ship(asset, new_id())
    assert await writes(log, stock.take_in(asset)) == 4


async def test_only_new_names_cost_more(logged):
    stock, _, log = logged
    everything = {"product_type": "A", "manufacturer": "B", "department": "C", "location_name": "D"}
    assert await writes(log, stock.add(**everything)) == 4 + 5 + 1  # five names, and a second look
    assert await writes(log, stock.add(product_name="Another model")) == 4 + 1 + 1


async def test_every_read_is_one_statement(logged):
    stock, person, log = logged
    asset = await stock.add(status_name="In Use", assign_to_email=person.email, tag="T")
    given = {"actor": stock.actor}
    reads = [
        queries.get_asset(stock.db, **given, serial_number=asset.serial_number),
        queries.get_asset_with_history(stock.db, **given, serial_number=asset.serial_number),
        queries.list_assets(stock.db, **given, page=1),
        queries.list_assets(stock.db, **given, page=1, tag="T"),
        queries.list_assets(stock.db, **given, page=1, serial_number=asset.serial_number, tag="T"),
        queries.list_people(stock.db, **given, page=1),
        queries.list_people(stock.db, **given, page=1, email=person.email),
        queries.list_history(stock.db, **given, asset="T"),
        queries.list_custody(stock.db, **given, asset="T"),
        queries.list_custody_of_employee(stock.db, **given, employee=person.id),
        queries.list_status_labels(stock.db, **given),
    ]
    for read in reads:
        sent = await log.of(read)
        assert sent[0] == SET_TENANT
        assert len(sent) == 2
