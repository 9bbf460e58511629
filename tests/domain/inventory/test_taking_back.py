"""A receipt that is taken back: the status a device has afterwards."""

import pytest

from backhaul.domain import holds
from backhaul.domain.inventory.operations import custody
from backhaul.domain.inventory.operations.taking_back import take_back_receipt


async def take_back(stock, asset, return_number):
    async with stock.db.transaction(stock.scope) as tx:
        locked = await custody.lock(tx, asset.id)
        return await take_back_receipt(
            tx,
            stock.actor.author,
            locked,
            return_number=return_number,
            at=stock.now,
            evidence={"return": str(return_number)},
        )


@pytest.mark.parametrize("is_held", [False, True])
async def test_a_device_that_was_in_use_is_in_use_again_also_on_hold(stock, is_held):
    person = await stock.employee()
    if is_held:
        subject = holds.NewSubject(kind=holds.SubjectKind.EMPLOYEE, name=person.email)
        await holds.place_hold(
            stock.db,
            actor=stock.actor,
            summary="Court",
            description="Keep",
            subjects=[subject],
            now=stock.now,
        )
    asset = await stock.add(status_name="In Use", assign_to_email=person.email)
    await stock.receive(asset, "7")
    assert await stock.status_of(asset) == ("Legal Hold" if is_held else "Pending")
    before = await stock.reload(asset)
    assert await take_back(stock, before, 8) == before  # another return's
    await take_back(stock, before, 7)
    after = await stock.reload(asset)
    assert (after.custody, after.employee_id, await stock.status_of(asset)) == (
        "employee",
        person.id,
        "In Use",
    )
