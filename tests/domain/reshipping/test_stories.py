"""From the estimate to the parcel's delivery, and everything that can come between."""

from datetime import timedelta

from backhaul.domain.shipping.model import Tracking


async def quoted(bench):
    """A reshipment of two returns that is estimated at 14.20."""
    await bench.fund()
    one = await bench.create(*await bench.lying(2))
    return await bench.quote(one.number, fee_minor=1420)


async def test_estimate_14_20_final_14_37_within_five_percent(bench):
    await bench.tolerate(5)
    await bench.fund()
    (number,) = await bench.lying()
    one = await bench.create(number)
    one = await bench.quote(one.number, weight_grams=1000)
    assert one.estimated_fee_minor == 1420
    one = await bench.approve(one.number)
    assert await bench.funds() == (-100 - 1420, 1420)  # a return's processing cost 1.00
    one = await bench.weigh(one.number, 1100)
    assert (one.status, one.final_fee_minor, one.weight_grams, one.reship_fee_minor) == (
        "approved",
        1437,
        1100,
        0,
    )
    assert await bench.funds() == (-100 - 1437, 1437)
    await bench.world.settle()
    one = await bench.dispatch(one.number)
    assert (one.status, one.estimated_fee_minor, one.reship_fee_minor) == ("approved", 1420, 1437)
    assert await bench.fees_of(one) == [("reship", 1420), ("reship_difference", 17)]
    assert await bench.funds() == (-100 - 1437, 0)
    assert await bench.statuses(number) == ["reshipped"]
    await bench.audit()


async def test_estimate_14_20_final_14_37_at_one_percent_is_asked_again(bench):
    await bench.tolerate(1)
    await bench.fund()
    (number,) = await bench.lying()
    one = await bench.create(number)
    await bench.quote(one.number, weight_grams=1000)
    await bench.approve(one.number)
    bench.world.clock.advance(timedelta(days=14))
    one = await bench.weigh(one.number, 1100)
    assert (one.status, one.estimated_fee_minor, one.weight_grams) == ("pending", 1437, 1100)
    assert one.expires_at == bench.now + timedelta(days=15)
    assert [line.amount_minor for line in one.estimate_lines] == [1287, 150]
    assert (one.shipment_id, one.hold_id, one.final_fee_minor) == (None, None, None)
    assert await bench.funds() == (-100, 0)
    assert await bench.statuses(number) == ["reshipping"]
    assert await bench.fees_of(one) == []
    async with bench.db.system() as reader:
        assert await reader.fetchval("SELECT count(*) FROM shipments WHERE leg = 'onward'") == 0
    await bench.approve(one.number)
    one = await bench.weigh(one.number, 1100)
    assert (one.status, one.final_fee_minor) == ("approved", 1437)
    await bench.world.settle()
    await bench.dispatch(one.number)
    assert await bench.fees_of(one) == [("reship", 1437)]
    assert (await bench.done_to(one))[-5:] == [
        ("approved", "user"), ("reopened", "operator"), ("approved", "user"), ("weighed", "operator"),
        ("dispatched", "operator"),
    ]  # fmt: skip
    await bench.audit()


async def test_a_lighter_parcel_costs_less(bench):
    one = await quoted(bench)
    await bench.approve(one.number)
    bench.card = bench.world.ports[type(bench.card)]
    one = await bench.weigh(one.number, 240)
    assert one.final_fee_minor == 620 + 300
    assert await bench.funds() == (-200 - 1420, 1420)
    await bench.world.settle()
    await bench.dispatch(one.number)
    assert await bench.fees_of(one) == [("reship", 1420), ("reship_difference", -500)]
    assert await bench.funds() == (-200 - 920, 0)
    await bench.audit()


async def test_the_label_is_bought_by_a_job_and_told_when_the_parcel_leaves(bench):
    laptop = await bench.laptop()
    one = await bench.reshipment("weighed", laptop=laptop)
    async with bench.unchanged("reshipping.not_labelled"):
        await bench.dispatch(one.number)
    await bench.world.settle()
    shipment = await bench.shipment_of(one)
    assert (shipment.has_label, shipment.ready_at, shipment.leg.value) == (True, None, "onward")
    assert shipment.parcel.origin == bench.warehouse.address
    assert shipment.parcel.destination == one.to.address
    assert (await bench.get(one.number)).tracking_number is None
    sent = await bench.dispatch(one.number)
    assert (sent.service, sent.tracking_number) == (shipment.carrier, shipment.tracking_number)
    assert sent.dispatched_at == bench.now
    assert await bench.custody_of(laptop) == "parcel"
    assert (await bench.told_of(one))[-1] == "reshipping.dispatched"
    assert await bench.dispatch(one.number) == sent
    assert await bench.fees_of(one) == [
        ("reship", one.estimated_fee_minor),
        ("reship_difference", one.final_fee_minor - one.estimated_fee_minor),
    ]


