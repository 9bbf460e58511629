"""Whatever is done in whatever order: reshipments, their returns, the wallet and its ledger agree."""

import asyncio
from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.domain.reshipping.bench import elsewhere

from backhaul.kernel.errors import DomainError

RETURNS, LIMIT = 4, 5000
WHICH = st.integers(0, 5)
FINAL = {900: 1270, 1050: 1287, 1150: 1412, 1500: 1580}  # what a label costs by weight, on the bench's card
STEPS = st.one_of(
    st.tuples(st.just("create"), st.sets(st.integers(0, RETURNS - 1), min_size=1, max_size=3)),
    st.tuples(st.just("quote"), WHICH, st.sampled_from([1420, 1560, 4000])),
    st.tuples(st.just("approve"), WHICH),
    st.tuples(st.just("decline"), WHICH),
    st.tuples(st.just("delete"), WHICH),
    st.tuples(st.just("wait"), st.sampled_from([1, 8, 16])),
    st.tuples(st.just("weigh"), WHICH, st.sampled_from(sorted(FINAL))),
    st.tuples(st.just("dispatch"), WHICH),
)


class Expected:
    """What one reshipment should be by now."""

    def __init__(self, number, members, estimate, until):
        self.number, self.members, self.estimate, self.until = number, members, estimate, until
        self.status, self.final, self.held, self.paid = "pending", None, 0, None


class Oracle:
    """Says beforehand whether a step is done or refused, and what it leads to."""

    def __init__(self, bench, numbers):
        self.bench, self.numbers, self.all = bench, numbers, []
        self.spent = RETURNS * 100  # for their processing

    @property
    def held(self):
        return sum(one.held for one in self.all)

    @property
    def spendable(self):
        return LIMIT - self.spent - self.held

    def is_free(self, member):
        return not any(member in one.members and one.status not in ("deleted", "expired") for one in self.all)

    def fresh(self):
        return self.bench.now + timedelta(days=15)

    async def create(self, members):
        may = all(self.is_free(member) for member in members)
        made = await attempt(self.bench.create(*(self.numbers[member] for member in sorted(members))), may)
        if may:
            estimate = 1580 + 150 if len(members) == 1 else 0
            self.all.append(Expected(made.number, members, estimate, self.fresh()))

    async def quote(self, one, fee):
        may = one.status == "pending"
        await attempt(self.bench.quote(one.number, fee_minor=fee), may)
        one.estimate = fee if may else one.estimate

    async def approve(self, one):
        if one.status == "approved":
            await attempt(self.bench.approve(one.number), True)
            return
        waits = one.status in ("pending", "declined") and one.until > self.bench.now
        may = waits and 0 < one.estimate <= self.spendable
        await attempt(self.bench.approve(one.number), may)
        if may:
            one.status, one.held = "approved", one.estimate

    async def decline(self, one):
        waits = one.status == "pending" and one.until > self.bench.now and one.estimate > 0
        await attempt(self.bench.decline(one.number), waits or one.status == "declined")
        one.status = "declined" if waits else one.status

    async def delete(self, one):
        may = one.status in ("pending", "declined")
        await attempt(self.bench.delete(one.number), may)
        one.status = "deleted" if may else one.status

    async def wait(self, days):
        self.bench.world.clock.advance(timedelta(days=days))
        await self.bench.expire()
        for one in self.all:
            if one.status in ("pending", "declined") and one.until <= self.bench.now:
                one.status = "expired"

    async def weigh(self, one, grams):
        final = FINAL[grams] + 150 * len(one.members)
        ready = one.status == "approved" and one.final is None
        is_dearer = final * 100 > one.estimate * 110
        may = ready and (is_dearer or final - one.held <= self.spendable)
        await attempt(self.bench.weigh(one.number, grams), may)
        if may and is_dearer:
            one.status, one.held, one.estimate, one.until = "pending", 0, final, self.fresh()
        elif may:
            one.final, one.held = final, max(final, one.held)

    async def dispatch(self, one):
        await self.bench.world.drain()
        may = one.status == "approved" and one.final is not None
        await attempt(self.bench.dispatch(one.number), may)
        if may and one.paid is None:
            one.paid, one.held = one.final, 0
            self.spent += one.final

    async def agree(self):
        bench = self.bench
        for one in self.all:
            async with bench.db.system() as reader:
                row = await reader.fetchrow("SELECT * FROM reshipments WHERE number = $1", one.number)
            assert (row["status"], row["estimated_fee_minor"]) == (one.status, one.estimate)
            assert (row["final_fee_minor"], row["reship_fee_minor"]) == (one.final, one.paid or 0)
            fees = await bench.fees_of(msgspec.structs.replace(self.some, id=row["id"]))
            assert sum(amount for _, amount in fees) == (one.paid or 0)
        for member, number in enumerate(self.numbers):
            holder = next((one for one in self.all if member in one.members and not self.is_over(one)), None)
            expected = "processed" if holder is None else "reshipping" if holder.paid is None else "reshipped"
            assert await bench.statuses(number) == [expected]
        assert await bench.funds() == (-self.spent - self.held, self.held)
        assert self.spent + self.held <= LIMIT
        await bench.audit()

    def is_over(self, one):
        return one.status in ("deleted", "expired")


async def attempt(work, may):
    """Do it; it is done or refused as foreseen."""
    if may:
        return await work
    with pytest.raises(DomainError):
        await work
    return None


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=6, max_size=25))
async def test_any_order_of_steps_leads_where_it_should(bench, steps):
    other, numbers = await elsewhere(bench, RETURNS, funds=LIMIT)
    oracle = Oracle(other, numbers)
    await oracle.create({0})
    oracle.some = await other.whole(await other.get(oracle.all[0].number))
    for name, *values in steps:
        if name in ("create", "wait"):
            await getattr(oracle, name)(*values)
        else:
            which, *more = values
            await getattr(oracle, name)(oracle.all[which % len(oracle.all)], *more)
    await oracle.agree()


async def test_everything_at_once_on_one_reshipment(bench):
    for _ in range(5):
        other, numbers = await elsewhere(bench, RETURNS, funds=LIMIT)
        one = await other.create(numbers[0])
        results = await asyncio.gather(
            *(
                call(one.number)
                for call in (
                    other.approve,
                    other.decline,
                    other.delete,
                    other.approve,
                    other.weigh,
                    other.dispatch,
                )
                for _ in range(3)
            ),
            return_exceptions=True,
        )
        assert all(isinstance(r, DomainError) for r in results if isinstance(r, BaseException)), results
        after = await other.whole(one)
        kept = {"deleted": ["processed"], "approved": ["reshipping"], "declined": ["reshipping"]}
        assert await other.statuses(numbers[0]) == kept[after.status.value]
        held = 0 if after.status != "approved" else max(after.estimated_fee_minor, after.final_fee_minor or 0)
        assert await other.funds() == (-RETURNS * 100 - held, held)
        await other.audit()
