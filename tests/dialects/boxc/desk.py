"""Where an operator of a warehouse works, in tests: parcels that have come so far, and reshipments."""

import itertools

import msgspec

from backhaul.domain import reshipping, returns
from backhaul.domain.billing import wallet
from backhaul.domain.billing.rates import RateCard
from backhaul.domain.identity import OPERATOR_ORG_ID, system_actor
from backhaul.domain.returns import Status
from backhaul.kernel.errors import DomainError
from backhaul.kernel.money import Money
from tests.dialects.working import Worker
from tests.domain.returns.depot import picture
from tests.making import OFFICE

DALLAS = reshipping.Consignee(
    company_name="Big Company, LLC",
    name="John Doe",
    line_1="5200 Harry Hines Blvd",
    city="Dallas",
    state_code="TX",
    postal_code="75235",
    country_code="US",
)
TRACKING = itertools.count(9261299997140101431920)


class Desk:
    """Where an operator works; everything comes in at once and by hand."""

    def __init__(self, made, warehouse="WH0CVG01"):
        self.made, self.db, self.warehouse = made, made.db, warehouse
        self.operator = system_actor(OPERATOR_ORG_ID)
        self.ports = made.app.litestar.state.serving.ports
        self.policy = self.ports[returns.Policy]

    @property
    def now(self):
        return self.made.clock.now()

    async def open(self, code="WH0CVG01"):
        """The warehouse is there, whoever asks first."""
        try:
            await returns.add_warehouse(
                self.db,
                actor=self.operator,
                code=code,
                name="Cincinnati",
                address=OFFICE,
                entry_point="CVG001",
                now=self.now,
            )
        except DomainError:
            return self
        return self

    async def fund(self, caller="owner", minor=10_000_000):
        await wallet.set_credit_limit(
            self.db,
            actor=self.operator,
            org_id=self.made.actors[caller].org_id,
            limit=Money(minor),
            now=self.now,
        )

    async def received(self, caller="owner", *, tracking=None, rma=None, warehouse=None, serials=()):
        """A parcel whose owner is known, and nothing more."""
        tracking = tracking or str(next(TRACKING))
        got = await returns.receive_parcel(
            self.db,
            actor=self.operator,
            warehouse=warehouse or self.warehouse,
            tracking_number=tracking,
            now=self.now,
        )
        at = self._at(got.intake.number)
        owner = self.made.actors[caller].org_id
        await returns.identify_intake(self.db, owner_org_id=owner, rma_number=rma, **at)
        for serial_number in serials:
            await returns.scan_device(self.db, serial_number=serial_number, **at)
        return got.intake.number

    async def parcel(self, status=Status.PROCESSED, caller="owner", *, grams=791, **how):
        """A return that has come so far; its number."""
        number = await self.received(caller, **how)
        if status is Status.RECEIVED:
            return number
        at = self._at(number)
        await returns.process_return(self.db, weight_grams=grams, policy=self.policy, **at)
        mine = {**at, "actor": self.made.actors[caller]}
        if status in (Status.VERIFYING, Status.VERIFIED):
            await returns.request_verification(self.db, policy=self.policy, **mine)
        if status is Status.VERIFIED:
            await returns.verify_return(self.db, **at)
        if status is Status.DISCARDED:
            await returns.discard_return(self.db, **mine)
        return number

    async def reship(self, *numbers, caller="owner", fee_weight=None):
        """Returns that are to be sent on, with an estimate by weight where the operator enters it."""
        new = reshipping.NewReshipment(
            contents="Leggings", return_numbers=numbers, to=DALLAS, value_minor=2995
        )
        one = await reshipping.create_reshipment(
            self.db,
            actor=self.made.actors[caller],
            new=new,
            card=self.ports[RateCard],
            policy=self.ports[reshipping.Policy],
            now=self.now,
        )
        if fee_weight is not None:
            await self.quote(one.number, grams=fee_weight, minor=1420)
        return one.number

    async def quote(self, number, *, grams, minor):
        """The operator enters an estimate."""
        await reshipping.quote_reshipment(
            self.db,
            actor=self.operator,
            number=number,
            card=self.ports[RateCard],
            weight_grams=grams,
            fee_minor=minor,
            now=self.now,
        )

    async def answer(self, number, decision=reshipping.Decision.APPROVE, caller="owner"):
        await reshipping.answer_estimate(
            self.db,
            actor=self.made.actors[caller],
            number=number,
            decision=decision,
            policy=self.ports[reshipping.Policy],
            now=self.now,
        )

    async def dispatch(self, number, *, grams):
        """Weighed a little dearer than estimated, and sent: 14.37 instead of 14.20."""
        await reshipping.weigh_and_label(
            self.db,
            weight_grams=grams,
            card=self._card_with_one_price(1437),
            policy=self.ports[reshipping.Policy],
            **self._at(number),
        )
        await self.worker().settle()  # buys the label
        await reshipping.dispatch_reshipment(self.db, **self._at(number))

    async def pass_days(self, days):
        """Time goes by, and what falls due is done."""
        await self.worker().live(days * 86_400)

    def worker(self):
        app = self.made.app
        return Worker(self.db, clock=self.made.clock, settings=app.settings, data_dir=app.place.data_dir)

    def _card_with_one_price(self, minor):
        card = self.ports[RateCard]
        zones = {
            code: msgspec.structs.replace(zone, steps=((card.max_grams, minor),))
            for code, zone in card.zones.items()
        }
        return msgspec.structs.replace(card, packaging=0, zones=zones)

    async def photograph(self, number):
        await returns.add_photo(
            self.db, self.ports[returns.Files], content=picture(), policy=self.policy, **self._at(number)
        )

    async def write(self, number, body):
        await returns.add_operator_message(self.db, body=body, **self._at(number))

    def _at(self, number):
        return {"actor": self.operator, "number": number, "now": self.now}
