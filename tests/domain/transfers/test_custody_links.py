"""Which asset a transfer is about: the one with its serial number, found by whoever looks first."""

import pytest
from tests.domain.transfers import devices
from tests.domain.transfers.devices import HOUR, PERSON, SERIAL

from backhaul.domain.inventory.model import AssetPatch, Custody, asset_number
from backhaul.domain.inventory.operations import change_asset
from backhaul.domain.shipping.model import Tracking
from backhaul.domain.transfers.model import Status
from backhaul.domain.transfers.operations import cancel_transfer
from backhaul.domain.transfers.queries import list_of_asset


@pytest.mark.parametrize("spelling", [SERIAL, " sn-1", "S N - 1 "])
async def test_a_serial_number_is_known_in_any_spelling(world, spelling):
    asset = await devices.device(world)
    order = await devices.order(world, serial=spelling)
    link = await devices.linked(world, order)
    assert (link.id, link.serial_number, link.custody) == (asset.id, SERIAL, Custody.ORGANIZATION)
    assert link.linked_at == world.now
    assert asset_number(link.number, link.created_at) == asset_number(asset.number, asset.created_at)
    assert (await world.history(order)).count("asset_linked") == 1
    assert ("transfers.asset_linked", str(asset.id)) in [
        (name, told.get("asset_id")) for name, told in await world.events(order)
    ]


@pytest.mark.parametrize("serial", [None, "SN-2", "   "])
async def test_without_a_known_serial_number_no_device_is_touched(world, serial):
    await devices.device(world)
    before = await devices.see(world)
    order = await devices.order(world, serial=serial)
    await devices.ended(world, order)
    assert (await devices.linked(world, order), await devices.see(world)) == (None, before)
    assert "asset_linked" not in await world.history(order)


async def test_another_organizations_device_is_never_linked(world):
    await devices.device(world)
    await world.settle()
    before = await devices.traces(world)
    elsewhere = await world.elsewhere()
    order = await devices.order(elsewhere)
    await devices.ended(elsewhere, order)
    assert await devices.linked(elsewhere, order) is None
    assert await devices.linked(world, order) is None
    after = await devices.traces(world)
    assert {name for name in before if before[name] != after[name]} <= {"jobs"}  # the queue is everybody's


async def test_placing_an_order_writes_no_link(world):
    await devices.device(world)
    order = await world.place(device_serial_number=SERIAL, is_box_waived=True)
    assert await devices.linked(world, order) is None
    await world.settle()
    assert await devices.linked(world, order) is not None


async def test_a_device_added_while_it_travels_is_found_by_the_next_report(world):
    """What was written down after the first scan counts until the carrier has seen the parcel again."""
    order = await devices.order(world)
    parcel = await devices.shipped(world, order)
    await devices.device(world)
    assert await devices.linked(world, order) is None
    world.clock.advance(HOUR)
    await world.report(parcel, Tracking.OUT_FOR_DELIVERY)
    await world.settle()
    seen = await devices.see(world)
    assert (seen.asset.custody, seen.asset.custody_since) == (Custody.PARCEL, world.now)
    assert (await devices.linked(world, order)).id == seen.asset.id
    await devices.ended(world, order)
    assert await devices.reasons(world) == ["added", "shipped", "delivered"]


async def test_a_device_added_after_its_delivery_stays_where_it_was_said_to_be(world):
    await devices.employee(world)
    order = await devices.order(world)
    await devices.ended(world, order)
    await devices.device(world, holder=PERSON)
    await world.live(days=3)
    assert await devices.held(world) is Custody.EMPLOYEE
    assert await devices.reasons(world) == ["added"]


async def test_a_link_outlives_the_serial_number_it_was_made_by(world):
    """A corrected serial number, even one that another device has got since, does not move the wrong device."""
    asset = await devices.device(world)
    order = await devices.order(world)
    patch = AssetPatch(serial_number="SN-1-corrected")
    await change_asset(world.db, actor=world.actor, asset=SERIAL, patch=patch, now=world.now)
    await devices.device(world)
    await devices.shipped(world, order)
    assert (await devices.linked(world, order)).id == asset.id
    assert await devices.held(world, "SN-1-corrected") is Custody.PARCEL
    assert await devices.held(world) is Custody.ORGANIZATION


async def test_a_link_goes_with_its_device(world):
    """An import that is undone takes the devices back that it added."""
    asset = await devices.device(world)
    order = await devices.order(world)
    async with world.db.transaction(world.scope) as tx:
        await tx.execute("DELETE FROM assets WHERE org_id = $1 AND id = $2", world.scope.org_id, asset.id)
    assert await devices.linked(world, order) is None
    assert await list_of_asset(world.db, actor=world.actor, asset_id=asset.id) == []
    await devices.ended(world, order)
    assert (await world.reload(order)).status is Status.COMPLETE


async def test_the_transfers_of_a_device_are_listed_whatever_became_of_them(world):
    asset = await devices.device(world)
    await devices.device(world, serial_number="SN-2")
    cancelled = await devices.order(world)
    await cancel_transfer(world.db, actor=world.actor, transfer_id=cancelled.id, reason=None, now=world.now)
    await devices.order(world, serial="SN-2")
    done = await devices.order(world)
    await devices.ended(world, done)
    listed = await list_of_asset(world.db, actor=world.actor, asset_id=asset.id)
    assert [one.id for one in listed] == [done.id, cancelled.id]
    assert [one.status for one in listed] == [Status.COMPLETE, Status.CANCELLED]
    older = await list_of_asset(world.db, actor=world.actor, asset_id=asset.id, before=done.id, limit=1)
    assert [one.id for one in older] == [cancelled.id]
    elsewhere = await world.elsewhere()
    assert await list_of_asset(world.db, actor=elsewhere.actor, asset_id=asset.id) == []
