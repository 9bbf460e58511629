"""Owners, operators, carriers and the clock do anything in any order: after each step the rows agree."""

import asyncio
from datetime import timedelta

import pytest
from bench.drill.agreement import find_disagreements
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from tests.domain.reshipping.bench import elsewhere

from backhaul.domain.billing import wallet
from backhaul.domain.reshipping import Decision
from backhaul.domain.shipping.model import Fault, Tracking
from backhaul.domain.shipping.operations.labels import refuse_label
from backhaul.jobqueue import PERIODICS
from backhaul.kernel.errors import DomainError
from backhaul.kernel.money import Money

NO_MONEY, GONE, MOVED = (
    "billing.insufficient_funds",
    "reshipping.reshipment_unknown",
    "reshipping.move_refused",
)
UNANSWERABLE = {GONE, MOVED, "reshipping.not_quoted", "reshipping.expired"}
FALLING_DUE = ("reshipping.expire_due", "billing.release_expired_holds", "returns.collect_fees")
SCANS = [Tracking.IN_TRANSIT, Tracking.DELIVERED, Tracking.FAILURE, Tracking.RETURN_TO_SENDER]


class Warehouse(RuleBasedStateMachine):
    """One owner's returns in a warehouse, and everything that can be done with them."""

    made = Bundle("reshipments")
    members = st.integers(0, 3)
    grams = st.integers(800, 1700)  # of labels that cost 12.70 to 15.80: around every tolerance
    cents = st.integers(1, 9000)
    fees = st.integers(1300, 1800)

    def __init__(self, bench, loop):
        super().__init__()
        self.first, self.loop, self.keys = bench, loop, 0

    def run(self, work, *refusals):
        """Do it, as one of these refusals at most; None says that it was refused."""
        try:
            return self.loop.run_until_complete(work)
        except DomainError as refused:
            if refused.code not in refusals:
                raise
            return None

    @initialize(target=made)
    def open(self):
        self.bench, self.numbers = self.run(elsewhere(self.first, 4, funds=5000))
        alone, *pair = self.numbers[:3]
        one = self.run(self.bench.create(alone))
        two = self.run(self.bench.create(*pair))
        for made in (one, two):
            self.run(self.bench.quote(made.number, weight_grams=1000))
        return multiple(one.number, two.number)

    # The owner

    @rule(target=made, members=st.sets(members, min_size=1, max_size=3))
    def create(self, members):
        numbers = sorted(self.numbers[member] for member in members)
        one = self.run(self.bench.create(*numbers), "returns.not_reshippable", "reshipping.returns_unknown")
        return multiple() if one is None else one.number

    @rule(number=made, decision=st.sampled_from([Decision.APPROVE, Decision.APPROVE, Decision.DECLINE]))
    def answer(self, number, decision):
        self.run(self.bench.answer(number, decision), NO_MONEY, *UNANSWERABLE)

    @rule(number=made)
    def delete(self, number):
        self.run(self.bench.delete(number), GONE, "reshipping.not_deletable")

    @rule(member=members, what=st.sampled_from(["ask", "ask", "verify", "verify", "discard"]))
    def care_for_a_return(self, member, what):
        refusals = {
            "ask": (NO_MONEY, "returns.not_processed", "returns.return_unknown"),
            "verify": ("returns.not_verifying",),
            "discard": ("returns.not_discardable", "returns.return_unknown"),
        }
        self.run(getattr(self.bench, what)(self.numbers[member]), *refusals[what])

    # Money

    @rule(cents=cents, is_again=st.booleans())
    def top_up(self, cents, is_again):
        self.keys += 0 if is_again else 1
        bench, key = self.bench, f"top-up {self.keys}"
        paying = wallet.top_up(bench.db, actor=bench.customer, amount=Money(cents), key=key, now=bench.now)
        self.run(paying, "billing.once_key_reused")

    @rule(cents=st.integers(0, 20_000), percent=st.sampled_from([0, 5, 10, 100]))
    def change_the_terms(self, cents, percent):
        self.run(self.bench.fund(cents), "billing.credit_limit_too_low")
        self.run(self.bench.tolerate(percent))

    # The operator

    @rule(
        number=made,
        how=st.one_of(fees.map(lambda fee: {"fee_minor": fee}), grams.map(lambda g: {"weight_grams": g})),
    )
    def quote(self, number, how):
        self.run(self.bench.quote(number, **how), GONE, MOVED)

    @rule(number=made, grams=grams)
    def weigh(self, number, grams):
        self.run(self.bench.weigh(number, grams), GONE, MOVED, NO_MONEY)

    @rule(number=made)
    def dispatch(self, number):
        self.run(self.bench.dispatch(number), GONE, MOVED, "reshipping.not_labelled")

    @rule(number=made, grams=grams, is_sent=st.booleans())
    def ship(self, number, grams, is_sent):
        """The usual way in one go, so that many get there."""
        self.answer(number, Decision.APPROVE)
        self.weigh(number, grams)
        self.work()
        if is_sent:
            self.dispatch(number)

    # The carrier

    @rule(number=made, status=st.sampled_from(SCANS), hours_ago=st.integers(0, 48))
    def carry(self, number, status, hours_ago):
        """A scan of a labelled parcel; one that has no label yet is refused by every carrier."""
        one = self.run(self.bench.get(number), GONE)
        if one is None or one.shipment_id is None:
            return
        if self.run(self.bench.shipment_of(one)).has_label:
            self.run(self.bench.scan_onward(one, status, self.bench.now - timedelta(hours=hours_ago)))
        else:
            self.run(refuse(self.bench, one))
            self.work()

    # Time

    @rule(days=st.sampled_from([1, 8, 16, 61, 61]))
    def wait(self, days):
        self.bench.world.clock.advance(timedelta(days=days))
        for name in FALLING_DUE:
            self.run(PERIODICS[name](self.bench.world.run))
        self.work()

    @rule()
    def work(self):
        while self.run(self.bench.world.relay()) or self.run(self.bench.world.drain()).runs:
            pass

    @invariant()
    def agrees(self):
        self.run(self._agrees())

    async def _agrees(self):
        async with self.first.db.system() as reader:
            found = await find_disagreements(reader, org_id=self.bench.customer.org_id)
        assert not found, found

    def teardown(self):
        self.work()
        assert not self.run(self.bench.world.parked())
        self.run(self.bench.audit())


async def refuse(bench, one):
    """No carrier takes a reshipment's parcel."""
    await refuse_label(
        bench.db, org_id=one.org_id, shipment_id=one.shipment_id, reason="No such place", fault=Fault.BAD_ADDRESS,
        now=bench.now,
    )  # fmt: skip


@pytest.fixture
async def loop():
    """The loop in which the fixtures live; between two tests nothing runs in it."""
    return asyncio.get_running_loop()


@pytest.mark.slow
def test_whatever_is_done_in_whatever_order_the_rows_agree(bench, loop):
    run_state_machine_as_test(
        lambda: Warehouse(bench, loop),
        settings=settings(
            max_examples=80,
            stateful_step_count=40,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
