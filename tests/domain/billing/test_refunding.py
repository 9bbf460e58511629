from datetime import timedelta

import msgspec
import pytest

from backhaul.domain.billing import operations
from backhaul.domain.billing.errors import ChargeUnknown, RefundTooLarge
from backhaul.domain.billing.model import Account, RefundStatus, Status
from backhaul.domain.billing.wallet.errors import OnceKeyReused
from backhaul.domain.identity.clients import SCOPES
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import OPERATOR_ORG_ID, RIGHTS, Right, Role, system_actor
from backhaul.kernel.errors import InvalidInput
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money
from backhaul.storage import history

OPERATOR = system_actor(OPERATOR_ORG_ID)
SETTLED = {Account.RECEIVABLE: 0, Account.REVENUE: 0, Account.GATEWAY_CLEARING: 0, Account.REFUNDS: 0}


async def test_a_captured_charge_is_given_back_whole_by_a_job(bench):
    charge = await bench.open()
    await bench.drain()
    await bench.refund(charge)
    assert (await bench.reload(charge)).status is Status.CAPTURED
    await bench.drain()
    refunded = await bench.reload(charge)
    assert (refunded.status, refunded.refunded_minor) == (Status.REFUNDED, 8500)
    assert await bench.balances() == SETTLED | {Account.REVENUE: -8500, Account.REFUNDS: 8500}
    assert await bench.payments(charge) == [("captured", 8500, 8500)]
    assert await bench.events(charge) == ["billing.payment_captured", "billing.payment_refunded"]
    assert await bench.history(charge) == ["opened", "attempted", "captured", "refunded"]


async def test_parts_add_up_and_the_rest_is_the_rest(bench):
    charge = await bench.open()
    await bench.drain()
    await bench.refund(charge, 1000)
    await bench.drain()
    assert (await bench.reload(charge)).status is Status.PARTLY_REFUNDED
    await bench.refund(charge)
    await bench.drain()
    assert (await bench.reload(charge)).status is Status.REFUNDED
    assert [refund.amount_minor for refund in await bench.refunds_of(charge)] == [1000, 7500]


async def test_no_more_is_promised_back_than_was_taken_even_before_it_is_paid_back(bench):
    charge = await bench.open()
    await bench.drain()
    before = await bench.refund(charge, 5000)
    with pytest.raises(RefundTooLarge) as refusal:
        await bench.refund(charge, 3501)
    assert refusal.value.data["left_minor"] == 3500
    assert await bench.reload(charge) == before
    assert len(await bench.refunds_of(charge)) == 1


async def test_giving_back_the_rest_of_nothing_changes_nothing(bench):
    charge = await bench.open()
    await bench.drain()
    await bench.refund(charge)
    before = await bench.reload(charge)
    assert await bench.refund(charge) == before
    await bench.drain()
    assert await bench.payments(charge) == [("captured", 8500, 8500)]


async def test_a_refund_before_anybody_was_asked_for_money_cancels_the_charge(bench):
    charge = await bench.open()
    cancelled = await bench.refund(charge)
    assert cancelled.status is Status.CANCELLED
    await bench.drain()
    await bench.pass_time(hours=2)
    assert await bench.reload(charge) == cancelled
    assert bench.gateway.calls == 0
    assert await bench.balances() == SETTLED
    assert await bench.history(charge) == ["opened", "cancelled"]
    assert await bench.events(charge) == []


async def test_a_refund_of_a_declined_charge_cancels_it(bench):
    charge = await bench.open(reference="sim-decline-once")
    await bench.drain()
    assert (await bench.refund(charge)).status is Status.CANCELLED
    await bench.pass_time(hours=2)
    assert await bench.payments(charge) == [("declined", 8500, 0)]
    assert await bench.balances() == SETTLED


async def test_a_refund_while_the_capture_is_in_flight_is_paid_after_it(bench):
    charge = await bench.open()
    await bench.begin(charge)
    assert (await bench.refund(charge)).status is Status.COLLECTING
    await bench.drain()
    assert (await bench.reload(charge)).status is Status.REFUNDED
    assert await bench.payments(charge) == [("captured", 8500, 8500)]
    assert (await bench.audit()).holds


async def test_a_refund_while_a_declined_attempt_is_in_flight_cancels_the_charge(bench):
    charge = await bench.open(reference="sim-decline")
    await bench.begin(charge)
    await bench.refund(charge)
    await bench.drain()
    assert (await bench.reload(charge)).status is Status.CANCELLED
    assert [refund.status for refund in await bench.refunds_of(charge)] == [RefundStatus.DROPPED]
    assert await bench.balances() == SETTLED
    assert await bench.events(charge) == ["billing.payment_declined"]


async def test_a_part_asked_back_before_the_capture_is_paid_after_it(bench):
    charge = await bench.open()
    assert (await bench.refund(charge, 500)).status is Status.PENDING
    await bench.drain()
    assert (await bench.reload(charge)).status is Status.PARTLY_REFUNDED
    assert await bench.payments(charge) == [("captured", 8500, 500)]


