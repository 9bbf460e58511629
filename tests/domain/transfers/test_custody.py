"""Who holds a device while its transfer runs."""

from datetime import timedelta

import pytest
from tests.domain.transfers import devices
from tests.domain.transfers.devices import HOUR, PERSON

from backhaul.domain.inventory.model import Custody
from backhaul.domain.shipping.model import Tracking
from backhaul.domain.transfers.model import Direction, Status
from backhaul.storage import history

DEPLOYMENT, RETURN = Direction.DEPLOYMENT, Direction.RETURN


# A device's journey


async def test_a_device_that_is_returned_is_in_its_parcel_and_then_with_the_organization(world):
    person = await devices.employee(world)
    asset = await devices.device(world, holder=PERSON)
    order = await devices.order(world, RETURN, waived=False)
    assert await devices.held(world) is Custody.EMPLOYEE

    parcel = await devices.shipped(world, order)
    seen = await devices.see(world)
    assert (seen.asset.custody, seen.asset.shipment_id) == (Custody.PARCEL, parcel.id)
    assert (seen.status.name, seen.asset.custody_since) == ("Pending", parcel.shipped_at)

    parcel = await devices.ended(world, order)
    seen = await devices.see(world)
    assert (seen.asset.custody, seen.holder) == (Custody.ORGANIZATION, None)
    assert (seen.status.name, seen.asset.custody_since) == ("Available", parcel.delivered_at)
    assert (await world.reload(order)).status is Status.COMPLETE

    added, sent, received = await devices.ledger(world)
    proof = {
        "transfer_id": str(order.id),
        "tracking_number": parcel.tracking_number,
        "carrier": "FedEx",
        "shipment_id": str(parcel.id),
    }
    assert (added.asset_id, added.to_id) == (asset.id, person.id)
    assert (sent.from_id, sent.to_id, sent.at, sent.evidence) == (
        person.id, parcel.id, parcel.shipped_at, proof,
    )  # fmt: skip
    assert (received.from_id, received.to_id, received.at) == (parcel.id, None, parcel.delivered_at)
    assert (received.evidence, received.author_kind) == (proof, "system")


async def test_a_device_that_is_deployed_is_assigned_when_it_is_delivered(world):
    person = await devices.employee(world, email=PERSON.upper())
    await devices.device(world)
    order = await devices.order(world, DEPLOYMENT)
    await devices.shipped(world, order)
    assert await devices.held(world) is Custody.PARCEL
    parcel = await devices.ended(world, order)
    seen = await devices.see(world)
    assert (seen.asset.custody, seen.asset.employee_id) == (Custody.EMPLOYEE, person.id)
    assert (seen.status.name, seen.asset.custody_since) == ("In Use", parcel.delivered_at)
    assert await devices.reasons(world) == ["added", "shipped", "delivered"]


async def test_a_device_deployed_to_nobody_in_the_directory_is_outside(world):
    await devices.employee(world, email="somebody.else@example.com")
    await devices.device(world)
    await devices.ended(world, await devices.order(world, DEPLOYMENT))
    seen = await devices.see(world)
    assert (seen.asset.custody, seen.holder, seen.status.name) == (Custody.OUTSIDE, None, "Pending")


async def test_the_empty_box_moves_nobodys_device(world):
    await devices.employee(world)
    await devices.device(world, holder=PERSON)
    order = await devices.order(world, RETURN, word="sim-device-kept", waived=False)
    await world.live_until(order, Status.PENDING_DEVICE)
    assert (await world.box(order)).status is Tracking.DELIVERED
    assert await devices.reasons(world) == ["added"]


async def test_the_device_may_be_with_somebody_else_than_the_sender(world):
    """Who packed it is not asked: the parcel has it now, and the ledger says who was thought to."""
    other = await devices.employee(world, email="other@example.com")
    await devices.device(world, holder="other@example.com")
    await devices.shipped(world, await devices.order(world, RETURN))
    assert await devices.held(world) is Custody.PARCEL
    assert (await devices.ledger(world))[-1].from_id == other.id


