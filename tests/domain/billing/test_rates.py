"""What the warehouse's work costs: by zone and weight, in lines that add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.domain.billing import rates
from backhaul.domain.billing.errors import NoRate, RateCardInvalid
from backhaul.domain.billing.rates import ZoneCode, quote_reship
from backhaul.domain.billing.wallet.model import FeeKind
from backhaul.kernel.money import Money

CARD = rates.load()
TEXT = rates.PACKAGED_CARD.read_text(encoding="utf-8")


def quote(to="US", grams=895, parcels=1, origin="US"):
    return quote_reship(CARD, origin_country=origin, to_country=to, weight_grams=grams, parcels=parcels)


def test_the_contracts_example_costs_what_it_says():
    found = quote()
    assert [(line.code, line.text, line.amount_minor) for line in found.lines] == [
        ("reship.label", "Label domestic, 895 g", 1270),
        ("reship.packaging", "Packaging", 150),
    ]
    assert found.total == Money(1420)


def test_every_parcel_is_packed():
    packaging = quote(parcels=3).lines[1]
    assert (packaging.text, packaging.amount_minor) == ("Packaging × 3", 450)


@pytest.mark.parametrize(
    ("grams", "amount"),
    [
        (1, 620), (250, 620), (251, 890), (500, 890), (501, 1270), (1000, 1270), (1001, 1580), (10_000, 3460),
        (10_001, 3720), (11_000, 3720), (11_001, 3980), (30_000, 8660),
    ],
)  # fmt: skip
def test_a_label_costs_what_its_step_says_and_by_the_started_kilogram_beyond(grams, amount):
    assert quote(grams=grams).lines[0].amount_minor == amount


@pytest.mark.parametrize(
    ("origin", "to", "zone"),
    [
        ("US", "US", ZoneCode.DOMESTIC),
        ("KE", "KE", ZoneCode.DOMESTIC),
        ("US", "CA", ZoneCode.REGIONAL),
        ("DE", "GB", ZoneCode.REGIONAL),
        ("US", "DE", ZoneCode.INTERCONTINENTAL),
        ("KE", "DE", ZoneCode.INTERCONTINENTAL),
        ("US", "KE", ZoneCode.ELSEWHERE),
        ("KE", "UG", ZoneCode.ELSEWHERE),
    ],
)
def test_zones_follow_countries_and_regions(origin, to, zone):
    assert CARD.zone(origin, to) is zone
    assert quote(origin=origin, to=to).lines[0].amount_minor == CARD.zones[zone].rate_minor(895)


def test_where_nothing_is_sent_and_what_is_too_heavy_is_refused():
    with pytest.raises(NoRate):
        quote(to="KP")
    with pytest.raises(NoRate) as refusal:
        quote(grams=30_001)
    assert refusal.value.data["max_grams"] == 30_000


@pytest.mark.parametrize(("grams", "parcels"), [(0, 1), (-1, 1), (1, 0)])
def test_nothing_has_no_rate(grams, parcels):
    with pytest.raises(ValueError, match="weighs something"):
        quote(grams=grams, parcels=parcels)


@given(
    to=st.sampled_from(["US", "CA", "DE", "KE"]),
    grams=st.integers(1, 29_999),
    parcels=st.integers(1, 20),
)
def test_lines_add_up_and_more_never_costs_less(to, grams, parcels):
    found = quote(to=to, grams=grams, parcels=parcels)
    assert found.total.amount_minor == sum(line.amount_minor for line in found.lines) > 0
    assert quote(to=to, grams=grams + 1, parcels=parcels).total >= found.total
    assert quote(to=to, grams=grams, parcels=parcels + 1).total > found.total


def test_fees_stand_on_the_card():
    assert (CARD.fee(FeeKind.PROCESS), CARD.fee(FeeKind.VERIFY)) == (Money(100), Money(250))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"USD"', '"usd"', "currency 'usd' is not"),
        ("verify = 250", "", "fees has no verify"),
        ("verify = 250", "verify = -1", "fees.verify must not be negative"),
        ("packaging = 150", "packaging = -150", "packaging must not be negative"),
        ("max_grams = 30000", "max_grams = 0", "max_grams must be more than zero"),
        ("[zones.regional]", "[zones.far]", "Invalid enum value 'far'"),
        ("[250, 620], [500, 890]", "[500, 620], [500, 890]", "zones.domestic: the grams of steps must"),
        ("[250, 620]", "[250, -620]", "zones.domestic: a rate must not be negative"),
        ('"US", "CA"', '"US", "USA"', "north_america: USA is not an ISO 3166-1 code"),
        ('"US", "CA"', '"US", "DE"', "europe: DE is in north_america already"),
        ('["KP"]', '["XX"]', "not_served: XX is not an ISO 3166-1 code"),
        ("packaging = 150", "wrapping = 150", "unknown field `wrapping`"),
        ("[fees]", "[fees", "at line"),
    ],
)
def test_a_wrong_card_is_refused_with_what_is_wrong(tmp_path, old, new, problem):
    assert old in TEXT
    path = tmp_path / "card.toml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RateCardInvalid) as refusal:
        rates.load(path)
    assert problem in str(refusal.value)


def test_a_card_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(RateCardInvalid, match="No such file"):
        rates.load(tmp_path / "none.toml")


def test_a_missing_zone_is_named():
    card = rates.RateCard(
        currency="USD", packaging=0, max_grams=1, fees={}, regions={}, zones={}, not_served=()
    )
    assert "there is no section zones.elsewhere" in list(rates._problems(card))
