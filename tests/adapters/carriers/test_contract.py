"""What every adapter behind the port `Carrier` keeps, whichever capabilities it declares."""

from datetime import UTC, date, datetime, timedelta

import pytest

from backhaul.adapters.carriers.manual import ManualCarrier
from backhaul.adapters.carriers.simulated import SimulatedCarrier
from backhaul.domain.shipping.errors import CapabilityMissing
from backhaul.domain.shipping.model import CarrierCode, LabelFormat, PickupRequest, TrackRequest
from backhaul.domain.shipping.ports import Carrier

from .parcels import HOME, OFFICE, parcel

NOON = datetime(2026, 4, 30, 12, tzinfo=UTC)  # a Thursday
PAGE = "http://127.0.0.1:8000/track/"
KEY = "019dd0a0-5d00-7abc-8def-0123456789ab"


@pytest.fixture(params=["simulated", "manual"])
def carrier(request) -> Carrier:
    made: dict[str, Carrier] = {
        "simulated": SimulatedCarrier(day_seconds=86_400, tracking_page=PAGE),
        "manual": ManualCarrier(tracking_page=PAGE),
    }
    return made[request.param]


@pytest.fixture(params=list(CarrierCode))
def code(request) -> CarrierCode:
    return request.param


async def offered_or_missing(offered, call):
    """Await the call if its capability is declared; otherwise it must be refused by that name."""
    if offered:
        return await call
    with pytest.raises(CapabilityMissing):
        await call
    return None


def seen(number="9400100000000000000000", ready_at=NOON):
    return TrackRequest(tracking_number=number, service="", reference="BH-1 box", ready_at=ready_at)


def collection(on):
    return PickupRequest(address=HOME, on=on, instructions=None, tracking_number="9400100000000000000000")


async def test_buying_twice_with_one_key_gives_the_same_answer_and_the_same_bytes(carrier, code):
    first = await carrier.buy(code, parcel(), idempotency_key=KEY, now=NOON)
    again = await carrier.buy(code, parcel(), idempotency_key=KEY, now=NOON + timedelta(days=3))
    assert again == first


async def test_another_key_is_another_parcel(carrier, code):
    first = await carrier.buy(code, parcel(), idempotency_key=KEY, now=NOON)
    other = await carrier.buy(code, parcel(), idempotency_key=KEY[:-1] + "c", now=NOON)
    assert other.tracking_number != first.tracking_number
    assert other.carrier_shipment_id != first.carrier_shipment_id


async def test_a_purchase_is_complete(carrier, code):
    bought = await carrier.buy(code, parcel(), idempotency_key=KEY, now=NOON)
    assert bought.tracking_number
    assert bought.carrier_shipment_id
    assert bought.service
    assert bought.tracking_url is not None
    assert bought.tracking_number in bought.tracking_url
    assert bought.cost.amount_minor >= 0
    labels = {label.format: label.content for label in bought.labels}
    assert set(labels) == {LabelFormat.PDF, LabelFormat.ZPL}
    assert labels[LabelFormat.PDF].startswith(b"%PDF-")
    assert labels[LabelFormat.ZPL].startswith(b"^XA")


async def test_voiding_may_be_repeated(carrier, code):
    bought = await carrier.buy(code, parcel(), idempotency_key=KEY, now=NOON)
    for _ in range(2):
        call = carrier.void(code, bought.carrier_shipment_id, idempotency_key=f"{KEY}:void", now=NOON)
        await offered_or_missing(carrier.capabilities.voids, call)


async def test_addresses_are_checked_or_the_check_is_refused(carrier, code):
    offered = carrier.capabilities.validates_addresses
    verdict = await offered_or_missing(offered, carrier.validate_address(code, OFFICE))
    assert verdict is None or verdict.problems == ()


async def test_rates_are_quoted_or_refused(carrier, code):
    offered = carrier.capabilities.quotes_rates
    rates = await offered_or_missing(offered, carrier.rates(code, parcel()))
    for rate in rates or []:
        assert rate.carrier is code
        assert rate.cost.amount_minor > 0
        assert rate.days > 0


async def test_any_outside_number_can_be_tracked_or_tracking_is_refused(carrier, code):
    for number in ("1", "RR123456785DE", "9999 9999", "не номер"):
        offered = carrier.capabilities.tracks
        result = await offered_or_missing(offered, carrier.track(code, seen(number), now=NOON))
        for event in result.events if result else ():
            assert event.at <= NOON


async def test_a_pickup_may_be_booked_and_cancelled_twice_or_is_refused(carrier, code):
    offered = carrier.capabilities.schedules_pickups
    friday = collection(date(2026, 5, 1))
    bookings = [
        await offered_or_missing(
            offered,
            carrier.schedule_pickup(code, friday, idempotency_key=KEY, now=NOON + timedelta(hours=hours)),
        )
        for hours in (0, 5)
    ]
    assert bookings[0] == bookings[1]
    confirmation = bookings[0].confirmation if bookings[0] else "none"
    for _ in range(2):
        call = carrier.cancel_pickup(code, confirmation, idempotency_key=f"{KEY}:cancel", now=NOON)
        await offered_or_missing(offered, call)
