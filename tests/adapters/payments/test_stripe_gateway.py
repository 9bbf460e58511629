"""What the adapter makes of Stripe's answers, and that it takes and gives back money once."""

from datetime import timedelta

import pytest
from tests.adapters.payments.stripes import SmallStripe

from backhaul.adapters.payments.stripe.calling import Caller
from backhaul.adapters.payments.stripe.gateway import StripeGateway
from backhaul.domain.billing.errors import GatewayRefused, GatewayUnavailable
from backhaul.domain.billing.model import Captured, Declined
from backhaul.kernel.ids import OrgId, new_id
from backhaul.kernel.money import Money

PAYER = OrgId(new_id())


@pytest.fixture
def stripe(clock):
    return SmallStripe(clock)


@pytest.fixture
def gateway(stripe):
    caller = Caller(
        secret_key="sk_test_1",
        api_base="https://stripe.example/",
        timeout_seconds=1,
        transport=stripe.transport(),
    )
    return StripeGateway(caller, customers={str(PAYER): "cus_1"})


@pytest.fixture
def charge(gateway, clock):
    begun = clock.now()

    async def charge(key="a", amount=8500, payer=PAYER, since=begun):
        return await gateway.charge(
            idempotency_key=key,
            amount=Money(amount),
            reference="TOP-UP",
            payer=payer,
            since=since,
            now=clock.now(),
        )

    return charge


@pytest.fixture
def refund(gateway, clock):
    async def refund(payment, amount, key="r"):
        await gateway.refund(
            gateway_reference=payment.gateway_reference,
            amount=Money(amount),
            idempotency_key=key,
            now=clock.now(),
        )

    return refund


def use(stripe, method):
    stripe.customers["cus_1"]["invoice_settings"]["default_payment_method"] = method


async def test_money_is_taken_from_the_organizations_customer(charge, stripe):
    answer = await charge()
    assert answer == Captured("pi_1")
    (payment,) = stripe.payments
    assert (payment["customer"], payment["amount"], payment["currency"]) == ("cus_1", 8500, "usd")
    assert payment["metadata"] == {"backhaul_attempt": "a", "reference": "TOP-UP"}
    method, path, headers = stripe.calls[-1]
    assert (method, path) == ("POST", "payment_intents")
    assert headers["authorization"] == "Bearer sk_test_1"
    assert headers["idempotency-key"] == "a"
    assert headers["stripe-version"] == "2024-06-20"


async def test_the_same_key_pays_once_even_after_stripe_forgot_it(charge, stripe):
    first = await charge()
    stripe.keys.clear()
    assert await charge() == first
    assert len(stripe.payments) == 1
    assert await charge("b") != first


async def test_an_attempt_is_found_behind_many_others(charge, stripe):
    first = await charge("first")
    for n in range(250):
        await charge(f"later {n}")
    stripe.keys.clear()
    assert await charge("first") == first
    assert len(stripe.payments) == 251


async def test_what_was_paid_before_the_charge_existed_is_not_read(charge, stripe, clock):
    for n in range(250):
        await charge(f"earlier {n}")
    clock.advance(timedelta(hours=1))
    asked = len(stripe.calls)
    first = await charge("first", since=clock.now())
    assert [path for method, path, _ in stripe.calls[asked:] if method == "GET"] == [
        "payment_intents",
        "customers/cus_1",
    ]
    stripe.keys.clear()
    assert await charge("first", since=clock.now()) == first


async def test_clocks_that_differ_by_minutes_pay_no_second_time(charge, stripe, clock):
    first = await charge()
    stripe.keys.clear()
    assert await charge(since=clock.now() + timedelta(minutes=9)) == first
    assert len(stripe.payments) == 1


async def test_more_payments_than_are_read_take_no_second_one(charge, stripe):
    await charge("first")
    template = stripe.payments[0]
    stripe.payments += [template | {"id": f"pi_x{n}", "metadata": {}} for n in range(2000)]
    stripe.keys.clear()
    with pytest.raises(GatewayUnavailable):
        await charge("first")
    assert len(stripe.payments) == 2001


