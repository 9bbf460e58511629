"""Money comes in through the gateway, once, whatever dies in between."""

import pytest

from backhaul.domain.billing.errors import GatewayUnavailable, TopUpNotRefundable
from backhaul.domain.billing.jobs import collect
from backhaul.domain.billing.model import Status
from backhaul.domain.billing.operations import retry_declined
from backhaul.domain.billing.wallet import OnceKeyReused, top_up
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import Role
from backhaul.kernel.errors import InvalidInput
from backhaul.kernel.money import Money

ALL_IN = {"gateway_clearing": 5000, "wallet_available": -5000}


async def test_a_top_up_is_there_once_the_gateway_has_the_money(purse):
    charge = await purse.top_up(5000)
    assert (charge.status, await purse.standing(), await purse.books()) == (Status.PENDING, (0, 0), {})
    await purse.drain()
    assert (await purse.reload_charge(charge)).status is Status.CAPTURED
    assert await purse.standing() == (5000, 0)
    assert await purse.books() == ALL_IN
    assert await purse.history("wallet", purse.actor.org_id) == ["topped_up"]
    assert await purse.events(purse.actor.org_id) == ["billing.payment_captured"]


async def test_the_same_key_pays_once(purse):
    charge = await purse.top_up(5000, key="friday")
    await purse.drain()
    again = await purse.top_up(5000, key="friday")
    assert (again.id, again.status) == (charge.id, Status.CAPTURED)
    await purse.drain()
    assert await purse.books() == ALL_IN
    with pytest.raises(OnceKeyReused) as reused:
        await purse.top_up(5001, key="friday")
    said = "The key friday was used for 50.00 USD; use another for another amount."
    assert reused.value.text == said


async def test_two_organizations_may_use_the_same_key(purse):
    other = await purse.elsewhere()
    await purse.top_up(5000, key="friday")
    await other.top_up(300, key="friday")
    await purse.drain()
    assert (await purse.standing(), await other.standing()) == ((5000, 0), (300, 0))


@pytest.mark.parametrize("word", ["sim-answer-lost", "sim-gateway-down"])
async def test_a_gateway_that_falls_silent_is_asked_again_with_the_same_key(purse, word):
    charge = await purse.top_up(5000, reference=word)
    await purse.drain()
    for _ in range(4):
        await purse.look_again(hours=2)
    assert (await purse.reload_charge(charge)).status is Status.CAPTURED
    assert await purse.books() == ALL_IN


async def test_a_worker_that_dies_between_gateway_and_booking_loses_and_doubles_nothing(purse):
    class Dying:
        name = "simulated"

        def __init__(self, real):
            self.real = real

        async def charge(self, **arguments):
            await self.real.charge(**arguments)
            raise KeyboardInterrupt  # as `kill -9`: nobody handles it

    charge = await purse.top_up(5000)
    real, purse.gateway = purse.gateway, Dying(purse.gateway)
    with pytest.raises(KeyboardInterrupt):
        await collect(purse.run, org_id=purse.actor.org_id, charge_id=charge.id)
    assert (await purse.reload_charge(charge)).status is Status.COLLECTING
    assert (await purse.standing(), await purse.books()) == ((0, 0), {})
    assert (await purse.audit()).holds
    purse.gateway = real
    await purse.look_again(hours=2)
    assert (await purse.reload_charge(charge)).status is Status.CAPTURED
    assert await purse.standing() == (5000, 0)
    assert await purse.books() == ALL_IN
    async with purse.db.system() as reader:
        assert await reader.fetchval("SELECT count(*) FROM simulated_payments") == 1


async def test_a_declined_top_up_is_not_tried_again_by_itself(purse):
    charge = await purse.top_up(5000, reference="sim-decline-once")
    await purse.drain()
    declined = await purse.reload_charge(charge)
    assert (declined.status, declined.next_attempt_at) == (Status.DECLINED, None)
    await purse.look_again(days=30)
    assert await purse.reload_charge(charge) == declined
    assert (await purse.books(), await purse.standing()) == ({}, (0, 0))
    assert (await purse.audit()).holds
    await retry_declined(purse.db, actor=purse.actor, charge_id=charge.id, now=purse.now)
    await purse.drain()
    assert await purse.standing() == (5000, 0)


async def test_a_top_up_that_was_not_taken_can_be_given_up(purse):
    charge = await purse.top_up(5000)
    assert (await purse.refund_charge(charge)).status is Status.CANCELLED
    await purse.drain()
    assert (await purse.books(), await purse.standing()) == ({}, (0, 0))
    assert (await purse.audit()).holds


async def test_a_paid_top_up_is_spent_and_not_given_back(purse):
    charge = await purse.fill(5000)
    waiting = await purse.top_up(700)
    before = await purse.trace()
    for one, part in ((charge, None), (charge, 100), (waiting, 100)):
        with pytest.raises(TopUpNotRefundable):
            await purse.refund_charge(one, part)
    assert await purse.trace() == before
    assert await purse.books() == ALL_IN


async def test_everything_wrong_is_named_at_once(purse):
    before = await purse.trace()
    with pytest.raises(InvalidInput) as refusal:
        await top_up(purse.db, actor=purse.actor, amount=Money(0, "usd"), key="", now=purse.now)
    assert [problem.path for problem in refusal.value.problems] == ["amount", "currency", "key"]
    assert await purse.trace() == before


async def test_who_may_only_work_may_not_pay(purse, make):
    purse.actor = await make.organization(role=Role.MEMBER)
    with pytest.raises(RightMissing):
        await purse.top_up(5000)


async def test_a_change_of_gateway_asks_the_former_one(purse):
    """What the one that was asked knows, another does not: it would take the money a second time."""

    class Other:
        name = "other"

    charge = await purse.top_up(5000, reference="sim-answer-lost")
    await purse.drain()
    purse.gateway = Other()
    with pytest.raises(GatewayUnavailable):
        await collect(purse.run, org_id=purse.actor.org_id, charge_id=charge.id)
    assert await purse.standing() == (0, 0)
