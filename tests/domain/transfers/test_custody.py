"""Who holds a device while its transfer runs."""

from datetime import timedelta

import pytest
from tests.domain.transfers import devices
from tests.domain.transfers.devices import HOUR, PERSON, SERIAL

from backhaul.domain.inventory.model import AssetPatch, Custody, asset_number
from backhaul.domain.inventory.operations import change_asset
from backhaul.domain.shipping.model import Tracking
from backhaul.domain.shipping.operations import record_scan, replace_tracking_number
from backhaul.domain.transfers.model import Direction, Status
from backhaul.domain.transfers.operations import cancel_transfer, mark_not_returned
from backhaul.domain.transfers.queries import find_linked_asset, list_of_asset
from backhaul.storage import history

DEPLOYMENT, RETURN = Direction.DEPLOYMENT, Direction.RETURN


async def linked(world, transfer):
    return await find_linked_asset(world.db, actor=world.actor, transfer_id=transfer.id)


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


# Which asset it is


@pytest.mark.parametrize("spelling", [SERIAL, " sn-1", "S N - 1 "])
async def test_a_serial_number_is_known_in_any_spelling(world, spelling):
    asset = await devices.device(world)
    order = await devices.order(world, serial=spelling)
    link = await linked(world, order)
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
    assert (await linked(world, order), await devices.see(world)) == (None, before)
    assert "asset_linked" not in await world.history(order)


async def test_another_organizations_device_is_never_linked(world):
    await devices.device(world)
    await world.settle()
    before = await devices.traces(world)
    elsewhere = await world.elsewhere()
    order = await devices.order(elsewhere)
    await devices.ended(elsewhere, order)
    assert await linked(elsewhere, order) is None
    assert await linked(world, order) is None
    after = await devices.traces(world)
    assert {name for name in before if before[name] != after[name]} <= {"jobs"}  # the queue is everybody's


async def test_placing_an_order_writes_no_link(world):
    await devices.device(world)
    order = await world.place(device_serial_number=SERIAL, is_box_waived=True)
    assert await linked(world, order) is None
    await world.settle()
    assert await linked(world, order) is not None


async def test_a_device_added_while_it_travels_is_found_by_the_next_report(world):
    """What was written down after the first scan counts until the carrier has seen the parcel again."""
    order = await devices.order(world)
    parcel = await devices.shipped(world, order)
    await devices.device(world)
    assert await linked(world, order) is None
    world.clock.advance(HOUR)
    await world.report(parcel, Tracking.OUT_FOR_DELIVERY)
    await world.settle()
    seen = await devices.see(world)
    assert (seen.asset.custody, seen.asset.custody_since) == (Custody.PARCEL, world.now)
    assert (await linked(world, order)).id == seen.asset.id
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
    assert (await linked(world, order)).id == asset.id
    assert await devices.held(world, "SN-1-corrected") is Custody.PARCEL
    assert await devices.held(world) is Custody.ORGANIZATION


async def test_a_link_goes_with_its_device(world):
    """An import that is undone takes the devices back that it added."""
    asset = await devices.device(world)
    order = await devices.order(world)
    async with world.db.transaction(world.scope) as tx:
        await tx.execute("DELETE FROM assets WHERE org_id = $1 AND id = $2", world.scope.org_id, asset.id)
    assert await linked(world, order) is None
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


# What does not go as planned


@pytest.mark.parametrize("word", ["sim-lost", "sim-damaged", "sim-refused", "sim-bad-address"])
@pytest.mark.parametrize("direction", Direction)
async def test_what_arrives_nowhere_stays_in_transit_until_somebody_takes_it_in(world, word, direction):
    """A parcel that goes back is not followed to its sender: nobody reports that it is there."""
    await devices.employee(world)
    await devices.device(world)
    order = await devices.order(world, direction, word=word)
    parcel = await devices.ended(world, order)
    await world.live(days=5)
    seen = await devices.see(world)
    assert (await world.reload(order)).status is Status.FAILED
    assert (seen.asset.custody, seen.asset.shipment_id) == (Custody.PARCEL, parcel.id)
    assert await devices.reasons(world) == ["added", "shipped"]

    await devices.receive(world)
    seen = await devices.see(world)
    assert (seen.asset.custody, seen.status.name) == (Custody.ORGANIZATION, "Available")
    await world.live(days=20)
    assert await devices.reasons(world) == ["added", "shipped", "received"]


