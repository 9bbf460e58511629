"""What a hold stops: each way a device could be retired or a person erased, by name, and with no trace."""

import pytest
from tests.domain.holds.court import asset, case, person

from backhaul.domain import holds
from backhaul.kernel.ids import new_id


@pytest.mark.parametrize("status", ["Retired", "Available", "Pending"])
async def test_a_held_device_keeps_an_undeployable_status(court, status):
    laptop = await court.add()
    await court.place(asset(laptop))
    async with court.held(f"Asset {laptop.serial_number}"):
        await court.change(laptop, status_name=status)


@pytest.mark.parametrize("status", ["Retired", "Available", "Pending"])
async def test_a_held_device_is_refused_by_its_hold_wherever_it_is(court, status):
    """Unassigning it first, as one would be told otherwise, would not help."""
    ada = await court.employee()
    laptop = await court.add(status_name="In Use", assign_to_email=ada.email)
    await court.place(asset(laptop))
    async with court.held(f"Asset {laptop.serial_number}"):
        await court.change(laptop, status_name=status)


async def test_what_else_is_written_down_may_change(court):
    laptop = await court.add()
    await court.place(asset(laptop))
    await court.change(laptop, sku="NEW", status_name="Legal Hold")
    assert ((await court.reload(laptop)).sku, await court.hold_count(laptop)) == ("NEW", 1)


async def test_unassigning_moves_custody_and_never_retires(court):
    ada = await court.employee()
    laptop = await court.add(status_name="In Use", assign_to_email=ada.email)
    await court.place(asset(laptop))
    for status in ("Retired", "Available"):
        async with court.held(f"Asset {laptop.serial_number}"):
            await court.unassign(laptop, ada, status)
    after = await court.unassign(laptop, ada, "Legal Hold")
    assert (after.custody, await court.status_of(laptop)) == ("organization", "Legal Hold")
    async with court.held(f"Asset {laptop.serial_number}"):
        await court.change(laptop, status_name="Retired")


async def test_parcels_and_intake_leave_the_hold_on_it(court):
    laptop, shipment_id = await court.add(), new_id()
    await court.place(asset(laptop))
    await court.ship(laptop, shipment_id)
    async with court.held(f"Asset {laptop.serial_number}"):
        await court.change(laptop, status_name="Retired")
    await court.take_in(laptop)
    assert (await court.status_of(laptop), await court.hold_count(laptop)) == ("Legal Hold", 1)


async def test_a_person_on_hold_cannot_be_erased_and_can_afterwards(court):
    ada = await court.employee()
    hold = await court.place(person(ada))
    async with court.held(f"Employee {ada.number}"):
        await court.erase(ada)
    await court.release(hold)
    await court.erase(ada)
    assert await court.actions("employee", ada.id) == ["added", "held", "freed", "removed"]


async def test_what_a_person_gets_on_hold_is_held_with_them_and_when_it_leaves(court):
    ada = await court.employee()
    hold = await court.place(person(ada))
    laptop = await court.add()
    await court.assign(laptop, ada)
    async with court.held(f"Asset {laptop.serial_number}"):
        await court.require_free(asset_ids=[laptop.id])
    async with court.held(f"Asset {laptop.serial_number}"):
        await court.unassign(laptop, ada, "Retired")
    await court.ship(laptop, new_id())
    assert (await court.status_of(laptop), await court.hold_count(laptop)) == ("Legal Hold", 1)
    async with court.held(f"Asset {laptop.serial_number}"):
        await court.require_free(asset_ids=[laptop.id])
    await court.release(hold)
    assert (await court.status_of(laptop), await court.hold_count(laptop)) == ("Pending", 0)
    await court.require_free(asset_ids=[laptop.id])


async def test_what_leaves_a_person_by_an_import_is_caught_as_well(court):
    """Past every rule of ours: the table itself keeps it."""
    ada, bob = await court.employee(), await court.employee()
    await court.place(person(ada))
    laptop = await court.add()
    await court.assign(laptop, ada)
    await court.execute("UPDATE assets SET employee_id = $3 WHERE org_id = $1 AND id = $2", laptop.id, bob.id)
    assert await court.hold_count(laptop) == 1
    assert [one["asset_id"] for one in await court.subjects()] == [None, laptop.id]


async def test_a_device_that_two_people_released_is_free_though_its_user_is_not(court):
    ada = await court.employee()
    laptop = await court.add(status_name="In Use", assign_to_email=ada.email)
    hold = await court.place(person(ada))
    await court.release(hold, laptop.serial_number)
    await court.require_free(asset_ids=[laptop.id])
    await court.unassign(laptop, ada, "Retired")
    async with court.held(f"Employee {ada.number}"):
        await court.require_free(employee_ids=[ada.id])


async def test_a_case_on_hold_is_named(court):
    laptop = await court.add()
    hold = await court.place(case("17778880001"), asset(laptop, case_number="17778880002"))
    for number in ("17778880001", "17778880002"):
        async with court.held(f"Case {number}"):
            await court.require_free(case_numbers=["1", number])
    await court.require_free(case_numbers=["1"])
    other = await court.elsewhere()
    await other.require_free(case_numbers=["17778880001"], asset_ids=[laptop.id])
    await court.release(hold)
    await court.require_free(case_numbers=["17778880001", "17778880002"], asset_ids=[laptop.id])


async def test_what_is_meant_is_said(court):
    laptop = await court.add()
    await court.place(asset(laptop))
    async with court.refused(holds.HeldLegally) as caught:
        await court.require_free(asset_ids=[laptop.id])
    assert caught[0].text == (
        f"Asset {laptop.serial_number} is on legal hold and cannot be wiped. "
        "Two people have to release the hold first."
    )
