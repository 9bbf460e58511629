"""What can go wrong with a parcel, told to its end: letters, money, history."""

from datetime import timedelta

import pytest

from backhaul.domain.shipping.jobs import buy
from backhaul.domain.shipping.model import Fault, Leg, Tracking
from backhaul.domain.transfers.model import Status

PERSON, OFFICE_MAIL = "christopher@home.example", "it@maas.example"


async def voided(world, shipment):
    """Whether the carrier was asked to take the label back: the job is gone and nothing is parked."""
    assert shipment.has_label
    return shipment.status is Tracking.CANCELLED and "shipping.void_label" not in await world.jobs()


async def test_a_box_that_is_lost_ends_the_transfer_and_gives_the_money_back(world):
    order = await world.order(ticket_reference="sim-box-lost")
    failed = await world.live_until(order, Status.FAILED)
    await world.live(days=1)

    assert await world.letters(order) == [
        ("placed", PERSON),
        ("box_shipped", PERSON),
        ("box_undeliverable", PERSON),
        ("failed", OFFICE_MAIL),
        ("failed", world.actor.user_email),
    ]
    assert "the carrier lost it" in await world.letter_text(order, "box_undeliverable")
    assert await world.history(failed) == ["placed", "ship_box", "fail_box"]
    box, device = await world.box(order), await world.device(order)
    assert (box.status, box.fault) == (Tracking.FAILURE, Fault.LOST)
    assert await world.history(device) == ["opened", "label_bought", "cancelled"]
    assert await voided(world, device)
    assert await world.payments(order) == [("refunded", 8500, 8500)]
    assert await world.balances() == {"revenue": -8500, "refunds": 8500}
    assert (failed.next_reminder_at, failed.give_up_at) == (None, None)


@pytest.mark.parametrize(
    ("word", "fault", "words"),
    [
        ("sim-box-refused", Fault.REFUSED, "the addressee refused it"),
        ("sim-box-bad-address", Fault.BAD_ADDRESS, "the carrier could not deliver to this address"),
    ],
)
async def test_a_box_that_comes_back_ends_the_transfer_and_is_paid_for(world, word, fault, words):
    order = await world.order(ticket_reference=word)
    failed = await world.live_until(order, Status.FAILED)
    await world.live(days=5)

    assert await world.letters(order) == [
        ("placed", PERSON),
        ("box_shipped", PERSON),
        ("box_undeliverable", PERSON),
        ("failed", OFFICE_MAIL),
        ("failed", world.actor.user_email),
    ]
    assert words in await world.letter_text(order, "failed")
    assert await world.history(failed) == ["placed", "ship_box", "fail_box"]
    box = await world.box(order)
    assert (box.status, box.fault, box.delivered_at) == (Tracking.RETURN_TO_SENDER, fault, None)
    assert (await world.scans(box))[-1].fault is fault
    assert await voided(world, await world.device(order))
    assert await world.payments(order) == [("captured", 8500, 0)]
    assert await world.balances() == {"gateway_clearing": 8500, "revenue": -8500}


async def test_a_damaged_box_is_paid_back(world):
    order = await world.order(ticket_reference="sim-box-damaged")
    await world.live_until(order, Status.FAILED)
    assert await world.payments(order) == [("refunded", 8500, 8500)]


async def test_a_device_that_is_lost_is_not_paid_back(world):
    order = await world.order(ticket_reference="sim-device-lost")
    failed = await world.live_until(order, Status.FAILED)
    await world.live(days=1)

    assert await world.letters(order) == [
        ("placed", PERSON),
        ("box_shipped", PERSON),
        ("box_delivered", PERSON),
        ("device_shipped", OFFICE_MAIL),
        ("failed", OFFICE_MAIL),
        ("failed", world.actor.user_email),
    ]
    assert "the carrier lost it" in await world.letter_text(order, "failed")
    assert await world.history(failed) == ["placed", "ship_box", "deliver_box", "ship_device", "fail_device"]
    assert (await world.device(order)).fault is Fault.LOST
    assert await world.payments(order) == [("captured", 8500, 0)]


async def test_a_lost_device_that_turns_up_completes_the_transfer(world):
    order = await world.order(ticket_reference="sim-device-lost")
    await world.live_until(order, Status.FAILED)
    device = await world.device(order)
    world.clock.advance(timedelta(days=2))
    await world.report(device, Tracking.OUT_FOR_DELIVERY)
    await world.settle()
    assert (await world.reload(order)).status is Status.DEVICE_IN_TRANSIT
    world.clock.advance(timedelta(hours=3))
    await world.report(device, Tracking.DELIVERED)
    await world.settle()
    done = await world.reload(order)
    assert done.status is Status.COMPLETE
    assert (await world.history(done))[-3:] == ["fail_device", "ship_device", "deliver_device"]
    assert (await world.letters(order))[-3:] == [
        ("device_received_employee", PERSON),
        ("device_received_organization", OFFICE_MAIL),
        ("device_received_organization", world.actor.user_email),
    ]


