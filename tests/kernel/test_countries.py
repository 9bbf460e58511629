import msgspec
import pytest

from backhaul.kernel.addresses import Address
from backhaul.kernel.countries import is_country, misfitting_parts, missing_parts

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


@pytest.mark.parametrize(
    ("country", "state", "postal_code", "misfitting"),
    [
        ("US", "TX", "75235", []),
        ("US", "texas", "75235-1234", []),
        ("US", "D.C.", "20001", []),
        ("US", "XX", "ABC", ["state_code", "postal_code"]),
        ("US", None, "7523", ["postal_code"]),
        ("CA", "Québec", "h2x1y4", []),
        ("CA", "TX", "H2X 1Y4", ["state_code"]),
        ("AU", "nsw", "2000", []),
        ("CN", "Guangdong", "518000", []),
        ("IT", "Milan", "20121", []),
        ("GB", "England", "sw1a 1aa", []),
        ("DE", "Bavaria", "8033", ["postal_code"]),
        ("LU", None, "L-1009", []),
        ("LV", None, "1050", []),
        ("PL", None, "00950", []),
        ("HK", "Kowloon", "999077", []),
        ("US", None, None, []),
        ("XX", "Nowhere", "1", []),
    ],
)
def test_parts_that_no_address_of_a_country_has(country, state, postal_code, misfitting):
    one = msgspec.structs.replace(BARE, country_code=country, state_code=state, postal_code=postal_code)
    assert misfitting_parts(one) == misfitting