async def test_its_devices_travel_in_it_and_arrive_with_whom_it_is_for(bench):
    laptop = await bench.laptop()
    grace = await bench.make.employee(bench.customer, email="grace@big.example")
    one = await bench.reshipment("dispatched", laptop=laptop, to={"email": "grace@big.example"})
    bench.world.clock.advance(timedelta(hours=2))
    await bench.scan_onward(one, Tracking.IN_TRANSIT)
    assert await bench.custody_of(laptop) == "parcel"
    bench.world.clock.advance(timedelta(days=2))
    await bench.scan_onward(one, Tracking.DELIVERED)
    asset = await bench.asset(laptop)
    assert (asset.custody.value, asset.employee_id) == ("employee", grace.id)
    assert (await bench.hand_overs(laptop))[-3:] == [
        ("received", "warehouse"), ("shipped", "parcel"), ("delivered", "employee"),
    ]  # fmt: skip


async def test_somebody_outside_the_directory_gets_it_too(bench):
    laptop = await bench.laptop()
    one = await bench.reshipment("dispatched", laptop=laptop)
    bench.world.clock.advance(timedelta(days=1))
    await bench.scan_onward(one, Tracking.DELIVERED)
    assert await bench.custody_of(laptop) == "outside"
    assert not await bench.world.parked()


async def test_scans_alone_say_where_the_devices_went(bench):
    laptop = await bench.laptop()
    one = await bench.reshipment("labelled", laptop=laptop)
    bench.world.clock.advance(timedelta(days=2))
    await bench.scan_onward(one, Tracking.DELIVERED)
    assert (await bench.hand_overs(laptop))[-2:] == [("shipped", "parcel"), ("delivered", "outside")]
    assert (await bench.asset(laptop)).custody_since == bench.now
    assert [name for name, _ in await bench.done_to(one)].count("dispatched") == 1


async def test_without_enough_money_nothing_is_approved(bench):
    await bench.fund(2000)
    one = await bench.create(*await bench.lying())
    await bench.fund(1829)  # 17.30 for it, 1.00 for the processing, and a cent too little
    async with bench.unchanged("billing.insufficient_funds"):
        await bench.approve(one.number)
    await bench.fund(1830)
    assert (await bench.approve(one.number)).status == "approved"


async def test_without_money_for_the_difference_no_label_is_bought(bench):
    one = await bench.reshipment()
    await bench.quote(one.number, fee_minor=1420)
    await bench.fund(100 + 1420)
    await bench.approve(one.number)
    async with bench.unchanged("billing.insufficient_funds"):
        await bench.weigh(one.number, 1100)
    await bench.fund(100 + 1437)
    assert (await bench.weigh(one.number, 1100)).final_fee_minor == 1437


async def test_without_an_estimate_there_is_no_answer(bench):
    await bench.fund()
    one = await bench.create(*await bench.lying(2))
    for answer in (bench.approve, bench.decline):
        async with bench.unchanged("reshipping.not_quoted"):
            await answer(one.number)


async def test_the_same_answer_again_changes_nothing(bench):
    one = await bench.reshipment()
    declined = await bench.decline(one.number)
    assert await bench.decline(one.number) == declined
    approved = await bench.approve(one.number)
    held = await bench.funds()
    assert await bench.approve(one.number) == approved
    assert await bench.funds() == held
    async with bench.unchanged("reshipping.move_refused"):
        await bench.decline(one.number)


async def test_declined_returns_stay_until_it_is_deleted(bench):
    one = await bench.reshipment("declined")
    assert await bench.statuses(*one.return_numbers) == ["reshipping"]
    deleted = await bench.delete(one.number)
    assert deleted.status == "deleted"
    assert await bench.statuses(*one.return_numbers) == ["processed"]
    assert await bench.done_to(one) == [("created", "user"), ("declined", "user"), ("deleted", "user")]
    again = await bench.create(*one.return_numbers)
    assert again.number != one.number