@pytest.mark.parametrize("direction", Direction)
async def test_a_legal_hold_travels_with_the_device(world, direction):
    person = await devices.employee(world)
    await devices.device(world, status_name="Legal Hold")
    order = await devices.order(world, direction)
    await devices.shipped(world, order)
    assert (await devices.see(world)).status.name == "Legal Hold"
    await devices.ended(world, order)
    seen = await devices.see(world)
    is_return = direction is RETURN
    assert seen.asset.custody is (Custody.ORGANIZATION if is_return else Custody.EMPLOYEE)
    assert seen.asset.employee_id == (None if is_return else person.id)
    assert seen.status.name == "Legal Hold"


# People and other parcels meanwhile


async def test_what_somebody_said_after_the_hand_over_is_older_news_when_the_parcel_moves_on(world):
    """Unassigned at the desk while it travels already: the first scan, heard of late, is outdated by that."""
    await devices.employee(world)
    await devices.device(world, holder=PERSON)
    order = await devices.order(world, word="sim-kept")
    parcel = await world.device(order)
    scanned_at = world.now + HOUR
    world.clock.advance(2 * HOUR)
    await devices.take_back(world, PERSON)
    await world.report(parcel, Tracking.IN_TRANSIT, at=scanned_at)
    await world.settle()
    assert await devices.reasons(world) == ["added", "unassigned"]
    world.clock.advance(HOUR)
    await world.report(parcel, Tracking.OUT_FOR_DELIVERY)
    await world.settle()
    assert (await devices.ledger(world))[-1].at == world.now
    assert await devices.reasons(world) == ["added", "unassigned", "shipped"]


async def test_a_delivery_that_is_heard_of_after_the_device_went_on_changes_nothing(world):
    await devices.employee(world)
    await devices.device(world, holder=PERSON)
    order = await devices.order(world, word="sim-kept")
    parcel = await world.device(order)
    scanned_at = world.now
    world.clock.advance(timedelta(days=1))
    await devices.take_back(world, PERSON)
    await devices.assign(world, PERSON)
    await world.report(parcel, Tracking.DELIVERED, at=scanned_at)
    await world.settle()
    assert (await world.reload(order)).status is Status.COMPLETE
    assert await devices.reasons(world) == ["added", "unassigned", "assigned"]


async def test_a_device_goes_home_and_out_again(world):
    """Two transfers of one serial number, one after the other."""
    person = await devices.employee(world)
    await devices.device(world, holder=PERSON)
    home = await devices.order(world, RETURN)
    await devices.ended(world, home)
    out = await devices.order(world, DEPLOYMENT)
    await devices.ended(world, out)
    assert await devices.reasons(world) == ["added", "shipped", "delivered", "shipped", "delivered"]
    carried = [line.evidence.get("transfer_id") for line in await devices.ledger(world)]
    assert carried == [None, str(home.id), str(home.id), str(out.id), str(out.id)]
    assert (await devices.see(world)).asset.employee_id == person.id


async def test_of_two_transfers_at_once_the_parcel_that_was_handed_over_last_has_the_device(world):
    await devices.device(world)
    first, second = await devices.order(world, word="sim-kept"), await devices.order(world, word="sim-kept")
    for order in (first, second):
        world.clock.advance(HOUR)
        await world.report(await world.device(order), Tracking.IN_TRANSIT)
        await world.settle()
    last = await world.device(second)
    assert (await devices.see(world)).asset.shipment_id == last.id
    for order in (first, second):
        world.clock.advance(HOUR)
        await world.report(await world.device(order), Tracking.DELIVERED)
        await world.settle()
    lines = await devices.ledger(world)
    assert [line.reason.value for line in lines] == ["added", "shipped", "shipped", "delivered"]
    assert lines[-1].evidence["transfer_id"] == str(second.id)
    assert lines[-1].author_kind == history.SYSTEM.kind
