"""What ends a reshipment, and what is refused at each stage."""

import asyncio
from datetime import timedelta

import pytest

from backhaul.domain import reshipping
from backhaul.domain.holds import NewSubject, SubjectKind, place_hold
from backhaul.domain.reshipping import jobs, tables
from backhaul.domain.shipping.model import Fault, Tracking
from backhaul.domain.shipping.operations.labels import refuse_label
from backhaul.domain.shipping.queries import get_shipment
from backhaul.jobqueue import PERIODICS
from backhaul.kernel.errors import DomainError
from backhaul.storage.database import Scope

WAITS = """
UPDATE outbox SET next_attempt_at = $2 WHERE id = (
    SELECT max(id) FROM outbox WHERE type = $1 AND processed_at IS NULL)
RETURNING id
"""


@pytest.mark.parametrize("status", ["approved", "weighed", "labelled", "dispatched"])
async def test_an_approved_one_cannot_be_deleted(bench, status):
    one = await bench.reshipment(status)
    async with bench.unchanged("reshipping.not_deletable"):
        await bench.delete(one.number)


@pytest.mark.parametrize("status", ["deleted", "expired"])
async def test_what_is_gone_is_there_for_nobody(bench, status):
    one = await bench.reshipment(status)
    for call in (bench.get, bench.approve, bench.decline, bench.delete, bench.weigh, bench.dispatch):
        async with bench.unchanged("reshipping.reshipment_unknown"):
            await call(one.number)
    async with bench.unchanged("reshipping.reshipment_unknown"):
        await bench.quote(one.number, fee_minor=1)
    assert (await bench.whole(one)).status == status


@pytest.mark.parametrize("status", ["pending", "declined"])
async def test_after_fifteen_days_it_is_gone_and_its_returns_are_back(bench, status):
    one = await bench.reshipment(status)
    bench.world.clock.advance(timedelta(days=15, microseconds=-1))
    await bench.expire()
    assert (await bench.get(one.number)).status == status
    bench.world.clock.advance(timedelta(microseconds=1))
    async with bench.unchanged("reshipping.expired"):
        await bench.approve(one.number)
    await bench.expire()
    assert await bench.listing() == ([], None)
    assert await bench.statuses(*one.return_numbers) == ["processed"]
    assert (await bench.done_to(one))[-1] == ("expired", "system")
    await bench.expire()


async def test_one_whose_time_is_not_over_stays_though_the_job_found_it(bench):
    one = await bench.reshipment()
    await reshipping.expire_reshipment(bench.db, scope=Scope(one.org_id), number=one.number, now=bench.now)
    assert await bench.get(one.number) == one


async def test_an_approved_one_does_not_expire(bench):
    one = await bench.reshipment("approved")
    bench.world.clock.advance(timedelta(days=30))
    await bench.expire()
    assert (await bench.get(one.number)).status == "approved"


async def test_approved_and_expired_at_the_same_moment_one_of_them_wins(bench):
    for _ in range(6):
        one = await bench.reshipment()
        late, early = one.expires_at, one.expires_at - timedelta(seconds=1)
        approving = reshipping.answer_estimate(
            bench.db, actor=bench.customer, number=one.number, decision=reshipping.Decision.APPROVE,
            policy=bench.terms, now=early,
        )  # fmt: skip
        expiring = reshipping.expire_reshipment(
            bench.db, scope=Scope(one.org_id), number=one.number, now=late
        )
        answer, _ = await asyncio.gather(approving, expiring, return_exceptions=True)
        after, (found,) = await bench.whole(one), await bench.statuses(*one.return_numbers)
        if isinstance(answer, DomainError):
            assert (answer.code, after.status, found) == (
                "reshipping.reshipment_unknown",
                "expired",
                "processed",
            )
        else:
            assert (after.status, found) == ("approved", "reshipping")
    await bench.audit()


