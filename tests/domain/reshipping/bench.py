"""A warehouse that ships on, as tests see it: every operation in a word."""

import contextlib

import msgspec
import pytest
from tests.domain.returns.depot import Depot

from backhaul.domain import reshipping
from backhaul.domain.billing import queries as billing
from backhaul.domain.billing import wallet
from backhaul.domain.billing.rates import RateCard, ZoneCode
from backhaul.domain.reshipping import Consignee, Decision, NewReshipment
from backhaul.domain.reshipping.model import ReshipmentId
from backhaul.domain.reshipping.tables import lock_by_id
from backhaul.domain.shipping.model import TrackingEvent, TrackResult
from backhaul.domain.shipping.operations import ingest
from backhaul.domain.shipping.queries import get_shipment
from backhaul.jobqueue import PERIODICS
from backhaul.kernel.errors import DomainError
from backhaul.storage.database import Scope
from backhaul.storage.history import of_subject

TABLES = (
    "reshipments",
    "returns",
    "shipments",
    "wallet_holds",
    "wallet_fees",
    "wallets",
    "ledger_entries",
    "outbox",
)
ADA = Consignee(
    company_name="Big Company, LLC",
    name="Ada Lovelace",
    email="ada@big.example",
    line_1="5200 Harry Hines Blvd",
    city="Dallas",
    state_code="TX",
    postal_code="75235",
    country_code="US",
)


