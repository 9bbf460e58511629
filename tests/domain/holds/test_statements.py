"""What holds send to PostgreSQL, and that asking whether something is held costs nothing more."""

import pytest
from tests.domain.holds.court import Court, asset
from tests.domain.inventory.test_statements import Log, writes
from tests.making import Make

from backhaul.domain import holds
from backhaul.domain.holds import guarding
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database


@pytest.fixture
async def logged(ground, sweep, clock):
    await sweep()
    log = Log()
    db = await Database.open(
        DatabaseUrls.single(ground), Session(app_connections=1, worker_connections=1, logger=log)
    )
    make = Make(db, clock)
    yield Court(db, clock, make, actor=await make.organization()), log
    await db.close()


async def test_every_write_keeps_its_budget(logged):
    """Counted with BEGIN and the tenant setting; devices are locked, then people; then the same hold is looked for,
    so that a repeat changes nothing; then all is written, then noted.
    """
    court, log = logged
    ada, colleague = await court.employee(), await court.colleague()
    await court.release(await court.place(asset(await court.add())))  # the driver asks about each type once
    laptops = [await court.add(status_name="In Use", assign_to_email=ada.email) for _ in range(3)]
    assert await writes(log, court.place(*[asset(one, custodian_email=ada.email) for one in laptops])) == 7
    hold = await court.place(asset(laptops[0]))
    assert await writes(log, court.ask(hold)) == 6
    (release,) = (await court.hold_detail(hold)).releases
    assert await writes(log, court.approve(release, colleague)) == 7  # the approver's role is looked at first


async def test_a_read_is_one_statement(logged):
    court, log = logged
    hold = await court.place(asset(await court.add()))
    for read in (
        court.hold_detail(hold),
        holds.list_holds(court.db, actor=court.actor),
        holds.list_active(court.db, actor=court.actor, page=1),
    ):
        assert len(await log.of(read)) == 2  # with the tenant setting


async def test_asking_for_devices_and_people_is_one_statement_each(logged):
    court, log = logged
    laptop, ada = await court.add(), await court.employee()
    await court.require_free(asset_ids=[laptop.id])  # the driver asks about each type once
    assert await writes(log, court.require_free()) == 2
    assert await writes(log, court.require_free(asset_ids=[laptop.id])) == 3
    assert await writes(log, court.require_free(asset_ids=[laptop.id], employee_ids=[ada.id])) == 4
    assert guarding.require_free is holds.require_free