async def test_no_carrier_takes_it_so_its_owner_is_asked_again(bench):
    one = await bench.reshipment("approved")
    one = await bench.weigh(one.number)
    await refuse_label(
        bench.db, org_id=one.org_id, shipment_id=one.shipment_id, reason="No such place", fault=Fault.BAD_ADDRESS,
        now=bench.now,
    )  # fmt: skip
    await bench.world.relay()
    again = await bench.get(one.number)
    assert (again.status, again.estimated_fee_minor, again.shipment_id) == (
        "pending",
        one.estimated_fee_minor,
        None,
    )
    assert await bench.funds() == (-100, 0)
    assert (await bench.done_to(one))[-1] == ("reopened", "system")
    await bench.approve(one.number)
    second = await bench.weigh(one.number)
    assert second.shipment_id != one.shipment_id
    await bench.world.settle()
    assert (await bench.dispatch(one.number)).tracking_number is not None


async def test_money_set_aside_for_too_long_is_free_and_its_label_void(bench):
    one = await bench.reshipment("labelled")
    shipment = await bench.shipment_of(one)
    bench.world.clock.advance(timedelta(days=60))
    await PERIODICS["billing.release_expired_holds"](bench.world.run)
    async with bench.unchanged("billing.hold_move_refused"):
        await bench.dispatch(one.number)
    await bench.world.settle()
    again = await bench.get(one.number)
    assert (again.status, again.hold_id, again.shipment_id) == ("pending", None, None)
    assert again.expires_at == bench.now + timedelta(days=15)
    void = await get_shipment(bench.db, org_id=one.org_id, shipment_id=shipment.id)
    assert void.status is Tracking.CANCELLED
    assert await bench.funds() == (-100, 0)
    await bench.audit()


async def test_one_that_does_not_expire_is_in_nobodys_way(bench, monkeypatch):
    failing, following, last = [await bench.reshipment() for _ in range(3)]
    expire = jobs.expire_reshipment

    async def broken(db, *, number, **asked):
        if number == failing.number:
            raise RuntimeError("a defect")
        await expire(db, number=number, **asked)

    bench.world.expects_failures = True
    monkeypatch.setattr(jobs, "PER_PAGE", 1)
    monkeypatch.setattr(jobs, "expire_reshipment", broken)
    bench.world.clock.advance(last.expires_at - bench.now)
    await bench.expire()
    assert [(await bench.whole(one)).status for one in (failing, following, last)] == [
        "pending",
        "expired",
        "expired",
    ]


async def test_a_scan_is_the_dispatch_that_nobody_noted(bench):
    laptop = await bench.laptop()
    one = await bench.reshipment("labelled", laptop=laptop)
    available, held = await bench.funds()
    await bench.scan_onward(one, Tracking.IN_TRANSIT)
    gone = await bench.get(one.number)
    assert (gone.dispatched_at, gone.reship_fee_minor) == (bench.now, one.final_fee_minor)
    assert await bench.statuses(*one.return_numbers) == ["reshipped"]
    assert await bench.custody_of(laptop) == "parcel"
    assert (await bench.done_to(one))[-1] == ("dispatched", "system")
    assert await bench.funds() == (available + held - one.final_fee_minor, 0)
    bench.world.clock.advance(timedelta(days=60))  # its money does not come free any more
    await PERIODICS["billing.release_expired_holds"](bench.world.run)
    await bench.world.settle()
    assert (await bench.dispatch(one.number)).version == gone.version  # said again it changes nothing
    await bench.audit()


@pytest.mark.parametrize("heard_last", ["billing.hold_expired", "shipping.parcel_moved"])
async def test_a_parcel_that_leaves_while_its_money_comes_free_is_paid_all_the_same(bench, heard_last):
    one = await bench.reshipment("labelled")
    available, held = await bench.funds()
    bench.world.clock.advance(timedelta(days=60))
    await PERIODICS["billing.release_expired_holds"](bench.world.run)
    await bench.ingest(one, await bench.shipment_of(one), Tracking.IN_TRANSIT, bench.now)
    async with bench.db.transaction(Scope(one.org_id)) as tx:
        assert await tx.fetchval(WAITS, heard_last, bench.now + timedelta(seconds=1))
    await bench.world.relay()
    dispatched_at = bench.now
    assert (await bench.get(one.number)).dispatched_at == dispatched_at
    bench.world.clock.advance(timedelta(seconds=1))
    await bench.world.settle()
    gone = await bench.get(one.number)
    assert (gone.status, gone.dispatched_at, gone.shipment_id) == ("approved", dispatched_at, one.shipment_id)
    assert await bench.statuses(*one.return_numbers) == ["reshipped"]
    assert await bench.funds() == (available + held - one.final_fee_minor, 0)
    assert sum(amount for _, amount in await bench.fees_of(one)) == one.final_fee_minor
    await bench.audit()


