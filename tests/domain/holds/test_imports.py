"""Files of devices and people, and taking them back: a hold stops what would retire or erase."""

import pytest
from tests.domain.bulk import desk as files
from tests.domain.bulk.desk import Desk
from tests.domain.holds.court import asset, person

from backhaul.domain.bulk.model import Kind


@pytest.fixture
def desk(court):
    return Desk(court)


async def reasons(desk, batch):
    standing = await desk.undo(batch)
    return sorted((one.key, one.reason) for one in standing.kept)


async def test_an_import_cannot_retire_what_is_held(court, desk):
    held, free = await court.add(), await court.add()
    await court.place(asset(held))
    rows = [files.device(one.serial_number, asset_status="Retired") for one in (held, free)]
    assert await desk.review(files.table(*rows)) == (
        {"update": 1, "error": 1},
        [(2, "asset_status", "on_hold")],
    )
    await desk.run(files.table(*rows), skips_errors=True)
    assert [await court.status_of(one) for one in (held, free)] == ["Legal Hold", "Retired"]


async def test_an_import_may_write_down_what_else_is_known(court, desk):
    laptop = await court.add()
    await court.place(asset(laptop))
    await desk.run(files.table({"serial_number": laptop.serial_number, "sku": "NEW"}))
    assert ((await court.reload(laptop)).sku, await court.status_of(laptop)) == ("NEW", "Legal Hold")


async def test_an_import_cannot_hand_on_what_somebody_on_hold_has(court, desk):
    ada, bob = await court.employee(), await court.employee()
    await court.place(person(ada))
    laptop = await court.add()
    await court.assign(laptop, ada)
    row = {"serial_number": laptop.serial_number, "asset_status": "In Use", "assign_to_email": bob.email}
    assert await desk.review(files.table(row)) == ({"error": 1}, [(2, "asset_status", "on_hold")])


async def test_taking_back_an_import_leaves_what_is_held(court, desk):
    ada = await court.employee()
    await court.place(person(ada))
    batch = await desk.run(
        files.table(
            files.device("HELD-1"),
            files.device("HELD-2", asset_status="In Use", assign_to_email=ada.email),
            files.device("FREE-1"),
        )
    )
    await court.place(asset("HELD-1"))
    assert await reasons(desk, batch) == [("HELD-1", "held"), ("HELD-2", "held")]


async def test_taking_back_an_import_gives_no_status_back_to_what_is_held(court, desk):
    ada = await court.employee()
    await court.place(person(ada))
    laptop = await court.add()
    row = {"serial_number": laptop.serial_number, "asset_status": "In Use", "assign_to_email": ada.email}
    batch = await desk.run(files.table(row))
    assert await reasons(desk, batch) == [(laptop.serial_number, "held")]
    assert await court.status_of(laptop) == "In Use"


async def test_taking_back_people_leaves_who_is_held(court, desk):
    batch = await desk.run(
        files.table(files.person("ada@example.com"), files.person("bob@example.com")), kind=Kind.EMPLOYEES
    )
    hold = await court.place(person("ada@example.com"))
    assert await reasons(desk, batch) == [("ada@example.com", "held")]
    assert len((await court.hold_detail(hold)).subjects) == 1
