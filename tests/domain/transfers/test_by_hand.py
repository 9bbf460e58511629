"""A carrier that is a person: the number is pasted, the scans are typed in, and the transfer follows."""

from datetime import timedelta

import pytest

from backhaul.domain.shipping.errors import ShipmentMoveRefused, ShipmentUnknown
from backhaul.domain.shipping.model import Fault, Leg, Tracking
from backhaul.domain.shipping.operations import record_scan, replace_tracking_number
from backhaul.domain.shipping.queries import find_public_tracking
from backhaul.domain.transfers.model import Status
from backhaul.kernel.errors import InvalidInput
from backhaul.settings import Settings, ShippingSettings

BY_HAND = Settings(shipping=ShippingSettings(carriers={"USPS": "manual", "FedEx": "manual"}))


@pytest.fixture
async def office(world):
    """A world whose labels are bought elsewhere."""
    return await world.elsewhere(BY_HAND)


async def scan(world, shipment, status, *, at=None, text="typed in"):
    return await record_scan(
        world.db,
        actor=world.actor,
        shipment_id=shipment.id,
        status=status,
        text=text,
        happened_at=at or world.now,
        now=world.now,
    )


async def paste(world, shipment, number, url=None):
    return await replace_tracking_number(
        world.db,
        actor=world.actor,
        shipment_id=shipment.id,
        tracking_number=number,
        tracking_url=url,
        now=world.now,
    )


async def test_pasted_numbers_and_typed_scans_drive_a_transfer_home(office):
    order = await office.order()
    box, device = await office.box(order), await office.device(order)
    assert (box.adapter, box.service) == ("manual", "MANUAL")
    assert box.tracking_number.startswith("MAN")

    box = await paste(office, box, "  9400 1000 0000 0000 ", "https://carrier.example/1")
    device = await paste(office, device, "7777")
    assert (box.tracking_number, box.tracking_url) == ("9400 1000 0000 0000", "https://carrier.example/1")
    detail = await office.detail(order)
    assert (detail.box.tracking_number, detail.device.tracking_number) == ("9400 1000 0000 0000", "7777")

    for parcel in (box, device):
        for status in (Tracking.IN_TRANSIT, Tracking.DELIVERED):
            office.clock.advance(timedelta(hours=20))
            await scan(office, parcel, status)
            await office.settle()

    done = await office.reload(order)
    assert done.status is Status.COMPLETE
    assert await office.history(done) == [
        "placed",
        "ship_box",
        "deliver_box",
        "ship_device",
        "deliver_device",
    ]
    box, device = await office.box(order), await office.device(order)
    assert await office.history(box) == ["opened", "label_bought", "number_replaced", "tracked", "tracked"]
    assert [line["actor_kind"] for line in await office.changes("shipment", device.id)] == [
        "system", "system", "user", "system", "user", "user",
    ]  # fmt: skip
    assert len(await office.letters(order)) == 7


async def test_nobody_asks_a_carrier_that_cannot_be_asked(office):
    order = await office.order()
    await office.live(days=5)
    box = await office.box(order)
    assert box.next_look_at is None
    await scan(office, box, Tracking.IN_TRANSIT)
    await office.live(days=1)
    assert (await office.box(order)).next_look_at is None
    assert (await office.reload(order)).status is Status.BOX_IN_TRANSIT


async def test_scans_of_one_moment_with_the_same_words_are_kept_apart(office):
    order = await office.order()
    box = await office.box(order)
    await scan(office, box, Tracking.IN_TRANSIT, text="")
    moved = await scan(office, box, Tracking.OUT_FOR_DELIVERY, text="")
    assert moved.status is Tracking.OUT_FOR_DELIVERY
    assert len(await office.scans(box)) == 2


async def test_a_scan_typed_in_twice_changes_nothing(office):
    order = await office.order()
    box = await office.box(order)
    moved = await scan(office, box, Tracking.IN_TRANSIT)
    again = await scan(office, box, Tracking.IN_TRANSIT)
    assert again.version == moved.version
    assert await office.history(box) == ["opened", "label_bought", "tracked"]


async def test_a_scan_that_cannot_follow_is_refused_and_leaves_no_trace(office, subtests):
    for before, status in (
        (Tracking.IN_TRANSIT, Tracking.PRE_TRANSIT),
        (Tracking.DELIVERED, Tracking.IN_TRANSIT),
        (Tracking.RETURN_TO_SENDER, Tracking.PRE_TRANSIT),
    ):
        with subtests.test(before=str(before), status=str(status)):
            box = await office.box(await office.order())
            await scan(office, box, before)
            kept = await office.traces()
            with pytest.raises(ShipmentMoveRefused, match=f"is {before}; it cannot become {status}"):
                await scan(office, box, status)
            assert await office.traces() == kept


