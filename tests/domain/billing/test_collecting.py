import asyncio
from datetime import timedelta

import msgspec
import pytest

from backhaul.domain.billing import jobs, operations, queries
from backhaul.domain.billing.errors import ChargeMoveRefused, ChargeUnknown, GatewayUnavailable
from backhaul.domain.billing.model import Account, Captured, ChargeId, Quote, Status
from backhaul.domain.identity.errors import RightMissing
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money


async def test_a_charge_is_owed_when_opened_and_captured_by_its_job(bench):
    charge = await bench.open()
    assert charge.status is Status.PENDING
    owed = await bench.balances()
    await bench.drain()
    paid = await bench.reload(charge)
    assert (paid.status, paid.attempts, paid.captured_at) == (Status.CAPTURED, 1, bench.clock.now())
    assert paid.gateway_reference.startswith("sim_")
    assert owed == {
        Account.RECEIVABLE: 8500,
        Account.REVENUE: -8500,
        Account.GATEWAY_CLEARING: 0,
        Account.REFUNDS: 0,
    }
    assert await bench.balances() == {
        Account.RECEIVABLE: 0,
        Account.REVENUE: -8500,
        Account.GATEWAY_CLEARING: 8500,
        Account.REFUNDS: 0,
    }
    assert await bench.events(charge) == ["billing.payment_captured"]
    assert await bench.history(charge) == ["opened", "attempted", "captured"]
    assert (await bench.audit()).holds


async def test_opening_twice_for_the_same_purpose_is_without_effect(bench):
    subject_id = new_id()
    first = await bench.open(subject_id=subject_id)
    again = await bench.open(subject_id=subject_id, amount_minor=9900)
    assert again == first
    assert (await bench.drain()).runs == 1
    assert await bench.history(first) == ["opened", "attempted", "captured"]
    async with bench.db.read(bench.scope) as reader:
        charges = await queries.get_charges_of(
            reader, bench.scope, subject_kind="transfer", subject_id=subject_id
        )
    assert charges == [await bench.reload(first)]


async def test_twenty_transactions_opening_the_same_charge_open_one(bench):
    subject_id = new_id()
    opened = await asyncio.gather(*(bench.open(subject_id=subject_id) for _ in range(20)))
    assert len({charge.id for charge in opened}) == 1
    assert (await bench.balances())[Account.RECEIVABLE] == 8500


async def test_another_purpose_of_the_same_subject_is_another_charge(bench):
    subject_id = new_id()
    await bench.open(subject_id=subject_id)
    await bench.open(subject_id=subject_id, purpose="pickup", amount_minor=1000)
    await bench.drain()
    assert (await bench.balances())[Account.GATEWAY_CLEARING] == 9500


async def test_a_charge_of_nothing_is_captured_from_the_start_and_books_nothing(bench):
    charge = await bench.open(amount_minor=0)
    assert charge == await bench.reload(charge)
    assert (charge.status, charge.next_attempt_at) == (Status.CAPTURED, None)
    assert (await bench.drain()).runs == 0
    assert (await bench.refund(charge)).status is Status.CAPTURED
    assert (await bench.audit()).holds


async def test_opening_costs_one_statement_and_the_facts(bench):
    async with bench.transaction() as tx:
        sent = []
        for name in ("fetch", "fetchrow", "fetchval", "execute"):
            real = getattr(tx, name)
            setattr(tx, name, lambda sql, *values, real=real: sent.append(sql) or real(sql, *values))
        await operations.open_charge(
            tx,
            charge_id=ChargeId(new_id()),
            subject_kind="transfer",
            subject_id=new_id(),
            purpose="transfer",
            quote=Quote((), Money(1)),
            reference="",
            at=bench.clock.now(),
        )
    assert len(sent) == 2


async def test_the_gateway_looks_for_earlier_calls_since_the_charge_was_opened(bench):
    charge = await bench.open(reference="sim-decline-once")
    await bench.drain()
    bench.clock.advance(timedelta(hours=1))
    await jobs.collect_due(bench.run)
    await bench.drain()
    assert bench.gateway.calls == 2
    assert bench.gateway.asked["idempotency_key"] == f"{charge.id}:2"
    assert bench.gateway.asked["since"] == charge.created_at < bench.clock.now()


async def test_a_declined_charge_is_visible_and_a_retry_by_hand_captures_it(bench):
    charge = await bench.open(reference="sim-decline-once")
    await bench.drain()
    declined = await bench.reload(charge)
    assert (declined.status, declined.decline_code) == (Status.DECLINED, "card_declined")
    assert await queries.list_charges(bench.db, actor=bench.actor, status=Status.DECLINED) == [declined]
    assert (await bench.balances())[Account.RECEIVABLE] == 8500
    await bench.retry(charge)
    await bench.drain()
    paid = await bench.reload(charge)
    assert (paid.status, paid.attempts, paid.decline_code) == (Status.CAPTURED, 2, None)
    assert await bench.events(charge) == ["billing.payment_declined", "billing.payment_captured"]
    assert await bench.payments(charge) == [("declined", 8500, 0), ("captured", 8500, 0)]