async def test_a_scan_that_comes_during_the_dispatch_waits_for_it(bench, monkeypatch):
    """Else the parcel would be dispatched and never looked for."""
    one = await bench.reshipment("labelled")
    shipment = await bench.shipment_of(one)
    look_around, later = tables.look_around, []

    async def interrupted(*asked):
        if not later:
            at = bench.now + timedelta(minutes=1)
            later.append(asyncio.create_task(bench.ingest(one, shipment, Tracking.OUT_FOR_DELIVERY, at)))
            await asyncio.wait(later, timeout=1)
        return await look_around(*asked)

    monkeypatch.setattr(tables, "look_around", interrupted)
    await bench.scan_onward(one, Tracking.IN_TRANSIT)
    await asyncio.gather(*later)
    after = await bench.shipment_of(one)
    assert (after.status, after.ready_at) == (Tracking.OUT_FOR_DELIVERY, bench.now)
    assert after.next_look_at is not None


@pytest.mark.parametrize("status", ["approved", "labelled"])
async def test_a_hold_that_comes_later_keeps_it_here(bench, status):
    laptop = await bench.laptop()
    one = await bench.reshipment(status, laptop=laptop)
    await place_hold(
        bench.db,
        actor=bench.customer,
        summary="Litigation",
        description="A case",
        subjects=[NewSubject(kind=SubjectKind.ASSET, name=laptop.serial_number)],
        now=bench.now,
    )
    async with bench.unchanged("holds.held"):
        await (bench.weigh if status == "approved" else bench.dispatch)(one.number)
    assert await bench.custody_of(laptop) == "warehouse"


@pytest.mark.parametrize("status", ["pending", "declined", "weighed"])
async def test_only_an_approved_one_is_weighed_and_once(bench, status):
    one = await bench.reshipment(status)
    async with bench.unchanged("reshipping.move_refused"):
        await bench.weigh(one.number)


@pytest.mark.parametrize("status", ["declined", "approved", "dispatched"])
async def test_what_was_answered_is_quoted_no_more(bench, status):
    one = await bench.reshipment(status)
    async with bench.unchanged("reshipping.move_refused"):
        await bench.quote(one.number, fee_minor=5)


@pytest.mark.parametrize("how", [{}, {"fee_minor": 0}, {"weight_grams": 0}, {"weight_grams": 30_001}])
async def test_a_quote_says_a_fee_or_a_weight(bench, how):
    one = await bench.reshipment()
    async with bench.unchanged("input.invalid"):
        await bench.quote(one.number, **how)


async def test_only_the_operator_works_at_the_bench(bench):
    one = await bench.reshipment("approved")
    for call in (bench.weigh, bench.dispatch):
        async with bench.unchanged("identity.right_missing"):
            await call(one.number, actor=bench.customer)
    async with bench.unchanged("identity.right_missing"):
        await bench.quote(one.number, actor=bench.customer, fee_minor=5)


async def test_another_organization_finds_none_of_it(bench):
    one = await bench.reshipment("declined")
    other = await bench.make.organization()
    for call in (bench.get, bench.approve, bench.decline, bench.delete):
        async with bench.unchanged("reshipping.reshipment_unknown"):
            await call(one.number, actor=other)
    assert await bench.listing(actor=other) == ([], None)


async def test_a_tolerance_is_from_none_to_all_of_it(bench):
    for percent in (-1, 101):
        async with bench.unchanged("input.invalid"):
            await bench.tolerate(percent)
    await bench.tolerate(0)
    await bench.tolerate(100)