class Bench(Depot):
    """An operator at a bench in a warehouse, and one customer of theirs."""

    def __init__(self, world):
        super().__init__(world)
        self.card = card(world.ports[RateCard])
        self.terms = world.ports[reshipping.Policy]

    # The customer's side

    def new(self, *numbers, to=None, **changes):
        values = {"contents": "Laptop", "return_numbers": numbers, "to": ADA, "value_minor": 2995}
        values["to"] = msgspec.structs.replace(ADA, **(to or {}))
        return NewReshipment(**{**values, **changes})

    async def create(self, *numbers, actor=None, **changes):
        return await reshipping.create_reshipment(
            self.db,
            actor=actor or self.customer,
            new=self.new(*numbers, **changes),
            card=self.card,
            policy=self.terms,
            now=self.now,
        )

    async def answer(self, number, decision, actor=None):
        return await reshipping.answer_estimate(
            self.db,
            actor=actor or self.customer,
            number=number,
            decision=decision,
            policy=self.terms,
            now=self.now,
        )

    async def approve(self, number, actor=None):
        return await self.answer(number, Decision.APPROVE, actor)

    async def decline(self, number, actor=None):
        return await self.answer(number, Decision.DECLINE, actor)

    async def delete(self, number, actor=None):
        return await reshipping.delete_reshipment(
            self.db, actor=actor or self.customer, number=number, now=self.now
        )

    async def get(self, number, actor=None):
        return await reshipping.get_reshipment(self.db, actor=actor or self.customer, number=number)

    async def listing(self, actor=None, **how):
        page = await reshipping.list_reshipments(self.db, actor=actor or self.customer, **how)
        return [one.number for one in page.items], page.next_after

    async def tolerate(self, percent):
        await reshipping.set_tolerance(self.db, actor=self.customer, percent=percent, now=self.now)

    # The warehouse's side

    async def quote(self, number, actor=None, **how):
        return await reshipping.quote_reshipment(
            self.db, actor=actor or self.operator, number=number, card=self.card, now=self.now, **how
        )

    async def weigh(self, number, grams=900, actor=None):
        return await reshipping.weigh_and_label(
            self.db,
            actor=actor or self.operator,
            number=number,
            weight_grams=grams,
            card=self.card,
            policy=self.terms,
            now=self.now,
        )

    async def dispatch(self, number, actor=None):
        return await reshipping.dispatch_reshipment(
            self.db, actor=actor or self.operator, number=number, now=self.now
        )

    async def expire(self):
        await PERIODICS["reshipping.expire_due"](self.world.run)

    # So far

    async def lying(self, count=1, **how):
        """The numbers of so many processed returns."""
        return [(await self.parcel(is_funded=False, **how)).number for _ in range(count)]

    async def reshipment(self, status="pending", **how):
        """A reshipment of one return that has come so far, and that the wallet can pay."""
        await self.fund(how.pop("funds", 100_000))
        laptop = how.pop("laptop", None)
        (number,) = await self.lying(laptop=laptop)
        one = await self.create(number, **how)
        if status == "declined":
            return await self.decline(one.number)
        if status in ("deleted", "expired"):
            return await self.end(one, status)
        if status != "pending":
            one = await self.approve(one.number)
        if status in ("weighed", "labelled", "dispatched"):
            one = await self.weigh(one.number)
        if status in ("labelled", "dispatched"):
            await self.world.settle()
        if status == "dispatched":
            one = await self.dispatch(one.number)
        return one

    async def end(self, one, status):
        if status == "deleted":
            return await self.delete(one.number)
        self.world.clock.advance(one.expires_at - self.now)
        await self.expire()
        return await self.whole(one)

    async def scan_onward(self, one, status, at=None):
        """The carrier reports something about a reshipment's parcel."""
        await self.ingest(one, await self.shipment_of(one), status, at or self.now)
        await self.world.relay()

    async def ingest(self, one, shipment, status, at):
        """A scan is written down, and nobody has heard of it yet."""
        event = TrackingEvent(status=status, at=at, carrier_status=status.value, text="Scanned")
        await ingest(
            self.db,
            scope=Scope(one.org_id),
            shipment_id=shipment.id,
            tracking_number=shipment.tracking_number,
            result=TrackResult(events=(event,)),
            now=self.now,
        )

    # What became of it

    async def whole(self, one):
        """The reshipment in whatever status."""
        async with self.db.transaction(Scope(one.org_id)) as tx:
            return await lock_by_id(tx, ReshipmentId(one.id))

    async def shipment_of(self, one):
        current = await self.whole(one)
        return await get_shipment(self.db, org_id=one.org_id, shipment_id=current.shipment_id)

    async def statuses(self, *numbers):
        return [(await self.any_detail(number)).one.status.value for number in numbers]

    async def funds(self, actor=None):
        """(available, held) in cents."""
        found = await wallet.get_balance(self.db, actor=actor or self.customer)
        return found.available_minor, found.held_minor

    async def fees_of(self, one):
        scope = Scope(one.org_id)
        async with self.db.read(scope) as reader:
            found = await wallet.list_fees_of(reader, scope, subject=("reshipment", one.id))
        return [(fee.kind.value, fee.amount_minor) for fee in found]

    async def done_to(self, one):
        """A reshipment's history in words."""
        scope = Scope(one.org_id)
        async with self.db.read(scope) as reader:
            entries = await of_subject(reader, scope, kind="reshipment", subject_id=one.id)
        return [(entry.action, entry.actor_kind) for entry in entries]

    async def told_of(self, one):
        """The outbox's names about a reshipment, without those of its money."""
        found = await self.world.events(one)
        return [name for name, _ in found if name.startswith("reshipping.")]

    async def audit(self):
        async with self.db.system() as reader:
            assert (await billing.audit(reader)).holds

    async def rows(self):
        """Everything these operations write, as text."""
        async with self.db.system() as reader:
            return {
                name: [
                    row["whole"]
                    for row in await reader.fetch(f"SELECT {name}::text AS whole FROM {name} ORDER BY 1")
                ]
                for name in TABLES
            }

    @contextlib.asynccontextmanager
    async def unchanged(self, code):
        """The block is refused with this code, and nothing is changed."""
        before = await self.rows()
        with pytest.raises(DomainError) as caught:
            yield caught
        assert caught.value.code == code
        assert await self.rows() == before


async def elsewhere(bench, count, *, funds):
    """The same warehouse, and another customer with so many processed returns in it."""
    other = await bench.neighbour()
    await other.fund(funds)
    return other, [(await other.unplanned()).number for _ in range(count)]


def card(base):
    """A rate card with round weights: 14.20 to a kilogram, 14.37 to 1.1, 15.62 to 1.2; packaging is 1.50 of it."""
    domestic = msgspec.structs.replace(
        base.zones[ZoneCode.DOMESTIC],
        steps=((1000, 1270), (1100, 1287), (1200, 1412), (2000, 1580), (30_000, 9000)),
    )
    return msgspec.structs.replace(base, zones={**base.zones, ZoneCode.DOMESTIC: domestic})
