"""Many at once over the same returns: everybody is answered or refused, and the rows agree afterwards."""

import asyncio
import random
from collections import Counter
from datetime import timedelta

import pytest
from bench.drill.agreement import find_disagreements
from tests.domain.reshipping.bench import elsewhere

from backhaul.domain import reshipping
from backhaul.domain.reshipping import Decision
from backhaul.jobqueue import PERIODICS
from backhaul.kernel.errors import DomainError
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database

CREATIONS, RETURNS = 200, 20
LATE_SECONDS = (
    1.0  # half of them start at once, the others in so long: on returns that are given back meanwhile
)
# What somebody may be told who comes too late, too early or without money; everything else is a defect.
REFUSALS = {
    "returns.not_reshippable",
    "reshipping.reshipment_unknown",
    "reshipping.move_refused",
    "reshipping.not_quoted",
    "reshipping.expired",
    "reshipping.not_deletable",
    "reshipping.not_labelled",
    "billing.insufficient_funds",
}


class Crowd:
    """Everybody who works on the same returns at the same time."""

    def __init__(self, bench, numbers, seed):
        self.bench, self.numbers, self.chance = bench, numbers, random.Random(seed)
        self.created, self.told, self.is_over = [], Counter(), False

    async def come(self, customers):
        """So many customers, and whoever works for them until they have gone."""
        workers = [self.operator(), self.operator(), self.job(), self.worker()]
        working = [asyncio.create_task(work) for work in workers]
        await asyncio.gather(*(self.customer() for _ in range(customers)))
        self.is_over = True
        await asyncio.gather(*working)

    async def attempt(self, verb, work):
        try:
            found = await work
        except DomainError as refused:
            self.told[refused.code] += 1
            return None
        self.told[verb] += 1
        return found

    async def customer(self):
        """Create a reshipment of one to three returns, and do something with any that there is."""
        await asyncio.sleep(self.chance.choice([0, self.chance.uniform(0, LATE_SECONDS)]))
        members = self.chance.sample(self.numbers, self.chance.choice([1, 1, 2, 3]))
        # Every third was created so long ago that it is due to expire.
        now = self.bench.now - timedelta(days=self.chance.choice([0, 0, 15]))
        bench = self.bench
        one = await self.attempt(
            "create",
            reshipping.create_reshipment(
                bench.db, actor=bench.customer, new=bench.new(*members), card=bench.card, policy=bench.terms, now=now
            ),
        )  # fmt: skip
        if one is not None:
            self.created.append(one.number)
        for verb in self.chance.choices(["approve", "approve", "decline", "delete", "delete"], k=3):
            if self.created:
                which = self.chance.choice(self.created[-10:])
                await self.attempt(verb, getattr(bench, verb)(which))

    async def operator(self):
        """Quote, weigh and dispatch whatever there is."""
        while not self.is_over:
            await asyncio.sleep(0.01)
            for number in self.chance.sample(self.created, min(5, len(self.created))):
                await self.attempt("quote", self.bench.quote(number, fee_minor=1420))
                await self.attempt("weigh", self.bench.weigh(number, self.chance.choice([900, 1050, 1150])))
                await self.attempt("dispatch", self.bench.dispatch(number))

    async def job(self):
        while not self.is_over:
            await asyncio.sleep(0.02)
            await PERIODICS["reshipping.expire_due"](self.bench.world.run)

    async def worker(self):
        while not self.is_over:
            await asyncio.sleep(0.02)
            await self.bench.world.relay()
            await self.bench.world.drain()


@pytest.fixture
async def wide(bench):
    """As many connections as a serving process has."""
    db = await Database.open(
        DatabaseUrls.single(bench.world.url), Session(app_connections=16, worker_connections=8)
    )
    yield db
    await db.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
async def test_two_hundred_creations_over_twenty_returns(bench, wide, seed):
    other, numbers = await elsewhere(bench, RETURNS, funds=12_000)
    other.db = other.world.db = wide
    crowd = Crowd(other, numbers, seed)
    await crowd.come(CREATIONS)
    assert {what for what in crowd.told if "." in what} <= REFUSALS
    assert crowd.told["create"] == len(set(crowd.created)) >= RETURNS / 3
    await other.world.settle()
    async with wide.system() as reader:
        assert await find_disagreements(reader) == []
        expired = await reader.fetchval("SELECT count(*) FROM reshipments WHERE status = 'expired'")
    assert min(expired, crowd.told["approve"], crowd.told["delete"]) > 0
    assert not await other.world.parked()
    await other.audit()


async def test_a_hundred_approvals_at_once_hold_no_more_than_there_is(bench, wide):
    other, numbers = await elsewhere(bench, 12, funds=1200 + 5 * 1730)
    other.db = wide
    made = [await other.create(number) for number in numbers]
    answers = await asyncio.gather(
        *(other.answer(one.number, Decision.APPROVE) for one in made for _ in range(9)),
        return_exceptions=True,
    )
    approved = {one.number for one in answers if not isinstance(one, BaseException)}
    assert len(approved) == 5
    assert {one.code for one in answers if isinstance(one, BaseException)} == {"billing.insufficient_funds"}
    assert await other.funds() == (-1200 - 5 * 1730, 5 * 1730)
    async with wide.system() as reader:
        assert await find_disagreements(reader) == []
