from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.adapters.carriers.simulated.services import choose, quotes, rate_card
from backhaul.adapters.carriers.simulated.zones import zone_of
from backhaul.domain.shipping.errors import CarrierRefused
from backhaul.domain.shipping.model import CarrierCode
from backhaul.kernel.addresses import Address
from backhaul.kernel.money import Money

from .parcels import BERLIN, HOME, OFFICE, parcel, weighing


def at(country_code, postal_code=None, state_code=None):
    return Address(
        line_1="1 Way", city="Town", state_code=state_code, postal_code=postal_code, country_code=country_code
    )


def test_the_rate_card_has_a_price_for_every_break_and_more_weight_never_costs_less():
    for service in rate_card().service:
        assert list(service.breaks_grams) == sorted(set(service.breaks_grams))
        for price in service.prices.values():
            assert len(price.minor) == len(service.breaks_grams)
            assert all(a < b for a, b in pairwise(price.minor))


def test_every_carrier_has_a_domestic_and_a_rush_service():
    for code in CarrierCode:
        assert quotes(code, parcel())
        assert all(service.is_rush for service, _ in quotes(code, parcel(is_rush=True)))


@pytest.mark.parametrize(
    ("origin", "destination", "zone"),
    [
        (OFFICE, at("US", "94110"), "local"),
        (OFFICE, at("US", "97201"), "near"),
        (HOME, at("US", "43004"), "near"),
        (HOME, at("US", "80202"), "middle"),
        (OFFICE, HOME, "far"),
        (OFFICE, at("US", "96813"), "remote"),
        (OFFICE, at("US", "00901", "PR"), "remote"),
        (OFFICE, at("US", None, "TX"), "middle"),
        (at("DE", "10119"), at("DE", "10967"), "local"),
        (at("DE", "10119"), at("DE", "80331"), "middle"),
        (OFFICE, at("CA", "V5K 0A1"), "neighbour"),
        (at("DE"), at("FR"), "region"),
        (OFFICE, at("BR"), "region"),
        (OFFICE, BERLIN, "world"),
        (at("de"), at("fr"), "region"),
    ],
)
def test_zones(origin, destination, zone):
    assert zone_of(rate_card(), origin, destination) == zone
    assert zone_of(rate_card(), destination, origin) == zone


def test_without_a_wish_the_cheapest_service_is_bought():
    service, rate = choose(CarrierCode.UPS, parcel())
    assert (service.code, rate.cost, rate.days) == ("GROUND", Money(1760), 5)


def test_in_a_hurry_the_fastest_service_is_bought():
    service, rate = choose(CarrierCode.UPS, parcel(is_rush=True))
    assert (service.code, rate.cost, rate.days) == ("NEXT_DAY_AIR", Money(8620), 1)


def test_the_service_asked_for_is_bought():
    assert choose(CarrierCode.USPS, parcel(service="PRIORITY"))[0].code == "PRIORITY"


@pytest.mark.parametrize(
    ("code", "change"),
    [
        (CarrierCode.USPS, {"service": "NEXT_DAY_AIR"}),
        (CarrierCode.USPS, {"origin": BERLIN}),
        (CarrierCode.SENDLE, {"size": weighing(9001)}),
        (CarrierCode.FEDEX, {"size": weighing(68_001)}),
        (CarrierCode.DHL_EXPRESS, {"insured": Money(5_000_001)}),
        (CarrierCode.DHL_EXPRESS, {"insured": Money(100, "EUR")}),
    ],
)
def test_what_is_not_served_is_refused(code, change):
    with pytest.raises(CarrierRefused) as refusal:
        choose(code, parcel(**change))
    assert refusal.value.data["carrier"] == code.value
    assert refusal.value.data["reason"]


@pytest.mark.parametrize(("insured", "fee"), [(0, 0), (10_000, 0), (10_001, 115), (100_000, 9 * 115)])
def test_insurance_costs_a_fee_for_every_hundred_dollars_begun(insured, fee):
    plain = choose(CarrierCode.USPS, parcel())[1].cost.amount_minor
    assert choose(CarrierCode.USPS, parcel(insured=Money(insured)))[1].cost == Money(plain + fee)


@given(st.sampled_from(CarrierCode), st.integers(1, 70_000), st.integers(1, 70_000))
def test_a_heavier_parcel_is_never_cheaper(code, one, other):
    light, heavy = sorted((one, other))
    heavy_offers = {rate.service: rate.cost for _, rate in quotes(code, parcel(size=weighing(heavy)))}
    light_offers = {rate.service: rate.cost for _, rate in quotes(code, parcel(size=weighing(light)))}
    assert all(light_offers[service] <= cost for service, cost in heavy_offers.items())


def test_a_laptop_travels_cheapest_with_usps_within_the_united_states():
    # So that a carrier nobody asked for is the one the reference example shows.
    for destination in (HOME, at("US", "94110"), at("US", "97201"), at("US", "80202"), at("US", "10001")):
        sent = msgspec.structs.replace(parcel(), destination=destination)
        cheapest = min(CarrierCode, key=lambda code: quotes(code, sent)[0][1].cost)
        assert cheapest is CarrierCode.USPS
