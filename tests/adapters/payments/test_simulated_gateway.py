import asyncio

import asyncpg
import pytest

from backhaul.adapters.payments.simulated import SimulatedGateway, script
from backhaul.domain.billing.errors import GatewayRefused, GatewayUnavailable
from backhaul.domain.billing.model import Captured, Declined
from backhaul.kernel.ids import OrgId, new_id
from backhaul.kernel.money import Money


@pytest.fixture
def gateway(db):
    return SimulatedGateway(db)


@pytest.fixture
def charge(gateway, clock):
    async def charge(reference="TICKET-1", *, key=None, amount=8500):
        return await gateway.charge(
            idempotency_key=key or str(new_id()),
            amount=Money(amount),
            reference=reference,
            payer=OrgId(new_id()),
            since=clock.now(),
            now=clock.now(),
        )

    return charge


@pytest.fixture
def refund(gateway, clock):
    async def refund(payment, amount, *, key=None):
        await gateway.refund(
            gateway_reference=payment.gateway_reference if isinstance(payment, Captured) else payment,
            amount=amount if isinstance(amount, Money) else Money(amount),
            idempotency_key=key or str(new_id()),
            now=clock.now(),
        )

    return refund


async def test_the_same_key_gets_the_same_answer(charge):
    first = await charge(key="a")
    assert isinstance(first, Captured)
    assert await charge(key="a") == first
    assert await charge(key="b") != first


async def test_the_memory_survives_the_process(charge, db, clock):
    first = await charge(key="a")
    reborn = SimulatedGateway(db)
    again = await reborn.charge(
        idempotency_key="a",
        amount=Money(8500),
        reference="TICKET-1",
        payer=OrgId(new_id()),
        since=clock.now(),
        now=clock.now(),
    )
    assert again == first


async def test_twenty_calls_at_once_with_one_key_are_one_payment(charge):
    assert len(set(await asyncio.gather(*(charge(key="a") for _ in range(20))))) == 1


async def test_a_key_used_for_something_else_is_refused(charge):
    first = await charge(key="a")
    with pytest.raises(GatewayRefused, match="different payment"):
        await charge(key="a", amount=1)
    with pytest.raises(GatewayRefused, match="different payment"):
        await charge("TICKET-2", key="a")
    assert await charge(key="a") == first


async def test_nothing_cannot_be_charged(charge):
    with pytest.raises(GatewayRefused, match="more than nothing"):
        await charge(amount=0)


async def test_sim_decline_always_declines(charge):
    answers = [await charge("TICKET-9 sim-decline") for _ in range(3)]
    assert answers == [Declined("card_declined", "The simulated card was declined.")] * 3


async def test_sim_decline_once_declines_the_first_attempt_of_a_reference(charge):
    assert isinstance(await charge("sim-decline-once A", key="1"), Declined)
    assert isinstance(await charge("sim-decline-once A", key="1"), Declined)
    assert isinstance(await charge("sim-decline-once A", key="2"), Captured)
    assert isinstance(await charge("sim-decline-once B", key="3"), Declined)


async def test_sim_gateway_down_answers_from_the_third_call_on(charge):
    for _ in range(script.CALLS_WHILE_DOWN):
        with pytest.raises(GatewayUnavailable):
            await charge("sim-gateway-down", key="a")
    assert isinstance(await charge("sim-gateway-down", key="a"), Captured)


async def test_sim_answer_lost_takes_the_money_and_says_so_only_when_asked_again(charge, refund, db):
    with pytest.raises(GatewayUnavailable):
        await charge("sim-answer-lost", key="a")
    async with db.system() as reader:
        assert (
            await reader.fetchval("SELECT outcome FROM simulated_payments WHERE idempotency_key = 'a'")
            == "captured"
        )
    assert isinstance(await charge("sim-answer-lost", key="a"), Captured)


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("", set()),
        ("TICKET-1", set()),
        ("SIM-Decline", {"sim-decline"}),
        ("a sim-decline-once, b", {"sim-decline-once"}),
        ("not-sim-decline", set()),
        ("https://desk.example/t/1?x=sim-decline", {"sim-decline"}),
        ("sim-declined", {"sim-declined"}),
    ],
)
def test_words_stand_alone(reference, words):
    assert script.words_in(reference) == words


async def test_parts_are_given_back_up_to_the_whole(charge, refund):
    payment = await charge()
    await refund(payment, 8000)
    with pytest.raises(GatewayRefused, match=r"only 5\.00 USD"):
        await refund(payment, 501)
    await refund(payment, 500)
    with pytest.raises(GatewayRefused, match=r"only 0\.00 USD"):
        await refund(payment, 1)


async def test_a_refund_repeated_with_its_key_is_paid_once(charge, refund):
    payment = await charge()
    await asyncio.gather(*(refund(payment, 8000, key="r") for _ in range(10)))
    await refund(payment, 500)
    with pytest.raises(GatewayRefused, match="different refund"):
        await refund(payment, 1, key="r")


async def test_unknown_payments_other_currencies_and_nothing_are_refused(charge, refund):
    payment = await charge()
    with pytest.raises(GatewayRefused, match="there is no payment sim_unknown"):
        await refund("sim_unknown", 1)
    with pytest.raises(GatewayRefused, match=r"only 85\.00 USD"):
        await refund(payment, Money(1, "EUR"))
    with pytest.raises(GatewayRefused, match="more than nothing"):
        await refund(payment, 0)


async def test_the_app_role_does_not_see_the_gateways_memory(db):
    async with db.lookup() as reader:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await reader.fetchval("SELECT count(*) FROM simulated_payments")
