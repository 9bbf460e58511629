"""A payment that is refused is visible and tried again, and never holds a parcel up."""

from datetime import timedelta

from backhaul.domain.transfers.model import Status


async def test_a_declined_payment_is_shown_and_tried_again_after_1_24_and_72_hours(world):
    order = await world.order(ticket_reference="sim-decline")
    detail = await world.detail(order)
    assert [(p.status, p.amount_minor, p.refunded_minor, p.decline_code) for p in detail.payments] == [
        ("declined", 8500, 0, "card_declined")
    ]
    declined_at = [world.now]
    for hours in (1, 24, 72):
        (charge,) = await world.charges(order)
        assert charge.next_attempt_at == world.now + timedelta(hours=hours)
        await world.live(days=hours / 24)
        declined_at.append(world.now)
    (charge,) = await world.charges(order)
    assert (charge.status, charge.attempts, charge.next_attempt_at) == ("declined", 4, None)
    lines = await world.changes("charge", charge.id)
    assert [line["action"] for line in lines] == ["opened", *["attempted", "declined"] * 4]
    assert [line["at"] for line in lines if line["action"] == "declined"] == declined_at
    await world.live(days=30)
    assert (await world.charges(order))[0].attempts == 4
    assert await world.balances() == {"receivable": 8500, "revenue": -8500}


async def test_parcels_do_not_wait_for_the_money(world):
    order = await world.order(ticket_reference="sim-decline")
    done = await world.live_until(order, Status.COMPLETE)
    assert await world.history(done) == ["placed", "ship_box", "deliver_box", "ship_device", "deliver_device"]
    assert len(await world.letters(order)) == 7
    assert (await world.payments(order))[0][0] == "declined"


async def test_the_second_attempt_may_succeed(world):
    order = await world.order(ticket_reference="sim-decline-once")
    assert await world.payments(order) == [("declined", 8500, 0)]
    await world.live(days=1 / 24)
    assert await world.payments(order) == [("captured", 8500, 0)]
    assert await world.balances() == {"gateway_clearing": 8500, "revenue": -8500}


async def test_a_lost_box_that_was_never_paid_is_not_paid_back(world):
    order = await world.order(ticket_reference="sim-decline sim-box-lost")
    await world.live_until(order, Status.FAILED)
    await world.settle()
    assert await world.payments(order) == [("cancelled", 8500, 0)]
    assert await world.balances() == {}


async def test_a_payment_is_taken_once_whatever_the_gateway_forgets_to_say(world):
    order = await world.order(ticket_reference="sim-answer-lost")
    await world.live(days=1)
    assert await world.payments(order) == [("captured", 8500, 0)]
    async with world.db.system() as reader:
        taken = await reader.fetchval("SELECT count(*) FROM simulated_payments WHERE outcome = 'captured'")
    assert taken == 1
