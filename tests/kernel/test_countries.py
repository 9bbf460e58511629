import msgspec
import pytest

from backhaul.kernel.addresses import Address
from backhaul.kernel.countries import is_country, missing_parts

BARE = Address(line_1="1 Main Street", city="Somewhere", country_code="US")


@pytest.mark.parametrize("code", ["US", "DE", "GB", "AQ", "ZW"])
def test_countries_are_known_by_their_two_letters(code):
    assert is_country(code)


@pytest.mark.parametrize("code", ["us", "USA", "UK", "XX", "", "U", "840", "ＵＳ"])
def test_nothing_else_is_a_country(code):
    assert not is_country(code)


@pytest.mark.parametrize(
    ("country", "missing"),
    [
        ("US", ["state_code", "postal_code"]),
        ("CA", ["state_code", "postal_code"]),
        ("DE", ["postal_code"]),
        ("IE", []),
        ("HK", ["state_code"]),
        ("AQ", []),
        ("XX", []),
    ],
)
def test_each_country_says_what_its_addresses_need(country, missing):
    assert missing_parts(msgspec.structs.replace(BARE, country_code=country)) == missing


def test_what_is_given_is_not_missing():
    assert missing_parts(msgspec.structs.replace(BARE, state_code="AZ")) == ["postal_code"]
    assert missing_parts(msgspec.structs.replace(BARE, state_code="", postal_code="85139")) == ["state_code"]
    assert missing_parts(msgspec.structs.replace(BARE, state_code="AZ", postal_code="85139")) == []
