"""Whole transfers, from the order to the device's arrival, with everything that is written down on the way."""

from datetime import timedelta

from tests.domain.transfers.world import PLAIN_JOURNEY, PLAIN_STATUSES
from tests.making import HOME, OFFICE

from backhaul.domain.shipping.model import CarrierCode, LabelFormat, Leg, Tracking
from backhaul.domain.shipping.queries import get_label
from backhaul.domain.transfers.model import Direction, Status

PERSON, OFFICE_MAIL = "christopher@home.example", "it@maas.example"


async def test_a_return_from_order_to_arrival(world):
    order = await world.order(ticket_reference="HELP-1")
    ordered_at, user = world.now, world.actor.user_email

    box, device = await world.box(order), await world.device(order)
    assert (box.carrier, box.status, box.ready_at) == (CarrierCode.USPS, Tracking.PRE_TRANSIT, ordered_at)
    assert (device.carrier, device.status, device.ready_at) == (CarrierCode.FEDEX, Tracking.PRE_TRANSIT, None)
    assert (box.parcel.origin, box.parcel.destination) == (world.policy.box_origin, HOME)
    assert (device.parcel.origin, device.parcel.destination, device.parcel.is_return) == (HOME, OFFICE, True)
    assert await world.letters(order) == [("placed", PERSON)]
    assert await world.payments(order) == [("captured", 8500, 0)]

    done = await world.live_until(order, Status.COMPLETE)

    box, device = await world.box(order), await world.device(order)
    assert await world.letters(order) == [
        ("placed", PERSON),
        ("box_shipped", PERSON),
        ("box_delivered", PERSON),
        ("device_shipped", OFFICE_MAIL),
        ("device_received_employee", PERSON),
        ("device_received_organization", OFFICE_MAIL),
        ("device_received_organization", user),
    ]
    assert await world.history(done) == ["placed", "ship_box", "deliver_box", "ship_device", "deliver_device"]
    assert [(line["actor_kind"], line["at"]) for line in await world.changes("transfer", done.id)] == [
        ("user", ordered_at),
        ("system", box.shipped_at),
        ("system", box.delivered_at),
        ("system", device.shipped_at),
        ("system", device.delivered_at),
    ]
    assert await world.statuses(done) == [
        "pending_box", "box_in_transit", "pending_device", "device_in_transit", "complete",
    ]  # fmt: skip
    assert (done.version, done.updated_at) == (5, device.delivered_at)
    assert (done.sender_ready_at, done.next_reminder_at, done.give_up_at) == (box.delivered_at, None, None)
    assert device.ready_at == box.delivered_at
    assert await world.history(box) == PLAIN_JOURNEY
    assert await world.history(device) == [*PLAIN_JOURNEY[:2], "ready", *PLAIN_JOURNEY[2:]]
    for parcel in (box, device):
        assert await world.statuses(parcel) == PLAIN_STATUSES
        assert parcel.version == len(await world.history(parcel))
        assert parcel.next_look_at is None
    assert await world.payments(order) == [("captured", 8500, 0)]
    assert await world.balances() == {"gateway_clearing": 8500, "revenue": -8500}
    assert await world.jobs() == []
    assert len(list((world.folder / "mail").glob("*.eml"))) == 7

    before = await world.traces()
    await world.live(days=60)
    assert await world.traces() == before


async def test_a_deployment_sends_the_box_to_the_organization_and_the_device_to_the_person(world):
    order = await world.order(direction=Direction.DEPLOYMENT)
    box, device = await world.box(order), await world.device(order)
    assert (box.parcel.origin, box.parcel.destination) == (world.policy.box_origin, OFFICE)
    assert (device.parcel.origin, device.parcel.destination, device.parcel.is_return) == (OFFICE, HOME, False)

    done = await world.live_until(order, Status.COMPLETE)

    assert await world.letters(order) == [
        ("placed", PERSON),
        ("box_shipped", OFFICE_MAIL),
        ("box_delivered", OFFICE_MAIL),
        ("device_shipped", PERSON),
        ("device_received_employee", PERSON),
        ("device_received_organization", OFFICE_MAIL),
        ("device_received_organization", world.actor.user_email),
    ]
    assert await world.history(done) == ["placed", "ship_box", "deliver_box", "ship_device", "deliver_device"]
    assert await world.payments(order) == [("captured", 8500, 0)]