async def test_a_scan_from_the_future_is_refused(office):
    order = await office.order()
    box = await office.box(order)
    kept = await office.traces()
    with pytest.raises(ShipmentMoveRefused, match="move in the future"):
        await scan(office, box, Tracking.IN_TRANSIT, at=office.now + timedelta(seconds=1))
    assert await office.traces() == kept


async def test_a_parcel_without_a_number_cannot_have_been_scanned(office):
    order = await office.place()
    await office.relay()
    box = await office.box(order)
    kept = await office.traces()
    with pytest.raises(ShipmentMoveRefused, match="without a label"):
        await scan(office, box, Tracking.IN_TRANSIT)
    with pytest.raises(ShipmentMoveRefused, match="get another number"):
        await paste(office, box, "123")
    assert await office.traces() == kept


async def test_nobody_cancels_a_parcel_by_typing_in_a_scan(office):
    order = await office.order()
    box = await office.box(order)
    kept = await office.traces()
    with pytest.raises(ShipmentMoveRefused, match="be cancelled by a scan"):
        await scan(office, box, Tracking.CANCELLED)
    assert await office.traces() == kept


async def test_an_unknown_report_is_kept_and_changes_no_status(office):
    order = await office.order()
    box = await office.box(order)
    await scan(office, box, Tracking.IN_TRANSIT)
    office.clock.advance(timedelta(hours=1))
    after = await scan(office, box, Tracking.UNKNOWN, text="somebody called about it")
    assert after.status is Tracking.IN_TRANSIT
    assert [kept.text for kept in await office.scans(box)] == ["typed in", "somebody called about it"]
    assert await office.moves(order, Leg.BOX) == [("pre_transit", "in_transit")]


async def test_an_earlier_scan_typed_in_late_finds_its_place(office):
    order = await office.order()
    box = await office.box(order)
    office.clock.advance(timedelta(days=2))
    await scan(office, box, Tracking.OUT_FOR_DELIVERY)
    first = office.now - timedelta(days=1)
    after = await scan(office, box, Tracking.IN_TRANSIT, at=first, text="found in the mail")
    assert (after.status, after.shipped_at) == (Tracking.OUT_FOR_DELIVERY, first)


async def test_a_number_must_have_1_to_64_characters(office, subtests):
    order = await office.order()
    box = await office.box(order)
    kept = await office.traces()
    for number in ("", "   ", "x" * 65):
        with subtests.test(number=number):
            with pytest.raises(InvalidInput) as refused:
                await paste(office, box, number)
            assert [problem.path for problem in refused.value.problems] == ["tracking_number"]
    assert await office.traces() == kept


async def test_any_form_of_number_is_taken(office):
    order = await office.order()
    box = await office.box(order)
    for number in ("x" * 64, "1Z-wrong-check-digit", "Ü 7"):
        assert (await paste(office, box, number)).tracking_number == number


async def test_a_finished_parcel_gets_no_other_number(office):
    order = await office.order()
    box = await office.box(order)
    await scan(office, box, Tracking.DELIVERED)
    with pytest.raises(ShipmentMoveRefused, match="get another number"):
        await paste(office, box, "123")


async def test_the_public_page_knows_the_new_number_and_not_the_old(office):
    order = await office.order()
    box = await office.box(order)
    await paste(office, box, "PASTED-1")
    await scan(office, box, Tracking.IN_TRANSIT)
    found = await find_public_tracking(office.db, tracking_number="PASTED-1")
    assert (found.status, found.is_simulated, len(found.events)) == (Tracking.IN_TRANSIT, False, 1)
    assert await find_public_tracking(office.db, tracking_number=box.tracking_number) is None


async def test_another_organization_can_neither_scan_nor_renumber(office, world):
    order = await office.order()
    box = await office.box(order)
    with pytest.raises(ShipmentUnknown):
        await scan(world, box, Tracking.IN_TRANSIT)
    with pytest.raises(ShipmentUnknown):
        await paste(world, box, "MINE")


async def test_a_box_lost_by_hand_is_refunded_like_any_other(office):
    order = await office.order()
    await scan(office, await office.box(order), Tracking.FAILURE)
    await office.settle()
    assert (await office.reload(order)).status is Status.FAILED
    assert await office.payments(order) == [("refunded", 8500, 8500)]
    assert (await office.box(order)).fault in (None, Fault.OTHER)
