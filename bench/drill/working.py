"""Who works behind the counter meanwhile: quotes, weighs and dispatches, pays in, and lets days pass."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable

import asyncpg
import msgspec

from backhaul.domain import reshipping
from backhaul.domain.billing import wallet
from backhaul.domain.billing.rates import RateCard
from backhaul.domain.identity import OPERATOR_ORG_ID, system_actor
from backhaul.kernel.clock import SystemClock
from backhaul.kernel.errors import DomainError, Kind, Unavailable
from backhaul.kernel.ids import OrgId
from backhaul.kernel.money import Money
from backhaul.kernel.ports import Ports
from backhaul.main import Place, make_ports, open_database
from backhaul.settings import Settings
from backhaul.storage.database import Database
from bench.drill.furnishing import GRAMS

ROUND_SECONDS = 0.2
PER_ROUND = 10
CLOSING_ROUNDS = 40
TOP_UP_MINOR = 4000
ROUNDS_PER_TOP_UP = 8
TOP_UP_TRIES = 10
EXPIRING_SHARE = 0.15  # of what waits for an answer, each time
ROUNDS_PER_EXPIRY = 16
# What an operator may be told whose parcel somebody else was quicker with, or whose owner has no money.
EXPECTED = frozenset(
    {
        "reshipping.reshipment_unknown",
        "reshipping.move_refused",
        "reshipping.not_labelled",
        "billing.insufficient_funds",
    }
)

OPEN = """
SELECT number, status, estimated_fee_minor, cardinality(return_numbers) AS returns,
    shipment_id IS NOT NULL AS is_weighed
FROM reshipments WHERE status IN ('pending', 'approved') AND dispatched_at IS NULL
ORDER BY random() LIMIT $1
"""
# Fifteen days pass for some of what waits for an answer, and a minute for the job; nobody waits for that here.
FIFTEEN_DAYS_LATER = """
UPDATE reshipments SET expires_at = now() WHERE expires_at IS NOT NULL AND random() < $1
"""
A_MINUTE_LATER = "UPDATE jobs.periodic SET next_at = now() WHERE name = 'reshipping.expire_due'"


class Work(msgspec.Struct):
    """What was done behind the counter."""

    done: Counter[str] = Counter()
    refused: int = 0
    lost: int = 0  # attempts that found no database, or lost it
    problems: list[str] = []


async def work_at_the_counter(
    settings: Settings, place: Place, *, org_id: OrgId, chance: random.Random, stop: asyncio.Event
) -> Work:
    """Quote, weigh, dispatch, pay in and let days pass until told to stop, whoever is killed meanwhile."""
    db = await _opened(settings, place)
    try:
        ports = make_ports(settings, db, place.data_dir)
        counter = _Counter(db, place, ports, org_id, chance=chance, work=Work(done=Counter(), problems=[]))
        rounds = 0
        while not stop.is_set():
            await asyncio.sleep(ROUND_SECONDS)
            await counter.serve()
            if rounds % ROUNDS_PER_TOP_UP == 0:
                await counter.pay_in(f"drill-{rounds}")
            if rounds % ROUNDS_PER_EXPIRY == 0:
                await counter.let_days_pass()
            rounds += 1
    finally:
        await db.close()
    return counter.work


async def close_the_counter(settings: Settings, place: Place, *, org_id: OrgId, work: Work) -> None:
    """Send whatever is approved and labelled, when nobody is killed any more."""
    db = await open_database(settings, place.urls)
    try:
        ports = make_ports(settings, db, place.data_dir)
        counter = _Counter(db, place, ports, org_id, chance=random.Random(0), work=work)
        for _ in range(CLOSING_ROUNDS):
            await counter.serve()
    finally:
        await db.close()


async def _opened(settings: Settings, place: Place) -> Database:
    while True:  # the first process of the crew is about to start PostgreSQL
        try:
            return await open_database(settings, place.urls)
        except Unavailable:
            await asyncio.sleep(ROUND_SECONDS)


class _Counter:
    """One operator, who knows nothing between two rounds."""

    def __init__(
        self,
        db: Database,
        place: Place,
        ports: Ports,
        org_id: OrgId,
        *,
        chance: random.Random,
        work: Work,
    ) -> None:
        self.work = work
        self._db, self._place, self._ports, self._chance = db, place, ports, chance
        self._operator, self._owner = system_actor(OPERATOR_ORG_ID), system_actor(org_id)

    async def serve(self) -> None:
        """Take the next step with some of what is not dispatched."""
        try:
            async with self._db.system() as reader:
                found = await reader.fetch(OPEN, PER_ROUND)
        except DomainError:
            self.work.lost += 1
            return
        for row in found:
            now, number, card = SystemClock().now(), row["number"], self._ports[RateCard]
            expected = GRAMS * row["returns"]
            if row["status"] == "approved" and row["is_weighed"]:
                step = reshipping.dispatch_reshipment(self._db, actor=self._operator, number=number, now=now)
                await self._take("dispatched", step)
            elif row["status"] == "approved":
                step = reshipping.weigh_and_label(
                    self._db, actor=self._operator, number=number, card=card, now=now,
                    weight_grams=round(expected * self._chance.uniform(0.8, 1.4)),
                    policy=self._ports[reshipping.Policy],
                )  # fmt: skip
                await self._take("weighed", step)
            elif row["estimated_fee_minor"] == 0:
                step = reshipping.quote_reshipment(
                    self._db, actor=self._operator, number=number, card=card, weight_grams=expected, now=now
                )
                await self._take("quoted", step)

    async def pay_in(self, key: str) -> None:
        """Top the wallet up, once for the key however often it takes."""
        for _ in range(TOP_UP_TRIES):
            paying = wallet.top_up(
                self._db, actor=self._owner, amount=Money(TOP_UP_MINOR), key=key, now=SystemClock().now()
            )
            if await self._take("paid in", paying):
                return
            await asyncio.sleep(ROUND_SECONDS)

    async def let_days_pass(self) -> None:
        """Have the job find something that expired."""
        try:
            owner = await asyncpg.connect(self._place.urls.owner)
            try:
                passed = await owner.execute(FIFTEEN_DAYS_LATER, EXPIRING_SHARE)
                await owner.execute(A_MINUTE_LATER)
            finally:
                await owner.close()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self.work.lost += 1
        else:
            self.work.done["made due"] += int(passed.split()[-1])

    async def _take(self, what: str, step: Awaitable[object]) -> bool:
        try:
            await step
        except DomainError as refused:
            if refused.kind is Kind.UNAVAILABLE:
                self.work.lost += 1
                return False
            self.work.refused += 1
            if refused.code not in EXPECTED:
                self.work.problems.append(f"{what}: {refused.text}")
            return False
        except asyncpg.PostgresError as failure:  # a deadlock, a broken constraint: never to be seen here
            self.work.problems.append(f"{what} failed: {failure!r}")
            return False
        self.work.done[what] += 1
        return True
