"""A device that an account locks is not deployed again, whatever order things are written down in."""

from datetime import timedelta

import msgspec
import pytest
from tests.domain.returns.test_sanitising import deploy, wipe

from backhaul.domain.inventory.operations import take_in
from backhaul.domain.returns import Checklist, check_device
from backhaul.domain.returns.sanitisation import LockStatus, NewSanitisation, Result, list_sanitisations

LOCKED, UNLOCKED = Checklist(is_lock_removed=False), Checklist(is_lock_removed=True)


@pytest.fixture
async def laptop(depot):
    return await depot.laptop()


@pytest.fixture
async def unpacked(depot, laptop):
    """A processed return with a laptop of the inventory in it."""
    return await depot.parcel(laptop=laptop)


async def check(depot, number, serial_number, seen):
    return await check_device(
        depot.db, actor=depot.operator, number=number, serial_number=serial_number, seen=seen, now=depot.now
    )


async def is_due(depot, laptop):
    return (await depot.asset(laptop)).is_sanitisation_due


def test_nothing_is_assumed_about_locks():
    required = {one.name for one in msgspec.structs.fields(NewSanitisation) if one.required}
    assert "lock_status" in required


@pytest.mark.parametrize("said", [LockStatus.UNLOCKED, LockStatus.NOT_APPLICABLE])
@pytest.mark.parametrize("result", list(Result))
async def test_a_record_that_contradicts_the_checklist_is_refused(depot, unpacked, laptop, said, result):
    await check(depot, unpacked.number, laptop.serial_number, LOCKED)
    async with depot.refused("returns.still_locked"):
        await wipe(depot, unpacked, laptop.serial_number, lock_status=said, result=result)
    assert await is_due(depot, laptop)
    assert await list_sanitisations(depot.db, actor=depot.customer, number=unpacked.number) == ()
    await check(depot, unpacked.number, laptop.serial_number, UNLOCKED)
    await wipe(depot, unpacked, laptop.serial_number, lock_status=said)
    await deploy(depot, laptop)


async def test_what_is_noted_and_recorded_as_locked_stays_due(depot, unpacked, laptop):
    await check(depot, unpacked.number, laptop.serial_number, LOCKED)
    record = await wipe(depot, unpacked, laptop.serial_number, lock_status=LockStatus.LOCKED)
    assert not record.frees
    async with depot.refused("inventory.not_sanitised"):
        await deploy(depot, laptop)


@pytest.mark.parametrize("found", ["checked", "recorded"])
async def test_found_locked_later_it_is_due_again_and_no_longer_deployable(depot, unpacked, laptop, found):
    await wipe(depot, unpacked, laptop.serial_number)
    await deploy(depot, laptop)
    if found == "checked":
        await check(depot, unpacked.number, laptop.serial_number, LOCKED)
    else:
        await wipe(depot, unpacked, laptop.serial_number, lock_status=LockStatus.LOCKED)
    assert await is_due(depot, laptop)
    assert await depot.status_of(laptop) == "Pending"
    async with depot.refused("inventory.not_sanitised"):
        await deploy(depot, laptop)
    await check(depot, unpacked.number, laptop.serial_number, UNLOCKED)
    assert await is_due(depot, laptop)
    await wipe(depot, unpacked, laptop.serial_number, lock_status=LockStatus.UNLOCKED)
    await deploy(depot, laptop)


async def test_a_second_look_at_anything_else_changes_nothing(depot, unpacked, laptop):
    await wipe(depot, unpacked, laptop.serial_number)
    before = await depot.asset(laptop)
    await check(depot, unpacked.number, laptop.serial_number, Checklist(has_charger=False))
    await check(depot, unpacked.number, laptop.serial_number, UNLOCKED)
    assert await depot.asset(laptop) == before


@pytest.mark.parametrize("is_back", [False, True])
async def test_a_note_about_what_left_the_warehouse_changes_nothing(depot, unpacked, laptop, is_back):
    await wipe(depot, unpacked, laptop.serial_number)
    await take_in(depot.db, actor=depot.customer, asset=laptop.serial_number, now=depot.now)
    if is_back:
        depot.world.clock.advance(timedelta(hours=1))
        again = await depot.parcel(laptop=laptop)
        await wipe(depot, again, laptop.serial_number)
    before = await depot.asset(laptop)
    assert before.is_sanitisation_due is False
    await check(depot, unpacked.number, laptop.serial_number, LOCKED)
    assert await depot.asset(laptop) == before


async def test_scanned_once_more_as_locked_it_is_due_again_until_the_removal_is_noted(depot, laptop):
    number = (await depot.parcel(laptop=laptop, status="received")).number
    await depot.scan(number, laptop.serial_number)
    one = (await depot.any_detail(number)).one
    await wipe(depot, one, laptop.serial_number)
    await depot.scan(number, laptop.serial_number, is_lock_removed=False)
    assert await is_due(depot, laptop)
    async with depot.refused("returns.still_locked"):
        await wipe(depot, one, laptop.serial_number)
    await check(depot, number, laptop.serial_number, UNLOCKED)
    items = (await depot.any_detail(number)).items
    assert [item.is_lock_removed for item in items] == [True, True]
    await wipe(depot, one, laptop.serial_number)
    assert not await is_due(depot, laptop)