async def test_a_declined_charge_is_tried_again_three_times_and_then_left_to_a_person(bench):
    charge = await bench.open(reference="sim-decline")
    await bench.drain()
    attempts = []
    for hours in (0.9, 0.2, 23, 2, 71, 2, 1000):
        await bench.pass_time(hours=hours)
        attempts.append((await bench.reload(charge)).attempts)
    assert attempts == [1, 2, 2, 3, 3, 4, 4]
    left = await bench.reload(charge)
    assert (left.status, left.next_attempt_at) == (Status.DECLINED, None)
    assert (await bench.events(charge)) == ["billing.payment_declined"] * 4


async def test_only_a_declined_charge_can_be_retried(bench):
    charge = await bench.open()
    with pytest.raises(ChargeMoveRefused):
        await bench.retry(charge)
    with pytest.raises(ChargeUnknown):
        await operations.retry_declined(
            bench.db, actor=bench.actor, charge_id=ChargeId(new_id()), now=bench.clock.now()
        )
    assert await bench.reload(charge) == charge


async def test_retrying_needs_the_right(bench):
    charge = await bench.open(reference="sim-decline")
    await bench.drain()
    viewer = msgspec.structs.replace(bench.actor, rights=frozenset())
    with pytest.raises(RightMissing):
        await operations.retry_declined(bench.db, actor=viewer, charge_id=charge.id, now=bench.clock.now())


async def test_twenty_workers_collecting_one_charge_capture_it_once(bench):
    charge = await bench.open()
    await asyncio.gather(*(bench.collect(charge) for _ in range(20)))
    assert (await bench.reload(charge)).status is Status.CAPTURED
    assert await bench.payments(charge) == [("captured", 8500, 0)]
    assert await bench.events(charge) == ["billing.payment_captured"]
    assert (await bench.balances())[Account.GATEWAY_CLEARING] == 8500


async def test_a_worker_that_dies_after_the_gateway_answered_does_not_charge_twice(bench):
    charge = await bench.open()
    bench.gateway.is_fatal = True
    await bench.drain()
    assert (await bench.reload(charge)).status is Status.COLLECTING
    assert await bench.payments(charge) == [("captured", 8500, 0)]
    bench.gateway.is_fatal = False
    bench.clock.advance(timedelta(seconds=30))
    await bench.drain()
    paid = await bench.reload(charge)
    assert (paid.status, paid.attempts) == (Status.CAPTURED, 1)
    assert bench.gateway.calls == 2
    assert await bench.payments(charge) == [("captured", 8500, 0)]
    assert (await bench.audit()).holds


async def test_a_worker_that_dies_after_a_decline_does_not_spend_another_attempt(bench):
    charge = await bench.open(reference="sim-decline")
    bench.gateway.is_fatal = True
    await bench.drain()
    bench.gateway.is_fatal = False
    bench.clock.advance(timedelta(seconds=30))
    await bench.drain()
    assert (await bench.reload(charge)).attempts == 1
    assert await bench.payments(charge) == [("declined", 8500, 0)]


@pytest.mark.parametrize("word", ["sim-gateway-down", "sim-answer-lost"])
async def test_a_silent_gateway_delays_a_charge_and_never_doubles_it(bench, word):
    charge = await bench.open(reference=word)
    await bench.drain()
    assert (await bench.reload(charge)).status is Status.COLLECTING
    for _ in range(3):
        await bench.pass_time(minutes=1)
    assert (await bench.reload(charge)).status is Status.CAPTURED
    assert await bench.payments(charge) == [("captured", 8500, 0)]


async def test_a_charge_whose_job_was_lost_is_found_again(bench):
    charge = await bench.open()
    async with bench.db.system_transaction() as tx:
        await tx.execute("DELETE FROM jobs.pgqueuer")
    await bench.pass_time(minutes=59)
    assert (await bench.reload(charge)).status is Status.PENDING
    await bench.pass_time(minutes=2)
    assert (await bench.reload(charge)).status is Status.CAPTURED


async def test_an_attempt_in_flight_is_never_taken_to_another_gateway(bench):
    charge = await bench.open()
    await bench.begin(charge)
    bench.gateway.name = "another"
    with pytest.raises(GatewayUnavailable, match="simulated"):
        await jobs.collect(bench.run, org_id=bench.actor.org_id, charge_id=charge.id)
    assert bench.gateway.calls == 0


async def test_a_late_answer_to_an_earlier_attempt_changes_nothing(bench):
    charge = await bench.open(reference="sim-decline")
    first = await bench.begin(charge)
    await bench.collect(charge)
    await bench.retry(charge)
    second = await bench.begin(charge)
    late = await operations.settle_attempt(
        bench.db,
        scope=bench.scope,
        charge_id=charge.id,
        attempt=first.attempts,
        answer=Captured("sim_late"),
        now=bench.clock.now(),
    )
    assert late == second
    assert (second.status, second.attempts) == (Status.COLLECTING, 2)


async def test_charges_are_listed_newest_first_by_page(bench):
    opened = [await bench.open() for _ in range(5)]
    first = await queries.list_charges(bench.db, actor=bench.actor, limit=2)
    rest = await queries.list_charges(bench.db, actor=bench.actor, before=first[-1].id)
    assert first + rest == list(reversed(opened))
