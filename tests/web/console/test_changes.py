"""Lines of history in words: amounts in their currency, instants as such, and no code where a text says it."""

import re
from datetime import UTC, datetime

import pytest

from backhaul.web.console.changes import Value, value_of, written


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2026-11-22T13:27:32+02:00", datetime(2026, 11, 22, 11, 27, 32, tzinfo=UTC)),
        ("2026-11-22T11:27:32Z", datetime(2026, 11, 22, 11, 27, 32, tzinfo=UTC)),
        ("2026-11-22", "2026-11-22"),
        ("2026-11-22T11:27 was written on it", "2026-11-22T11:27 was written on it"),
        (True, "yes"),
        ("", None),
        ([{"text": "No box needed", "amount_minor": -2500}], ("No box needed", "−25.00")),
        ({"amount_minor": -2500, "currency": "EUR"}, "−25.00 EUR"),
        (["one", "", None, "two"], ("one", "two")),
        (
            {"length_mm": 305, "weight_grams": 4536, "is_rush": True, "position": 2, "line_1": "Sparks"},
            ("Length 305 mm", "Weight 4,536 g", "Is rush: yes", "Position: 2", "Sparks"),
        ),
        ("x" * 600, "x" * 499 + "…"),
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


@pytest.mark.parametrize(
    ("kind", "name", "pair", "value"),
    [
        (
            "transfer",
            "status",
            ["pending_device", "complete"],
            Value("Status", "Waiting for the device", "Complete"),
        ),
        ("shipment", "status", [None, "pre_transit"], Value("Status", None, "Not handed over yet")),
        ("charge", "status", ["pending", "captured"], Value("Status", "Being collected", "Paid")),
        ("return", "verdict", [None, "wrong_person"], Value("Verdict", None, "Somebody else’s")),
        ("recovery_case", "outcome", [None, "written_off"], Value("Outcome", None, "Written off")),
        (
            "webhook_endpoint",
            "status",
            ["active", "switched_off"],
            Value("Status", "Active", "Switched off"),
        ),
        ("asset", "status", ["In Use", None], Value("Status", "In Use", None)),
        ("return", "weight_grams", [0, 4536], Value("Weight", "0 g", "4,536 g")),
        ("location", "name", ["east_wing", "west_wing"], Value("Name", "east_wing", "west_wing")),
    ],
)
def test_codes_are_called_by_their_names_and_measures_have_units(kind, name, pair, value):
    assert value_of(name, pair, {name: pair}, kind=kind) == value


async def test_times_in_changes_are_in_the_viewers_zone_with_utc_on_hover(console, browse):
    for path in (f"/transfers/{console.ids['ours']['transfer']}", "/settings/audit?kind=transfer"):
        answer = await browse.get(path)
        values = re.findall(r"<(?:dd|ins|del)[^>]*>(.*?)</(?:dd|ins|del)>", answer.text, re.DOTALL)
        times = [value for value in values if "<time " in value]
        assert times, path
        assert all(re.search(r'title="\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"', value) for value in times), path
        assert " UTC" not in re.sub(r"<[^>]*>", "", " ".join(values)), path
        assert "pending_" not in " ".join(values), path
