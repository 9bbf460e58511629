from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.adapters.carriers.simulated import SimulatedCarrier
from backhaul.adapters.carriers.simulated.journey import STEPS
from backhaul.adapters.carriers.simulated.scans import MEANING, WORDS, Scan
from backhaul.adapters.carriers.simulated.words import Fate
from backhaul.domain.shipping.model import CarrierCode, Fault, Tracking, TrackRequest

NOON = datetime(2026, 4, 30, 12, tzinfo=UTC)
LONG_AFTER = NOON + timedelta(days=30)
DAY = 86_400


def simulated(day_seconds=DAY):
    return SimulatedCarrier(day_seconds=day_seconds, tracking_page="http://127.0.0.1:8000/track/")


def request(*, fate="", number="9400100000000000000000", service="GROUND_ADVANTAGE", ready_at=NOON):
    reference = f"BH-1a2b3c4d box T-1 {fate}"
    return TrackRequest(tracking_number=number, service=service, reference=reference, ready_at=ready_at)


async def told(fate, *, code=CarrierCode.USPS, now=LONG_AFTER):
    return (await simulated().track(code, request(fate=fate), now=now)).events


MOMENTS = st.timedeltas(min_value=timedelta(days=-1), max_value=timedelta(days=10))


@given(
    code=st.sampled_from(CarrierCode),
    fate=st.sampled_from(Fate),
    number=st.text(min_size=1, max_size=25),
    day_seconds=st.floats(min_value=0.5, max_value=200_000),
    moments=st.tuples(MOMENTS, MOMENTS),
)
async def test_a_later_answer_repeats_the_earlier_one_and_may_add_to_it(
    code, fate, number, day_seconds, moments
):
    carrier = simulated(day_seconds)
    earlier, later = (NOON + moment * (day_seconds / DAY) for moment in sorted(moments))
    asked = request(fate=f"sim-{fate.value}", number=number)
    first = await carrier.track(code, asked, now=earlier)
    second = await carrier.track(code, asked, now=later)
    assert second.events[: len(first.events)] == first.events
    assert all(event.at <= earlier for event in first.events)
    assert all(a.at < b.at for a, b in zip(second.events, second.events[1:], strict=False))
    if first.next_look_at is not None:
        assert first.next_look_at > earlier
        then = await carrier.track(code, asked, now=first.next_look_at)
        assert len(then.events) > len(first.events)
    else:
        assert second == first


@given(
    number=st.text(min_size=1, max_size=25),
    service=st.sampled_from(["GROUND_ADVANTAGE", "PRIORITY_EXPRESS", "?"]),
)
async def test_a_parcel_travels_for_one_to_four_days_and_faster_in_a_hurry(number, service):
    events = (
        await simulated().track(CarrierCode.USPS, request(number=number, service=service), now=LONG_AFTER)
    ).events
    days = (events[-1].at - NOON).total_seconds() / DAY
    assert events[-1].status is Tracking.DELIVERED
    assert 1.3 < days < 2.3 if service == "PRIORITY_EXPRESS" else 2.0 < days < 3.5


async def test_nothing_is_known_before_the_parcel_can_be_handed_over():
    result = await simulated().track(CarrierCode.UPS, request(ready_at=None), now=LONG_AFTER)
    assert (result.events, result.next_look_at) == ((), None)


async def test_two_legs_with_days_of_two_seconds_take_less_than_twenty_seconds():
    carrier = simulated(day_seconds=2)
    for code in CarrierCode:
        for number in range(50):
            result = await carrier.track(code, request(number=str(number)), now=NOON + timedelta(seconds=10))
            assert result.events[-1].status is Tracking.DELIVERED


@pytest.mark.parametrize(
    ("fate", "status", "fault"),
    [
        ("", Tracking.DELIVERED, None),
        ("sim-lost", Tracking.FAILURE, Fault.LOST),
        ("sim-damaged", Tracking.FAILURE, Fault.DAMAGED),
        ("sim-refused", Tracking.RETURN_TO_SENDER, Fault.REFUSED),
        ("sim-bad-address", Tracking.RETURN_TO_SENDER, Fault.BAD_ADDRESS),
        ("sim-kept", Tracking.PRE_TRANSIT, None),
        ("sim-exception", Tracking.DELIVERED, None),
        ("sim-pickup", Tracking.DELIVERED, None),
        ("sim-delayed", Tracking.DELIVERED, None),
        ("sim-device-lost", Tracking.DELIVERED, None),
        ("Sim:Box:Lost", Tracking.FAILURE, Fault.LOST),
    ],
)
@pytest.mark.parametrize("code", CarrierCode)
async def test_reserved_words_choose_how_the_journey_ends(code, fate, status, fault):
    events = await told(fate, code=code)
    assert events[-1].status is status
    assert next((event.fault for event in events if event.fault), None) is fault
    assert all(event.carrier_status and event.text for event in events)


async def test_a_parcel_kept_for_collection_waits_at_the_counter_first():
    assert [event.status for event in await told("sim-pickup")][-2:] == [
        Tracking.AVAILABLE_FOR_PICKUP,
        Tracking.DELIVERED,
    ]


async def test_an_exception_costs_a_second_attempt():
    statuses = [event.status for event in await told("sim-exception")]
    assert statuses.count(Tracking.OUT_FOR_DELIVERY) == 2


async def test_a_delayed_parcel_arrives_later_than_it_would_have():
    assert (await told("sim-delayed"))[-1].at > (await told(""))[-1].at + timedelta(days=1)


def test_every_step_has_a_meaning_and_words_of_every_carrier():
    assert set(MEANING) == set(Scan)
    assert set(STEPS) == set(Fate)
    assert {code: set(words) for code, words in WORDS.items()} == {code: set(Scan) for code in CarrierCode}
