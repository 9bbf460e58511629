"""An approval that is taken back at the bench: the money is free, the label void, its owner asked again."""

import pytest

from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.reshipping import Decision, Status, answer_estimate
from backhaul.domain.reshipping.operations.ask_again import ask_again
from backhaul.domain.shipping.model import Tracking


async def asks(bench, number, reason="The box was too small.", actor=None):
    return await ask_again(
        bench.db,
        actor=actor or bench.operator,
        number=number,
        reason=reason,
        policy=bench.terms,
        now=bench.now,
    )


@pytest.mark.parametrize("status", ["approved", "weighed", "labelled"])
async def test_an_approved_reshipment_waits_for_an_answer_again(bench, status):
    one = await bench.reshipment(status)
    before = await bench.whole(one)
    held = await bench.funds()
    after = await asks(bench, one.number, " The box was too small. ")
    assert (after.status, after.hold_id, after.shipment_id, after.final_fee_minor) == (
        Status.PENDING,
        None,
        None,
        None,
    )
    assert after.estimated_fee_minor == before.estimated_fee_minor
    assert (await bench.funds())[1] < held[1]
    assert (await bench.done_to(one))[-1] == ("reopened", "operator")
    assert await bench.statuses(*one.return_numbers) == ["reshipping"]
    if before.shipment_id is not None:
        from backhaul.domain.shipping.queries import get_shipment

        parcel = await get_shipment(bench.db, org_id=one.org_id, shipment_id=before.shipment_id)
        assert parcel.status is Tracking.CANCELLED
    again = await bench.approve(one.number)
    assert again.status is Status.APPROVED
    await bench.audit()


@pytest.mark.parametrize("status", ["pending", "declined", "dispatched"])
async def test_what_is_not_approved_or_gone_is_refused(bench, status):
    one = await bench.reshipment(status)
    async with bench.unchanged("reshipping.move_refused"):
        await asks(bench, one.number)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201, "two\nlines"])
async def test_a_reason_is_said_on_one_line(bench, reason):
    one = await bench.reshipment("approved")
    async with bench.unchanged("input.invalid"):
        await asks(bench, one.number, reason)


async def test_its_owner_cannot_take_it_back_so(bench):
    one = await bench.reshipment("approved")
    with pytest.raises(RightMissing):
        await asks(bench, one.number, actor=bench.customer)
    assert (await bench.whole(one)).status is Status.APPROVED


async def test_an_answer_to_another_estimate_than_the_present_one_is_refused(bench):
    one = await bench.reshipment("pending")
    await bench.quote(one.number, fee_minor=one.estimated_fee_minor + 1)
    for decision in Decision:
        async with bench.unchanged("reshipping.estimate_changed"):
            await answer_estimate(
                bench.db,
                actor=bench.customer,
                number=one.number,
                decision=decision,
                policy=bench.terms,
                now=bench.now,
                seen_fee_minor=one.estimated_fee_minor,
            )
