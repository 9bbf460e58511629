from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.adapters.carriers.simulated import SimulatedCarrier
from backhaul.domain.shipping.errors import CarrierRefused, CarrierUnavailable
from backhaul.domain.shipping.model import CarrierCode, PickupRequest
from backhaul.kernel.addresses import Address

from .parcels import BERLIN, HOME, OFFICE, parcel

NOON = datetime(2026, 4, 30, 12, tzinfo=UTC)
UPS = CarrierCode.UPS


def simulated():
    return SimulatedCarrier(day_seconds=2, tracking_page="http://127.0.0.1:8000/track/")


async def problems(address):
    return (await simulated().validate_address(UPS, address)).problems


async def test_no_label_is_refused_for_good():
    for _ in range(2):
        with pytest.raises(CarrierRefused):
            await simulated().buy(
                UPS, parcel(reference="BH-1 box sim-no-label"), idempotency_key="a", now=NOON
            )


async def test_an_unavailable_carrier_answers_the_second_time():
    carrier = simulated()
    asked = parcel(reference="BH-1 box sim-unavailable")
    with pytest.raises(CarrierUnavailable):
        await carrier.buy(UPS, asked, idempotency_key="a", now=NOON)
    bought = await carrier.buy(UPS, asked, idempotency_key="a", now=NOON)
    with pytest.raises(CarrierUnavailable):
        await carrier.buy(UPS, asked, idempotency_key="b", now=NOON)
    assert bought.tracking_number.startswith("1ZSIM")


async def test_two_processes_give_the_same_label():
    first, second = [await simulated().buy(UPS, parcel(), idempotency_key="a", now=NOON) for _ in range(2)]
    assert first == second


async def test_a_shipment_bought_elsewhere_cannot_be_voided_here():
    with pytest.raises(CarrierRefused):
        await simulated().void(UPS, "shp_1", idempotency_key="a", now=NOON)


@pytest.mark.parametrize("on", [date(2026, 4, 29), date(2026, 5, 2), date(2026, 5, 3)])
async def test_pickups_in_the_past_or_at_a_weekend_are_refused(on):
    asked = PickupRequest(address=HOME, on=on, instructions=None, tracking_number="x")
    with pytest.raises(CarrierRefused):
        await simulated().schedule_pickup(UPS, asked, idempotency_key="a", now=NOON)


async def test_a_pickup_today_is_possible_wherever_it_still_is_today():
    just_after_midnight = datetime(2026, 5, 1, 2, tzinfo=UTC)  # still Thursday evening in California
    asked = PickupRequest(address=HOME, on=date(2026, 4, 30), instructions=None, tracking_number="x")
    assert await simulated().schedule_pickup(UPS, asked, idempotency_key="a", now=just_after_midnight)


async def test_good_addresses_have_no_problems():
    for address in (OFFICE, HOME, BERLIN):
        assert await problems(address) == ()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"line_1": " "}, "the street and house number is missing"),
        ({"postal_code": "9410"}, "there is no postal code '9410' in US"),
        ({"postal_code": "10001"}, "there is no postal code '10001' in US"),
        ({"postal_code": None}, "the postal code is missing"),
        ({"state_code": "XX"}, "there is no state or province 'XX' in US"),
        ({"country_code": "ZZ"}, "there is no country 'ZZ'"),
        ({"name": None, "attention": None}, "the recipient's name is missing"),
        ({"name": "王小明"}, "the label cannot print: 王小明"),
    ],
)
async def test_a_bad_address_is_described_in_words(change, problem):
    assert await problems(msgspec.structs.replace(OFFICE, **change)) == (problem,)


TEXT = st.text(max_size=20)


@given(
    st.builds(
        Address,
        name=st.none() | TEXT,
        line_1=TEXT,
        city=TEXT,
        state_code=st.none() | TEXT,
        postal_code=st.none() | TEXT,
        country_code=TEXT | st.sampled_from(["US", "DE", "JP", "CN", "GB", "BR", "IE", "../../x", ""]),
    )
)
async def test_checking_an_address_never_fails(address):
    assert isinstance(await problems(address), tuple)


def test_a_day_must_take_time():
    with pytest.raises(ValueError, match="longer than no time"):
        SimulatedCarrier(day_seconds=0, tracking_page="http://127.0.0.1/")
