"""Lines of history in words: amounts in their currency, instants by UTC, and no code where a text says it."""

import pytest

from backhaul.web.console.changes import Value, value_of, written


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2026-11-22T13:27:32.328547+02:00", "2026-11-22 11:27 UTC"),
        ("2026-11-22T11:27:32Z", "2026-11-22 11:27 UTC"),
        ("2026-11-22", "2026-11-22"),
        ("2026-11-22T11:27 was written on it", "2026-11-22T11:27 was written on it"),
        (True, "yes"),
        ("", None),
        ([{"text": "No box needed", "amount_minor": -2500}], "No box needed, −25.00"),
    ],
)
def test_a_value_is_written_for_people(value, text):
    assert written(value) == text


def test_minor_units_are_written_as_an_amount_in_the_currency_of_the_change():
    change = {"amount_minor": [None, 123_450], "currency": [None, "USD"]}
    assert value_of("amount_minor", change["amount_minor"], change) == Value("Amount", None, "$1,234.50")


def test_minor_units_without_a_currency_are_bare_figures():
    change = {"refunded_minor": [0, 250]}
    assert value_of("refunded_minor", change["refunded_minor"], change) == Value("Refunded", "0.00", "2.50")