async def test_a_lost_device_that_turns_up_is_with_its_receiver(world):
    await devices.device(world)
    order = await devices.order(world, word="sim-lost")
    parcel = await devices.ended(world, order)
    world.clock.advance(timedelta(days=2))
    await world.report(parcel, Tracking.DELIVERED)
    await world.settle()
    assert (await world.reload(order)).status is Status.COMPLETE
    assert await devices.reasons(world) == ["added", "shipped", "delivered"]


async def test_a_parcel_no_carrier_takes_moves_nothing(world):
    await devices.employee(world)
    await devices.device(world, holder=PERSON)
    order = await devices.order(world, word="sim-device-no-label")
    assert (await world.reload(order)).status is Status.FAILED
    assert await devices.reasons(world) == ["added"]


async def test_a_transfer_that_is_cancelled_moves_nothing(world):
    await devices.employee(world)
    await devices.device(world, holder=PERSON)
    order = await devices.order(world)
    await cancel_transfer(world.db, actor=world.actor, transfer_id=order.id, reason=None, now=world.now)
    await world.live(days=20)
    assert await devices.reasons(world) == ["added"]
    assert (await linked(world, order)).custody is Custody.EMPLOYEE


async def test_a_cancelled_label_that_is_used_after_all_moves_the_device(world):
    await devices.employee(world)
    await devices.device(world, holder=PERSON)
    order = await devices.order(world)
    await cancel_transfer(world.db, actor=world.actor, transfer_id=order.id, reason=None, now=world.now)
    world.clock.advance(HOUR)
    parcel = await world.device(order)
    await record_scan(
        world.db, actor=world.actor, shipment_id=parcel.id, status=Tracking.IN_TRANSIT, text="seen",
        happened_at=world.now, now=world.now,
    )  # fmt: skip
    await world.settle()
    assert (await world.reload(order)).status is Status.CANCELLED
    assert await devices.held(world) is Custody.PARCEL


async def test_giving_up_on_a_device_leaves_it_with_whoever_keeps_it(world):
    await devices.employee(world)
    await devices.device(world, holder=PERSON)
    order = await devices.order(world, word="sim-kept")
    await mark_not_returned(world.db, actor=world.actor, transfer_id=order.id, reason=None, now=world.now)
    await world.live(days=2)
    assert await devices.reasons(world) == ["added"]


async def test_another_number_leaves_the_device_in_the_parcel(world):
    await devices.device(world)
    order = await devices.order(world)
    parcel = await devices.shipped(world, order)
    await replace_tracking_number(
        world.db, actor=world.actor, shipment_id=parcel.id, tracking_number="1Z999", tracking_url=None,
        now=world.now,
    )  # fmt: skip
    await world.settle()
    assert await devices.held(world) is Custody.PARCEL
    world.clock.advance(HOUR)
    await world.report(await world.device(order), Tracking.DELIVERED)
    await world.settle()
    last = (await devices.ledger(world))[-1]
    assert (last.reason.value, last.evidence["tracking_number"]) == ("delivered", "1Z999")


async def test_scans_of_a_number_that_was_replaced_meanwhile_move_nothing(world):
    await devices.device(world)
    order = await devices.order(world, word="sim-kept")
    parcel = await world.device(order)
    await world.report(parcel, Tracking.IN_TRANSIT)
    await replace_tracking_number(
        world.db, actor=world.actor, shipment_id=parcel.id, tracking_number="1Z999", tracking_url=None,
        now=world.now,
    )  # fmt: skip
    await world.settle()
    assert await devices.reasons(world) == ["added"]


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
