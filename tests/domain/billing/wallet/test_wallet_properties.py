"""Whatever happens in whatever order, a wallet is what a plain reckoning says it is, and the books hold."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backhaul.domain.billing.model import Status
from backhaul.domain.billing.wallet import CreditLimitTooLow, HoldMoveRefused, HoldStatus, InsufficientFunds
from backhaul.kernel.ids import new_id

WHICH = st.integers(0, 5)
AMOUNT = st.integers(1, 900)
STEPS = st.one_of(
    st.tuples(st.just("top up"), AMOUNT, st.sampled_from(["plain", "sim-decline", "sim-answer-lost"])),
    st.tuples(st.just("top up again"), WHICH),
    st.tuples(st.just("hold"), AMOUNT, st.integers(1, 5)),
    st.tuples(st.just("hold again"), WHICH),
    st.tuples(st.just("capture"), WHICH, st.integers(0, 900), st.integers(-50, 50)),
    st.tuples(st.just("release"), WHICH),
    st.tuples(st.just("charge"), AMOUNT),
    st.tuples(st.just("charge again"), WHICH),
    st.tuples(st.just("refund"), WHICH),
    st.tuples(st.just("limit"), st.integers(0, 600)),
    st.tuples(st.just("wait"), st.integers(1, 3)),
)


class Reckoning:
    """The same wallet on the back of an envelope."""

    def __init__(self):
        self.available = self.limit = 0
        self.held = {}  # hold id → (amount, ends at)

    def covers(self, amount):
        return amount <= max(0, self.available + self.limit)


class Course:
    """One course of events: does each step for real and on the envelope, and expects the same refusals."""

    def __init__(self, purse):
        self.purse, self.told = purse, Reckoning()
        self.top_ups, self.holds, self.fees = [], [], []

    async def take(self, step):
        name, *values = step
        await getattr(self, name.replace(" ", "_"))(*values)

    async def expect(self, work, *, refusal):
        """Do something that must be refused in this way, or that must not be refused."""
        if refusal is None:
            return await work
        with pytest.raises(refusal):
            await work
        return None

    async def top_up(self, amount, word):
        key = str(new_id())
        self.top_ups.append((key, amount, word, await self.purse.top_up(amount, key=key, reference=word)))
        await self.settle()
        if word != "sim-decline":
            self.told.available += amount

    async def top_up_again(self, which):
        if which < len(self.top_ups):
            key, amount, word, charge = self.top_ups[which]
            assert (await self.purse.top_up(amount, key=key, reference=word)).id == charge.id
            await self.settle()

    async def settle(self):
        await self.purse.drain()
        await self.purse.drain()  # a lost answer is asked for again
        charges = [await self.purse.reload_charge(charge) for *_, charge in self.top_ups]
        if any(charge.status is Status.COLLECTING for charge in charges):
            await self.purse.look_again(hours=2)

    async def hold(self, amount, hours):
        key = str(new_id())
        refusal = None if self.told.covers(amount) else InsufficientFunds
        hold = await self.expect(self.purse.hold(amount, hours=hours, once_key=key), refusal=refusal)
        if hold is not None:
            self.holds.append(hold)
            self.told.available -= amount
            self.told.held[hold.id] = (amount, hold.expires_at)

    async def hold_again(self, which):
        if which < len(self.holds):
            hold = self.holds[which]
            assert (await self.purse.hold(hold.amount_minor, once_key=hold.once_key)).id == hold.id

    async def capture(self, which, amount, difference):
        if which >= len(self.holds) or amount + difference < 0:
            return
        hold, total = self.holds[which], amount + difference
        kept = self.told.held.get(hold.id)
        now = await self.purse.reload(hold)
        if kept is None:
            is_repeat = now.status is HoldStatus.CAPTURED and now.captured_minor == total
            await self.expect(
                self.purse.capture(hold, amount, difference), refusal=None if is_repeat else HoldMoveRefused
            )
            return
        self.told.available += kept[0]
        covered = self.told.covers(total)
        await self.expect(
            self.purse.capture(hold, amount, difference), refusal=None if covered else InsufficientFunds
        )
        if covered:
            del self.told.held[hold.id]
            self.told.available -= total
            self.fees += await self.purse.fees_of((hold.subject_kind, hold.subject_id))
        else:
            self.told.available -= kept[0]

    async def release(self, which):
        if which < len(self.holds):
            hold = self.holds[which]
            was = await self.purse.reload(hold)
            refusal = HoldMoveRefused if was.status is HoldStatus.CAPTURED else None
            await self.expect(self.purse.release(hold), refusal=refusal)
            self.told.available += self.told.held.pop(hold.id, (0,))[0]

    async def charge(self, amount):
        refusal = None if self.told.covers(amount) else InsufficientFunds
        fee = await self.expect(self.purse.charge(amount), refusal=refusal)
        if fee is not None:
            self.fees.append(fee)
            self.told.available -= amount

    async def charge_again(self, which):
        if which < len(self.fees) and self.fees[which].amount_minor >= 0:
            fee = self.fees[which]
            again = await self.purse.charge(fee.amount_minor, once_key=fee.once_key)
            assert again.id == fee.id

    async def refund(self, which):
        if which >= len(self.fees):
            return
        fee = self.fees[which]
        if fee is None:
            return
        refusal = None if fee.amount_minor >= 0 or self.told.covers(-fee.amount_minor) else InsufficientFunds
        if await self.expect(self.purse.refund(fee), refusal=refusal) is None:
            return
        assert (await self.purse.refund(fee)).refunded_at is not None
        self.told.available += fee.amount_minor
        del self.fees[which]

    async def limit(self, amount):
        refusal = CreditLimitTooLow if self.told.available < -amount else None
        if await self.expect(self.purse.limit(amount), refusal=refusal) is not None:
            self.told.limit = amount

    async def wait(self, hours):
        self.purse.clock.advance(timedelta(hours=hours))
        await self.purse.expire()

    def expire(self):
        """What a hold's end does to the envelope, once the job has been there."""
        for hold_id, (amount, expires_at) in list(self.told.held.items()):
            if expires_at <= self.purse.now:
                del self.told.held[hold_id]
                self.told.available += amount

    async def check(self):
        wallet = await self.purse.balance()
        assert (wallet.available_minor, wallet.held_minor, wallet.credit_limit_minor) == (
            self.told.available,
            sum(amount for amount, _ in self.told.held.values()),
            self.told.limit,
        )
        assert wallet.available_minor >= -wallet.credit_limit_minor
        audit = await self.purse.audit()
        assert audit.holds, audit


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=6, max_size=25))
async def test_any_course_of_events_agrees_with_a_plain_reckoning(purse, steps):
    course = Course(await purse.elsewhere())  # one database for all examples
    for step in [("top up", 600, "plain"), ("limit", 400), *steps]:
        await course.take(step)
        await course.purse.expire()  # time passes in top-ups too
        course.expire()
        await course.check()
