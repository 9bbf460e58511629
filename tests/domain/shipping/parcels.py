"""Parcels that belong to nothing in particular, and carriers that misbehave."""

from datetime import timedelta

from tests.making import HOME, OFFICE

from backhaul.domain.shipping.model import (
    CarrierCode,
    LabelFile,
    LabelFormat,
    Leg,
    Parcel,
    Purchase,
    TrackingEvent,
    TrackResult,
)
from backhaul.domain.shipping.operations import NewShipment, attach_label, ingest, open_shipments
from backhaul.domain.shipping.ports import Capabilities, Carriers
from backhaul.kernel.ids import new_id
from backhaul.kernel.measures import Dimensions
from backhaul.kernel.money import Money
from backhaul.storage import history

PARCEL = Parcel(
    origin=HOME, destination=OFFICE, size=Dimensions(400, 300, 100, 4500), reference="BH-1 device"
)
EVERYTHING = Capabilities(
    validates_addresses=True,
    quotes_rates=True,
    buys_labels=True,
    voids=True,
    tracks=True,
    schedules_pickups=True,
)


# ruff: noqa: ARG002 -- the port names arguments that this carrier has no use for


class ScriptedCarrier:
    """A carrier that answers what a test wrote down, and remembers what it was asked."""

    name = "scripted"

    def __init__(self, *, capabilities=EVERYTHING):
        self.capabilities = capabilities
        self.tracked, self.bought, self.voided = [], [], []
        self.answers = {}  # tracking number → result or error
        self.quotes = {}  # carrier → rates or error

    async def track(self, carrier, request, *, now):
        self.tracked.append(request.tracking_number)
        answer = self.answers.get(request.tracking_number, TrackResult(events=()))
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def rates(self, carrier, parcel):
        answer = self.quotes.get(carrier, [])
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def buy(self, carrier, parcel, *, idempotency_key, now):
        self.bought.append((carrier, idempotency_key, now))
        return purchase(idempotency_key)

    async def void(self, carrier, carrier_shipment_id, *, idempotency_key, now):
        self.voided.append((carrier_shipment_id, idempotency_key))


def purchase(number):
    return Purchase(
        carrier_shipment_id=f"id-{number}",
        tracking_number=number,
        tracking_url=None,
        service="GROUND",
        cost=Money(900),
        labels=(LabelFile(format=LabelFormat.PDF, content=b"%PDF-"),),
    )


def served_by(adapter, *, codes=tuple(CarrierCode)):
    return Carriers({adapter.name: adapter}, dict.fromkeys(codes, adapter.name))


async def open_parcel(world, *, ready_at=None, carrier=CarrierCode.UPS, leg=Leg.DEVICE, parcel=PARCEL):
    """A shipment without a label."""
    new = NewShipment(leg=leg, parcel=parcel, carrier=carrier, ready_at=ready_at)
    async with world.db.transaction(world.scope) as tx:
        opened = await open_shipments(
            tx, author=history.SYSTEM, subject=("errand", new_id()), parcels=[new], at=world.now
        )
    return opened[leg]


async def labelled(world, number, **options):
    """A shipment with a label of the scripted carrier, watched from now on."""
    shipment = await open_parcel(world, ready_at=world.now, **options)
    await attach_label(
        world.db,
        org_id=world.scope.org_id,
        shipment_id=shipment.id,
        adapter="scripted",
        carrier=CarrierCode.UPS,
        purchase=purchase(number),
        now=world.now,
    )
    return await reload(world, shipment)


async def reload(world, shipment):
    from backhaul.domain.shipping.queries import get_shipment

    return await get_shipment(world.db, org_id=world.scope.org_id, shipment_id=shipment.id)


def scan(status, at, **changes):
    """A scan whose raw words say what it means, as every carrier's do."""
    fault = changes.pop("fault", None)
    text = f"{status.value} {fault or ''}"
    return TrackingEvent(status=status, at=at, carrier_status=status.value, text=text, fault=fault, **changes)


def hours(n):
    return timedelta(hours=n)


async def take(world, shipment, *scans, hint=None):
    return await ingest(
        world.db,
        scope=world.scope,
        shipment_id=shipment.id,
        tracking_number=shipment.tracking_number,
        result=TrackResult(events=scans, next_look_at=hint),
        now=world.now,
    )