async def test_parts_that_make_up_the_whole_before_the_capture_cancel_it(bench):
    charge = await bench.open()
    await bench.refund(charge, 500)
    assert (await bench.refund(charge)).status is Status.CANCELLED
    assert [refund.status for refund in await bench.refunds_of(charge)] == [RefundStatus.DROPPED]
    assert await bench.balances() == SETTLED


async def test_a_worker_that_dies_after_the_gateway_paid_back_does_not_pay_twice(bench):
    charge = await bench.open()
    await bench.drain()
    await bench.refund(charge, 1000)
    bench.gateway.is_fatal = True
    await bench.drain()
    bench.gateway.is_fatal = False
    bench.clock.advance(timedelta(seconds=30))
    await bench.drain()
    assert (await bench.reload(charge)).refunded_minor == 1000
    assert await bench.payments(charge) == [("captured", 8500, 1000)]


async def test_a_refund_the_gateway_refuses_is_visible_and_can_be_asked_for_again(bench):
    charge = await bench.open()
    await bench.drain()
    paid = await bench.reload(charge)
    await bench.gateway.real.refund(
        gateway_reference=paid.gateway_reference,
        amount=Money(8000),
        idempotency_key="by hand, at the gateway",
        now=bench.clock.now(),
    )
    await bench.refund(charge)
    await bench.drain()
    [refused] = await bench.refunds_of(charge)
    assert (refused.status, refused.refusal) == (
        RefundStatus.REFUSED,
        "only 5.00 USD can be given back",
    )
    assert (await bench.reload(charge)).refund_requested_minor == 0
    await bench.refund(charge, 500)
    await bench.drain()
    assert (await bench.reload(charge)).status is Status.PARTLY_REFUNDED
    assert (await bench.audit()).holds


async def test_all_charges_of_a_subject_are_given_back_at_once(bench):
    subject_id = new_id()
    flat = await bench.open(subject_id=subject_id)
    await bench.drain()
    pickup = await bench.open(subject_id=subject_id, purpose="pickup", amount_minor=1000)
    for _ in range(2):
        async with bench.transaction() as tx:
            await operations.refund_subject(
                tx, subject_kind="transfer", subject_id=subject_id, reason="box lost", at=bench.clock.now()
            )
        await bench.drain()
    assert (await bench.reload(flat)).status is Status.REFUNDED
    assert (await bench.reload(pickup)).status is Status.CANCELLED


async def ask(
    bench, charge, amount_minor=100, *, actor=OPERATOR, reason="goodwill", once_key=None, org_id=None
):
    return await operations.request_refund(
        bench.db,
        actor=actor,
        org_id=org_id or bench.actor.org_id,
        charge_id=charge.id,
        amount_minor=amount_minor,
        reason=reason,
        now=bench.clock.now(),
        once_key=once_key,
    )


async def test_the_operator_refunds_in_the_customers_organization(bench):
    charge = await bench.open()
    await bench.drain()
    await ask(bench, charge, reason=" goodwill ")
    [wanted] = await bench.refunds_of(charge)
    assert (wanted.reason, wanted.status, wanted.org_id) == (
        "goodwill",
        RefundStatus.REQUESTED,
        bench.actor.org_id,
    )
    async with bench.db.read(bench.scope) as reader:
        [line] = await history.of_subject(reader, bench.scope, kind="refund", subject_id=wanted.id)
    assert (line.action, line.actor_kind) == ("requested", "operator")


@pytest.mark.parametrize(
    "rights",
    [
        *(RIGHTS[role] for role in Role),  # in the customer's organization, the operator's too
        frozenset().union(*SCOPES.values()),
        frozenset({Right.INSTALLATION_OPERATE}),
    ],
    ids=[*Role, "client", "right-elsewhere"],
)
async def test_nobody_refunds_what_their_own_organization_paid(bench, rights):
    charge = await bench.open()
    await bench.drain()
    before = await bench.reload(charge)
    with pytest.raises(RightMissing):
        await ask(bench, charge, actor=msgspec.structs.replace(bench.actor, rights=rights))
    assert await bench.reload(charge) == before
    assert await bench.refunds_of(charge) == []


async def test_a_charge_is_refunded_in_its_own_organization_alone(bench):
    charge, other = await bench.open(), await bench.elsewhere()
    await bench.drain()
    with pytest.raises(ChargeUnknown):
        await ask(bench, charge, org_id=other.actor.org_id)
    assert await bench.refunds_of(charge) == []


async def test_a_refund_with_a_key_is_asked_for_once_and_never_for_another_amount(bench):
    charge = await bench.open()
    await bench.drain()
    first = await ask(bench, charge, once_key="form")
    assert await ask(bench, charge, once_key="form") == first
    with pytest.raises(OnceKeyReused, match=r"The key form was used for 1\.00 USD"):
        await ask(bench, charge, 101, once_key="form")
    for wrong in ({"reason": " "}, {"reason": "x" * 501}, {"once_key": ""}, {"once_key": "k" * 201}):
        with pytest.raises(InvalidInput):
            await ask(bench, charge, **{"once_key": "form", **wrong})
    assert [one.amount_minor for one in await bench.refunds_of(charge)] == [100]
    await ask(bench, charge, once_key="another form")
    assert [one.amount_minor for one in await bench.refunds_of(charge)] == [100, 100]