async def test_without_a_box_the_person_starts_when_the_label_is_there(world):
    order = await world.order(is_box_waived=True)
    ordered_at = world.now

    assert list(await world.parcels(order)) == [Leg.DEVICE]
    waiting = await world.reload(order)
    assert (waiting.status, waiting.sender_ready_at) == (Status.PENDING_DEVICE, ordered_at)
    assert waiting.next_reminder_at == ordered_at + timedelta(days=3)
    assert waiting.give_up_at == ordered_at + timedelta(days=30)
    assert await world.letters(order) == [("label_ready", PERSON)]
    assert await world.payments(order) == [("captured", 6000, 0)]

    done = await world.live_until(order, Status.COMPLETE)

    assert await world.letters(order) == [
        ("label_ready", PERSON),
        ("device_shipped", OFFICE_MAIL),
        ("device_received_employee", PERSON),
        ("device_received_organization", OFFICE_MAIL),
        ("device_received_organization", world.actor.user_email),
    ]
    assert await world.history(done) == ["placed", "label_ready", "ship_device", "deliver_device"]
    assert await world.statuses(done) == ["pending_device", "device_in_transit", "complete"]
    device = await world.device(order)
    assert await world.history(device) == [*PLAIN_JOURNEY[:2], "ready", *PLAIN_JOURNEY[2:]]
    assert await world.balances() == {"gateway_clearing": 6000, "revenue": -6000}


async def test_both_labels_are_bought_together_and_can_be_printed(world):
    order = await world.order()
    async with world.db.read(world.scope) as reader:
        for parcel in (await world.parcels(order)).values():
            assert parcel.service is not None
            assert parcel.cost_minor > 0
            pdf = await get_label(reader, world.scope, shipment_id=parcel.id, form=LabelFormat.PDF)
            zpl = await get_label(reader, world.scope, shipment_id=parcel.id, form=LabelFormat.ZPL)
            assert pdf.startswith(b"%PDF-")
            assert zpl.startswith(b"^XA")
            assert parcel.tracking_number.encode() in zpl


async def test_people_without_an_address_are_stood_in_for_by_whoever_ordered(world):
    user = world.actor.user_email
    silent = {"employee_address": _mute(HOME), "organization_address": _mute(OFFICE)}
    order = await world.order(**silent)
    await world.live_until(order, Status.COMPLETE)
    assert await world.letters(order) == [
        ("placed", user),
        ("box_shipped", user),
        ("box_delivered", user),
        ("device_shipped", user),
        ("device_received_employee", user),
        ("device_received_organization", user),
    ]


async def test_steps_of_any_length_tell_the_same_story(world):
    order = await world.order()
    await world.live(days=9, step_hours=11)
    done = await world.reload(order)
    assert await world.history(done) == ["placed", "ship_box", "deliver_box", "ship_device", "deliver_device"]
    assert [letter for letter, _ in await world.letters(order)] == [
        "placed", "box_shipped", "box_delivered", "device_shipped",
        "device_received_employee", "device_received_organization", "device_received_organization",
    ]  # fmt: skip
    assert done.sender_ready_at == (await world.box(order)).delivered_at


async def test_what_is_shown_of_a_parcel_begins_with_its_number(world):
    order = await world.place()
    await world.relay()
    assert (await world.detail(order)).box is None
    await world.drain()
    detail = await world.detail(order)
    assert (detail.box.status, detail.device.status) == (Tracking.PRE_TRANSIT, Tracking.PRE_TRANSIT)
    assert detail.box.tracking_url == (
        f"https://tools.usps.com/go/TrackConfirmAction.action?tLabels={detail.box.tracking_number}"
    )
    assert (detail.box.shipped_at, detail.box.delivered_at) == (None, None)


def _mute(address):
    import msgspec

    return msgspec.structs.replace(address, notification_emails=())
