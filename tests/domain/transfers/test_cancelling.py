"""Cancel: possible until somebody handed the first parcel over, and never leaving half of it behind."""

import asyncio
from datetime import timedelta

import pytest

from backhaul.domain.shipping.errors import ShipmentMoveRefused
from backhaul.domain.shipping.model import Tracking
from backhaul.domain.transfers.errors import TransferMoveRefused, TransferUnknown
from backhaul.domain.transfers.model import Status, TransferId
from backhaul.domain.transfers.operations import cancel_transfer
from backhaul.kernel.ids import new_id

PERSON = "christopher@home.example"


async def cancel(world, order, reason=None):
    return await cancel_transfer(
        world.db, actor=world.actor, transfer_id=order.id, reason=reason, now=world.now
    )


async def test_cancelling_voids_both_labels_gives_the_money_back_and_tells_the_person(world):
    order = await world.order()
    cancelled = await cancel(world, order, "ordered twice")
    assert sorted(await world.jobs()) == [
        "billing.refund", "notify.send", "shipping.void_label", "shipping.void_label",
    ]  # fmt: skip
    await world.settle()

    assert cancelled.status is Status.CANCELLED
    assert await world.reload(order) == cancelled
    assert await world.history(cancelled) == ["placed", "cancelled"]
    assert (await world.changes("transfer", order.id))[-1]["actor_kind"] == "user"
    for parcel in (await world.parcels(order)).values():
        assert (parcel.status, parcel.next_look_at) == (Tracking.CANCELLED, None)
    assert await world.history(await world.box(order)) == ["opened", "label_bought", "tracked", "cancelled"]
    assert await world.history(await world.device(order)) == ["opened", "label_bought", "cancelled"]
    assert await world.jobs() == []
    assert await world.payments(order) == [("refunded", 8500, 8500)]
    assert await world.balances() == {"revenue": -8500, "refunds": 8500}
    assert await world.letters(order) == [("cancelled", PERSON), ("placed", PERSON)]
    assert "ordered twice" in await world.letter_text(order, "cancelled")

    before = await world.traces()
    await world.live(days=40)
    assert await world.traces() == before


async def test_before_anybody_asked_for_the_money_the_payment_is_cancelled(world):
    order = await world.place()
    await world.relay()
    await cancel(world, order)
    await world.settle()
    assert await world.payments(order) == [("cancelled", 8500, 0)]
    assert await world.balances() == {}
    assert await world.parked() == []


async def test_a_label_bought_while_cancelling_is_voided_too(world):
    order = await world.place()
    await world.relay()
    await cancel(world, order)
    for parcel in (await world.parcels(order)).values():
        assert not parcel.has_label
    await world.settle()
    for parcel in (await world.parcels(order)).values():
        assert (parcel.status, parcel.has_label) == (Tracking.CANCELLED, False)  # it was not bought at all


async def test_a_label_whose_purchase_was_under_way_is_voided_when_it_comes(world):
    from backhaul.domain.shipping.operations import attach_label
    from backhaul.domain.shipping.ports import Carriers

    order = await world.place()
    await world.relay()
    box = await world.box(order)
    adapter = world.ports[Carriers].serving(box.carrier)
    purchase = await adapter.buy(box.carrier, box.parcel, idempotency_key=str(box.id), now=world.now)
    await cancel(world, order)
    for _ in range(2):
        await attach_label(
            world.db,
            org_id=world.scope.org_id,
            shipment_id=box.id,
            adapter=adapter.name,
            carrier=box.carrier,
            purchase=purchase,
            now=world.now,
        )
    assert (await world.jobs()).count("shipping.void_label") == 1
    await world.settle()
    box = await world.box(order)
    assert (box.status, box.next_look_at) == (Tracking.CANCELLED, None)
    assert box.tracking_number == purchase.tracking_number
    assert "shipping.label_bought" not in [name for name, _ in await world.events(order)]
    assert await world.history(box) == ["opened", "cancelled", "label_bought"]


async def test_cancelling_before_the_order_is_told_leaves_nothing_to_prepare(world):
    order = await world.place()
    await cancel(world, order)
    await world.settle()
    assert await world.parcels(order) == {}
    assert await world.payments(order) == []
    assert await world.letters(order) == [("cancelled", PERSON)]
    assert await world.jobs() == []
    assert await world.history(order) == ["placed", "cancelled"]