@pytest.mark.parametrize("silence", ["before", "after"])
async def test_silence_says_nothing_and_the_same_call_again_tells(charge, stripe, silence):
    stripe.silence = silence
    with pytest.raises(GatewayUnavailable):
        await charge()
    stripe.silence = None
    assert isinstance(await charge(), Captured)
    assert len(stripe.payments) == 1


async def test_a_declined_card_is_declined_again_by_the_same_key(charge, stripe):
    use(stripe, "pm_bad")
    declined = await charge()
    assert declined == Declined("insufficient_funds", "Your card has insufficient funds.")
    stripe.keys.clear()
    use(stripe, "pm_good")
    assert await charge() == declined
    assert isinstance(await charge("b"), Captured)


async def test_a_card_that_was_changed_between_two_calls_pays_no_second_time(charge, stripe):
    stripe.silence = "after"
    with pytest.raises(GatewayUnavailable):
        await charge()
    stripe.silence = None
    stripe.customers["cus_1"]["invoice_settings"]["default_payment_method"] = "pm_other"
    assert isinstance(await charge(), Captured)
    assert len(stripe.payments) == 1


async def test_what_its_holder_would_have_to_confirm_is_declined_and_cancelled(charge, stripe):
    use(stripe, "pm_3ds")
    assert (await charge()).code == "authentication_required"
    assert stripe.payments[0]["status"] == "canceled"
    assert isinstance(await charge(), Declined)


async def test_a_payment_under_way_is_asked_about_again(charge, stripe):
    stripe.processing = True
    with pytest.raises(GatewayUnavailable):
        await charge()
    with pytest.raises(GatewayUnavailable):
        await charge()
    stripe.payments[0]["status"] = "succeeded"
    assert await charge() == Captured("pi_1")


async def test_whoever_has_no_customer_or_no_card_is_declined(charge, stripe):
    assert (await charge(payer=OrgId(new_id()))).code == "no_customer"
    assert stripe.calls == []
    use(stripe, None)
    assert (await charge()).code == "no_payment_method"
    stripe.customers["cus_1"]["default_source"] = "card_old"
    assert isinstance(await charge(), Captured)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, {"type": "invalid_request_error", "message": "Invalid API Key"}),
        (403, {"message": "no"}),
        (409, {"type": "idempotency_error", "message": "Another call with this key is under way."}),
        (429, {"message": "slow down"}),
        (500, {"message": "oh"}),
        (502, b"<html>"),
        (301, b""),
        (400, {"type": "idempotency_error", "message": "Keys can only be used once."}),
        (200, b"<html>"),
    ],
)
async def test_what_says_nothing_about_the_payment_is_unavailable(charge, stripe, status, error):
    stripe.faults = [(status, error)]
    with pytest.raises(GatewayUnavailable):
        await charge()
    assert isinstance(await charge(), Captured)


@pytest.mark.parametrize(("status", "error"), [(400, {"message": "Amount too small"}), (404, b"{}")])
async def test_a_wrong_call_is_refused_for_good(charge, stripe, status, error):
    stripe.faults = [(status, error)]
    with pytest.raises(GatewayRefused):
        await charge()


async def test_a_refund_is_paid_once_per_key_even_after_stripe_forgot_it(charge, refund, stripe):
    payment = await charge()
    await refund(payment, 500)
    stripe.keys.clear()
    await refund(payment, 500)
    await refund(payment, 300, "other")
    assert [row["amount"] for row in stripe.refunds] == [500, 300]


async def test_more_than_was_taken_is_not_given_back(charge, refund, stripe):
    payment = await charge()
    with pytest.raises(GatewayRefused, match="too large"):
        await refund(payment, 8501)
    with pytest.raises(GatewayRefused):
        await refund(Captured("pi_nobody"), 1, "other")
    assert stripe.refunds == []


async def test_a_refund_that_fails_later_is_refused(charge, refund, stripe):
    payment = await charge()
    await refund(payment, 500)
    stripe.refunds[0] |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
    with pytest.raises(GatewayRefused, match="expired_or_canceled_card"):
        await refund(payment, 500)


async def test_silence_about_a_refund_is_cleared_up_by_the_same_call(charge, refund, stripe):
    payment = await charge()
    stripe.silence = "after"
    with pytest.raises(GatewayUnavailable):
        await refund(payment, 500)
    stripe.silence = None
    await refund(payment, 500)
    assert len(stripe.refunds) == 1
