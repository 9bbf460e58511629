"""A warehouse of an installation, and returns in it that have come so far."""

import itertools
from datetime import timedelta

import msgspec

from backhaul.domain import reshipping, returns
from backhaul.domain.billing import wallet
from backhaul.domain.billing.invoices import list_invoices, make_invoices
from backhaul.domain.billing.rates import RateCard
from backhaul.domain.holds import NewSubject, SubjectKind, place_hold
from backhaul.domain.identity import OPERATOR_ORG_ID, system_actor
from backhaul.domain.inventory.model import NewAsset
from backhaul.domain.inventory.operations import add_asset
from backhaul.domain.returns import Status
from backhaul.kernel.errors import DomainError
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money
from backhaul.storage.database import Scope
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
_tracking = itertools.count(9261299997140101431920)


async def furnish(made):
    """What the recorded cases are about, by the names they use."""
    desk = await Desk(made).open()
    await desk.fund()
    invoice = await bill(made)
    made.ids |= {"invoice": invoice.number, "invoice_name": invoice.name}
    made.ids |= await _returns(made, desk)
    made.ids |= await _reshipments(made, desk)
    made.ids |= await _webhooks(made, desk)


async def bill(made):
    """One fee of last week, and the bill for it."""
    owner, now = made.actors["owner"], made.clock.now()
    async with made.db.transaction(Scope(owner.org_id)) as tx:
        await wallet.charge_fee(
            tx,
            kind=wallet.FeeKind.PROCESS,
            amount=Money(100),
            subject=("return", new_id()),
            once_key="last week's",
            at=now - timedelta(weeks=1),
        )
    assert await make_invoices(made.db, now=now)
    (invoice,) = await list_invoices(made.db, actor=owner)
    return invoice


async def _returns(made, desk):
    owner = made.actors["owner"]
    new = NewAsset(
        product_type="Laptop",
        product_name="Demo Laptop",
        manufacturer="Lenovo",
        serial_number="EVIDENCE",
        status_name="Available",
    )
    await add_asset(made.db, actor=owner, new=new, now=desk.now)
    tracking = {name: str(next(_tracking)) for name in ("shown", "unprocessed", "discarded")}
    shown = await desk.parcel(tracking=tracking["shown"], rma="RMA-7")
    await desk.write(shown, "One screw is missing.")
    await returns.add_message(made.db, actor=owner, number=shown, body="Is everything there?", now=desk.now)
    await desk.photograph(shown)
    held = await desk.parcel(serials=["EVIDENCE"])
    subject = NewSubject(kind=SubjectKind.ASSET, name="EVIDENCE")
    texts = {"summary": "Smith v. Maas", "description": "Keep everything."}
    await place_hold(made.db, actor=owner, subjects=[subject], now=desk.now, **texts)
    detail = await returns.get_return(made.db, actor=owner, number=shown)
    key = returns.photo_key(detail.one.org_id, detail.one.id, detail.photos[0].id)
    elsewhere = await made.call_by_client("stranger", "GET", "/v1/returns?limit=1")
    assert elsewhere.json() == {"returns": [], "next_page": None}
    poor = [await desk.parcel(caller="stranger") for _ in range(2)]
    elsewhere = await made.call_by_client("stranger", "GET", "/v1/returns?limit=1")
    return {
        "shown": shown,
        "shown_tracking": tracking["shown"],
        "file_link": await desk.ports[returns.Files].url(key, media_type="image/jpeg", now=desk.now),
        "unprocessed": await desk.parcel(Status.RECEIVED, tracking=tracking["unprocessed"]),
        "unprocessed_tracking": tracking["unprocessed"],
        "to_verify": await desk.parcel(),
        "to_write": await desk.parcel(),
        "to_write_long": await desk.parcel(),
        "to_discard": await desk.parcel(tracking=tracking["discarded"]),
        "discarded_tracking": tracking["discarded"],
        "verifying": await desk.parcel(Status.VERIFYING),
        "held": held,
        "poor": poor[0],
        "foreign_token": elsewhere.json()["next_page"],
    }


async def _reshipments(made, desk):
    await desk.open("WH0LAX01")
    elsewhere = await desk.parcel(warehouse="WH0LAX01")
    trio = [await desk.parcel() for _ in range(3)]
    reshipped = [await desk.parcel() for _ in range(3)]
    sent = await desk.reship(*reshipped, fee_weight=895)
    await desk.answer(sent)
    await desk.dispatch(sent, grams=895)
    quoted = [await desk.reship(*[await desk.parcel() for _ in range(3)], fee_weight=895) for _ in range(2)]
    taken = await desk.parcel()
    single = await desk.reship(taken)
    approved = await desk.reship(await desk.parcel())
    await desk.answer(approved)
    numbers = {f"trio_{n}": number for n, number in enumerate(trio, 1)}
    numbers |= {f"reshipped_{n}": number for n, number in enumerate(reshipped, 1)}
    for name, number in (("quoted", quoted[0]), ("quoted_too", quoted[1])):
        one = await reshipping.get_reshipment(made.db, actor=made.actors["owner"], number=number)
        numbers |= {f"{name}_{n}": inside for n, inside in enumerate(one.return_numbers, 1)}
    return {
        **numbers,
        "elsewhere": elsewhere,
        "sent": sent,
        "quoted": quoted[0],
        "quoted_too": quoted[1],
        "taken": taken,
        "single": single,
        "approved": approved,
        "unquoted": await desk.reship(await desk.parcel(), await desk.parcel()),
        "to_reship": await desk.parcel(),
        "poor_reshipment": await desk.reship(await desk.parcel(caller="stranger"), caller="stranger"),
    }


async def _webhooks(made, desk):
    async def subscribe(address, topic="returns_status"):
        answer = await made.call_by_client(
            "owner",
            "POST",
            "/v1/webhooks",
            json={"webhook": {"address": address, "topic": topic, "key": "0123456789abcdef"}},
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["webhook"]["id"]

    return {
        "webhook": await subscribe("https://shop.example/news"),
        "webhook_to_change": await subscribe("https://shop.example/old"),
        "webhook_to_remove": await subscribe("https://shop.example/gone"),
        "webhook_to_test": await subscribe("https://shop.example/test"),
    }


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
            actor=system_actor(self.made.actors[caller].org_id),
            limit=Money(minor),
            now=self.now,
        )

    async def received(self, caller="owner", *, tracking=None, rma=None, warehouse=None, serials=()):
        """A parcel whose owner is known, and nothing more."""
        tracking = tracking or str(next(_tracking))
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
            await reshipping.quote_reshipment(
                self.db,
                actor=self.operator,
                number=one.number,
                card=self.ports[RateCard],
                weight_grams=fee_weight,
                fee_minor=1420,
                now=self.now,
            )
        return one.number

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
        app = self.made.app
        worker = Worker(self.db, clock=self.made.clock, settings=app.settings, data_dir=app.place.data_dir)
        await worker.settle()  # buys the label
        await reshipping.dispatch_reshipment(self.db, **self._at(number))

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
