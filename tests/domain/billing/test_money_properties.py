"""Whatever happens in whatever order, the books hold and the gateway's own memory agrees with ours."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backhaul.domain.billing import jobs
from backhaul.domain.billing.errors import ChargeMoveRefused, RefundTooLarge
from backhaul.domain.billing.model import Account, Status

WORDS = ["plain", "sim-decline", "sim-decline-once", "sim-gateway-down", "sim-answer-lost"]
WHICH = st.integers(0, 1)
STEPS = st.one_of(
    st.tuples(st.just("collect"), WHICH),
    st.tuples(st.just("begin"), WHICH),
    st.tuples(st.just("crash"), WHICH),
    st.tuples(st.just("refund"), WHICH, st.one_of(st.none(), st.integers(1, 6000))),
    st.tuples(st.just("retry"), WHICH),
    st.tuples(st.just("drain")),
    st.tuples(st.just("drain and crash")),
    st.tuples(st.just("wait"), st.sampled_from([1, 26, 80])),
)
OPEN = (Status.PENDING, Status.COLLECTING, Status.DECLINED)


ORDERS = st.lists(st.tuples(st.sampled_from(WORDS), st.integers(1, 9000)), min_size=2, max_size=2)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(orders=ORDERS, steps=st.lists(STEPS, min_size=4, max_size=20))
async def test_any_course_of_events_leaves_the_books_balanced(bench, orders, steps):
    bench = await bench.elsewhere()  # one database for all examples
    charges = [await bench.open(reference=word, amount_minor=amount) for word, amount in orders]
    for step in steps:
        await perform(bench, charges, step)
        await check_books(bench, charges)
    for _ in range(8):
        await bench.pass_time(hours=80)
    charges = await check_books(bench, charges)
    for charge in charges:
        await check_gateway(bench, charge)


async def perform(bench, charges, step):
    match step:
        case ("collect", which):
            await quietly(jobs.collect(bench.run, org_id=bench.actor.org_id, charge_id=charges[which].id))
        case ("begin", which):
            await bench.begin(charges[which])
        case ("crash", which):
            bench.gateway.is_fatal = True
            await quietly(jobs.collect(bench.run, org_id=bench.actor.org_id, charge_id=charges[which].id))
            bench.gateway.is_fatal = False
        case ("refund", which, amount):
            await quietly(bench.refund(charges[which], amount))
        case ("retry", which):
            await quietly(bench.retry(charges[which]))
        case ("drain and crash",):
            bench.gateway.is_fatal = True
            await bench.drain()
            bench.gateway.is_fatal = False
        case ("drain",):
            await bench.drain()
        case ("wait", hours):
            await bench.pass_time(hours=hours)


async def quietly(work):
    try:
        await work
    except (RefundTooLarge, ChargeMoveRefused):
        pass
    except Exception as error:
        if type(error).__name__ not in {"WorkerDied", "GatewayUnavailable"}:
            raise


async def check_books(bench, charges):
    charges = [await bench.reload(charge) for charge in charges]
    assert (await bench.audit()).holds
    paid = [charge for charge in charges if charge.is_paid]
    assert await bench.balances() == {
        Account.RECEIVABLE: sum(charge.amount_minor for charge in charges if charge.status in OPEN),
        Account.REVENUE: -sum(
            charge.amount_minor for charge in charges if charge.status is not Status.CANCELLED
        ),
        Account.GATEWAY_CLEARING: sum(charge.amount_minor - charge.refunded_minor for charge in paid),
        Account.REFUNDS: sum(charge.refunded_minor for charge in charges),
    }
    for charge in charges:
        assert charge.refunded_minor <= charge.refund_requested_minor <= charge.amount_minor
        assert charge.is_paid or charge.refunded_minor == 0
    return charges


async def check_gateway(bench, charge):
    payments = await bench.payments(charge)
    taken = [(amount, back) for outcome, amount, back in payments if outcome == "captured"]
    if charge.is_paid:
        assert taken == [(charge.amount_minor, charge.refunded_minor)]
        assert charge.refunded_minor == charge.refund_requested_minor
    else:
        assert taken == []
        assert charge.status in (Status.CANCELLED, Status.DECLINED)
