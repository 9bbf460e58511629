"""Where somebody is: the clock of a state, else of its country, else UTC."""

from zoneinfo import ZoneInfo

import pytest

from backhaul.domain.ladders import ANYWHERE, place_of
from backhaul.domain.ladders.places import _MOST_PEOPLE, _STATES, _first_zones
from backhaul.kernel.countries import is_country


@pytest.mark.parametrize(
    ("country", "state", "zone"),
    [
        ("US", "PA", "America/New_York"),
        ("US", "CA", "America/Los_Angeles"),
        ("US", "California", "America/Los_Angeles"),
        ("us", " tx ", "America/Chicago"),
        ("US", "PR", "America/Puerto_Rico"),
        ("US", "Atlantis", "America/New_York"),
        ("US", None, "America/New_York"),
        ("CA", None, "America/Toronto"),
        ("CA", "BC", "America/Vancouver"),
        ("AU", "WA", "Australia/Perth"),
        ("AU", "NSW", "Australia/Sydney"),
        ("BR", "AM", "America/Manaus"),
        ("MX", "B.C.", "America/Tijuana"),
        ("MX", "Jal.", "America/Mexico_City"),
        ("RU", "Новосибирская область", "Asia/Novosibirsk"),
        ("RU", "Москва", "Europe/Moscow"),
        ("DE", None, "Europe/Berlin"),
        ("GB", "London", "Europe/London"),
        ("JP", None, "Asia/Tokyo"),
        ("XX", None, "UTC"),
    ],
)
def test_an_address_has_a_clock(country, state, zone):
    assert place_of(country, state).zone_name == zone


def test_weekends_differ():
    assert place_of("SA").weekend == {4, 5}
    assert place_of("DE").weekend == {5, 6}
    assert place_of("XX") == ANYWHERE


def test_every_zone_named_here_exists_and_every_country_has_one():
    named = {zone for states in _STATES.values() for zone in states.values()} | set(_MOST_PEOPLE.values())
    assert {ZoneInfo(zone).key for zone in named} == named
    assert all(place_of(country).zone_name != "UTC" for country in _first_zones() if is_country(country))