async def test_after_the_hand_over_it_is_refused_and_leaves_no_trace(world, subtests):
    order = await world.order()
    for status in (Status.BOX_IN_TRANSIT, Status.PENDING_DEVICE, Status.DEVICE_IN_TRANSIT, Status.COMPLETE):
        with subtests.test(str(status)):
            await world.live_until(order, status)
            before = await world.traces()
            with pytest.raises(TransferMoveRefused):
                await cancel(world, order)
            assert await world.traces() == before


async def test_a_first_scan_that_is_not_told_yet_prevents_it_too(world):
    order = await world.order()
    await world.report(await world.box(order), Tracking.IN_TRANSIT)
    before = await world.traces()
    assert (await world.reload(order)).status is Status.PENDING_BOX
    with pytest.raises(ShipmentMoveRefused, match="in_transit"):
        await cancel(world, order)
    assert await world.traces() == before
    await world.settle()
    assert (await world.reload(order)).status is Status.BOX_IN_TRANSIT


async def test_cancelling_and_the_first_scan_at_once_end_in_one_of_the_two(world):
    outcomes = set()
    for delay in (0, 0.001, 0.002, 0.004, 0.008):
        order = await world.order()
        box = await world.box(order)

        async def scan(parcel=box, pause=delay):
            await asyncio.sleep(pause)
            await world.report(parcel, Tracking.IN_TRANSIT)

        cancelled, _ = await asyncio.gather(cancel(world, order), scan(), return_exceptions=True)
        await world.settle()
        status = (await world.reload(order)).status
        if isinstance(cancelled, Exception):
            assert isinstance(cancelled, ShipmentMoveRefused)
            assert status is Status.BOX_IN_TRANSIT
            assert await world.payments(order) == [("captured", 8500, 0)]
            assert (await world.device(order)).status is Tracking.PRE_TRANSIT
        else:
            assert status is Status.CANCELLED
            assert await world.payments(order) == [("refunded", 8500, 8500)]
            assert (await world.box(order)).status is Tracking.IN_TRANSIT  # somebody used the voided label
        outcomes.add(status)
    assert outcomes <= {Status.CANCELLED, Status.BOX_IN_TRANSIT}
    assert await world.parked() == []


async def test_cancelling_twice_at_once_is_done_once(world):
    order = await world.order()
    answers = await asyncio.gather(cancel(world, order), cancel(world, order), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Transfer", "TransferMoveRefused"]
    await world.settle()
    assert await world.payments(order) == [("refunded", 8500, 8500)]
    assert (await world.history(order)).count("cancelled") == 1


async def test_without_a_box_it_is_possible_until_the_device_is_handed_over(world):
    order = await world.order(is_box_waived=True)
    cancelled = await cancel(world, order)
    await world.settle()
    assert (cancelled.status, cancelled.next_reminder_at, cancelled.give_up_at) == (
        Status.CANCELLED,
        None,
        None,
    )
    assert await world.payments(order) == [("refunded", 6000, 6000)]
    late = await world.order(is_box_waived=True)
    await world.report(await world.device(late), Tracking.IN_TRANSIT)
    with pytest.raises(ShipmentMoveRefused):
        await cancel(world, late)


async def test_a_delivered_box_is_past_cancelling_even_before_the_device_moves(world):
    order = await world.order(ticket_reference="sim-device-kept")
    await world.live_until(order, Status.PENDING_DEVICE)
    with pytest.raises(TransferMoveRefused) as refused:
        await cancel(world, order)
    assert refused.value.data["status"] == "past its box delivery"


async def test_a_declined_payment_of_a_cancelled_transfer_is_not_tried_again(world):
    order = await world.order(ticket_reference="sim-decline")
    assert await world.payments(order) == [("declined", 8500, 0)]
    await cancel(world, order)
    await world.live(days=10)
    assert await world.payments(order) == [("cancelled", 8500, 0)]
    assert await world.balances() == {}


async def test_a_parcel_nobody_sold_a_label_for_is_not_cancelled_but_fails(world):
    order = await world.place(ticket_reference="sim-box-no-label")
    await world.relay()
    await world.drain()
    before = await world.traces()
    with pytest.raises(ShipmentMoveRefused, match="failure"):
        await cancel(world, order)
    assert await world.traces() == before
    await world.settle()
    assert (await world.reload(order)).status is Status.FAILED


async def test_an_unknown_or_foreign_transfer_is_refused_alike(world):
    other = await world.elsewhere()
    order = await world.order()
    for transfer_id in (order.id, TransferId(new_id())):
        with pytest.raises(TransferUnknown):
            await cancel_transfer(
                world.db, actor=other.actor, transfer_id=transfer_id, reason=None, now=world.now
            )
    assert (await world.reload(order)).status is Status.PENDING_BOX
    assert timedelta(0) == world.now - order.updated_at
