"""Numbers as people type them: what half of the world reads differently is never guessed."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.kernel.numerals import LONGEST, Unread, number_in

CENTS = 2
AMOUNTS = st.integers(-(10**15), 10**15).map(lambda minor: Decimal(minor).scaleb(-CENTS))


@given(AMOUNTS, st.sampled_from(["", ",", " ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"]))
def test_a_number_with_its_point_is_read_however_its_thousands_are_told_apart(amount, by):
    text = f"{amount:,.2f}".replace(",", by)
    assert number_in(text, decimals=CENTS) == amount
    assert number_in(f" {text} ", decimals=3) == amount


@given(AMOUNTS, st.sampled_from(["", ".", " "]))
def test_a_decimal_comma_is_never_taken_for_thousands_and_the_answer_says_what_to_write(amount, by):
    text = f"{amount:,.2f}".replace(",", "_").replace(".", ",").replace("_", by)
    refused = number_in(text, decimals=CENTS)
    assert isinstance(refused, Unread)
    assert refused.advice(least_decimals=CENTS) == f"{amount:.2f}".replace("-0.00", "0.00")


@given(st.text("0123456789., -", max_size=14))
def test_what_is_taken_is_what_its_digits_say_and_has_no_more_decimals_than_allowed(text):
    number = number_in(text, decimals=CENTS)
    if isinstance(number, Unread):
        return
    digits = re.sub("[^0-9]", "", text)
    fraction = len(text.strip().partition(".")[2])
    assert abs(number) == Decimal(int(digits)).scaleb(-fraction)
    assert fraction <= CENTS
    for group in re.split("[, ]", text.strip().partition(".")[0])[1:]:
        assert len(group) == 3


@pytest.mark.parametrize(
    ("text", "decimals", "advice"),
    [
        ("1,50", 2, "1.50"),
        ("1,0", 2, "1.00"),
        ("1.250,00", 2, "1250.00"),
        ("1,000,0", 2, "1000.00"),
        ("1 250,00", 2, "1250.00"),
        ("1.250", 2, "1250.00 or 1.25"),
        ("0,500", 2, "0.50"),
        ("1,2,3", 2, None),
        ("1.000.000", 2, "1000000.00"),
        ("1,250", 3, "1250.00 or 1.25"),
        ("1,2345", 2, None),
        ("12,34,567", 2, None),
        ("1,250 00", 2, None),
        ("1e3", 2, None),
        ("NaN", 2, None),
        ("\N{ARABIC-INDIC DIGIT ONE}", 2, None),
        ("-", 2, None),
        (".", 2, None),
        ("", 2, None),
        ("1" * (LONGEST + 1), 2, None),
    ],
)
def test_what_is_not_plain_is_refused_with_what_may_be_meant(text, decimals, advice):
    refused = number_in(text, decimals=decimals)
    assert isinstance(refused, Unread)
    assert refused.advice(least_decimals=CENTS) == advice


def test_three_decimals_make_a_single_group_ambiguous_and_two_groups_do_not():
    assert number_in("1,250", decimals=2) == 1250
    assert number_in("1,250", decimals=3) == Unread((Decimal(1250), Decimal("1.25")))
    assert number_in("1,250.5", decimals=3) == Decimal("1250.5")
    assert number_in("1,250,000", decimals=3) == 1_250_000
    assert number_in("1.250", decimals=3) == Decimal("1.25")
    assert Unread((Decimal(1250), Decimal("1.25"))).advice() == "1250 or 1.25"