async def test_a_device_that_is_lost_twice_is_told_of_twice(world):
    order = await world.order(ticket_reference="sim-device-lost")
    await world.live_until(order, Status.FAILED)
    device = await world.device(order)
    for status in (Tracking.IN_TRANSIT, Tracking.FAILURE):
        world.clock.advance(timedelta(days=1))
        await world.report(device, status)
        await world.settle()
    assert [letter for letter, _ in await world.letters(order)].count("failed") == 4  # two readers, twice


@pytest.mark.parametrize("first", [["box"], ["device"], ["box", "device"], ["device", "box"]], ids=str)
async def test_without_any_label_the_transfer_fails_and_is_paid_back_whoever_refuses_first(world, first):
    order = await world.place(ticket_reference="sim-no-label")
    await world.relay()
    parcels = await world.parcels(order)
    for leg in first:
        await buy(world.run, org_id=world.scope.org_id, shipment_id=parcels[Leg(leg)].id)
    await world.settle()

    failed = await world.reload(order)
    assert failed.status is Status.FAILED
    for parcel in (await world.parcels(order)).values():
        assert not parcel.has_label
        assert parcel.status in (Tracking.FAILURE, Tracking.CANCELLED)
    assert (await world.payments(order))[0][0] in ("refunded", "cancelled")
    assert [letter for letter, _ in await world.letters(order)].count("failed") == 2  # two readers
    assert await world.parked() == []


async def test_no_return_label_means_no_box_either(world):
    order = await world.order(ticket_reference="sim-device-no-label")
    failed = await world.reload(order)
    assert failed.status is Status.FAILED
    assert await world.history(failed) == ["placed", "fail_device"]
    box = await world.box(order)
    assert box.status is Tracking.CANCELLED
    assert await voided(world, box)
    assert await world.payments(order) == [("refunded", 8500, 8500)]
    assert await world.letters(order) == [
        ("failed", OFFICE_MAIL),
        ("failed", world.actor.user_email),
        ("placed", PERSON),
    ]
    assert "no carrier takes the parcel" in await world.letter_text(order, "failed")
    before = await world.traces()
    await world.live(days=40)
    assert await world.traces() == before


async def test_a_box_nobody_sells_a_label_for_ends_the_transfer(world):
    order = await world.order(ticket_reference="sim-box-no-label")
    failed = await world.reload(order)
    assert (failed.status, await world.history(failed)) == (Status.FAILED, ["placed", "fail_box"])
    box, device = await world.box(order), await world.device(order)
    assert (box.status, box.fault, box.tracking_number) == (Tracking.FAILURE, Fault.OTHER, None)
    assert await world.history(box) == ["opened", "label_refused"]
    assert await voided(world, device)
    assert await world.payments(order) == [("refunded", 8500, 8500)]


async def test_a_carrier_that_is_away_is_asked_again(world):
    order = await world.order(ticket_reference="sim-unavailable")
    assert [(p.has_label, p.status) for p in (await world.parcels(order)).values()] == [
        (False, Tracking.PRE_TRANSIT)
    ] * 2
    assert await world.jobs() == ["shipping.buy_label"] * 2
    world.clock.advance(timedelta(seconds=5))
    await world.settle()
    assert [p.has_label for p in (await world.parcels(order)).values()] == [True, True]
    assert await world.jobs() == []
    await world.live_until(order, Status.COMPLETE)
    assert len(await world.letters(order)) == 7


async def test_detours_do_not_change_the_story(world, subtests):
    for word in ("sim-exception", "sim-pickup", "sim-delayed"):
        with subtests.test(word):
            order = await world.order(ticket_reference=word)
            done = await world.live_until(order, Status.COMPLETE)
            assert await world.history(done) == [
                "placed", "ship_box", "deliver_box", "ship_device", "deliver_device",
            ]  # fmt: skip
            assert len(await world.letters(order)) == 7


async def test_a_box_reported_lost_after_its_device_set_out_stops_nothing(world):
    order = await world.order(ticket_reference="sim-box-lost")
    box, device = await world.box(order), await world.device(order)
    await world.report(box, Tracking.IN_TRANSIT)
    await world.settle()
    # The carrier tells both at once, the bad news first.
    await world.report(box, Tracking.FAILURE, at=world.now + timedelta(hours=1), fault=Fault.LOST)
    await world.report(device, Tracking.IN_TRANSIT)
    await world.settle()
    assert (await world.reload(order)).status is Status.DEVICE_IN_TRANSIT
    await world.report(device, Tracking.DELIVERED, at=world.now + timedelta(hours=2))
    await world.settle()
    done = await world.reload(order)
    assert done.status is Status.COMPLETE
    assert await world.history(done) == ["placed", "ship_box", "ship_device", "deliver_device"]


async def test_a_device_that_moves_proves_that_its_box_arrived(world):
    order = await world.order()
    device = await world.device(order)
    await world.report(device, Tracking.IN_TRANSIT)
    await world.settle()
    moving = await world.reload(order)
    assert (moving.status, moving.sender_ready_at) == (Status.DEVICE_IN_TRANSIT, None)
    await world.live(days=10)
    assert "box_delivered" not in [letter for letter, _ in await world.letters(order)]
    assert "reminder" not in [letter for letter, _ in await world.letters(order)]
