"""Each kind of value: what is taken, what it becomes, and what is said of a wrong one."""

from datetime import date
from decimal import Decimal

import pytest

from backhaul.dialects.unduit.checking import Check
from backhaul.kernel.errors import FieldProblem, InvalidInput

ABSENT = object()


def check_of(value):
    return Check({} if value is ABSENT else {"x": value}, within="rows[1].")


def problem(code, text):
    return [FieldProblem("rows[1].x", code, text)]


@pytest.mark.parametrize(
    ("value", "read"), [(" a  b ", "a  b"), ("", None), (" \n", None), (None, None), (ABSENT, None)]
)
def test_an_optional_text(value, read):
    check = check_of(value)
    assert (check.text("x"), check.problems) == (read, [])


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (ABSENT, "missing", "can't be blank"),
        (None, "missing", "can't be blank"),
        ("", "blank", "can't be blank"),
        ("  ", "blank", "can't be blank"),
        (5, "type", "must be a text"),
        (True, "type", "must be a text"),
        ([], "type", "must be a text"),
        ({}, "type", "must be a text"),
        ("a\x00b", "characters", "must not contain the character U+0000"),
    ],
)
def test_a_required_text_is_refused(value, code, text):
    check = check_of(value)
    assert check.text("x", is_required=True) is None
    assert check.problems == problem(code, text)
    with pytest.raises(InvalidInput) as refused:
        check.done()
    assert refused.value.problems == check.problems


@pytest.mark.parametrize(("value", "read"), [(" p ", " p "), ("\x00", "\x00")])
def test_a_secret_is_left_as_it_is(value, read):
    assert check_of(value).secret("x") == read


@pytest.mark.parametrize(
    ("value", "code"), [(ABSENT, "missing"), (None, "missing"), ("", "missing"), (1, "type")]
)
def test_a_secret_is_needed(value, code):
    check = check_of(value)
    assert check.secret("x") == ""
    assert [one.code for one in check.problems] == [code]


@pytest.mark.parametrize(
    ("value", "read"), [("0042", "0042"), (42, "42"), (0, "0"), (10**30, "1" + "0" * 30), (" 7 ", "7")]
)
def test_digits(value, read):
    check = check_of(value)
    assert (check.digits("x"), check.problems) == (read, [])


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("+1", "digits"),
        ("1 2", "digits"),
        ("٣", "digits"),
        ("²", "digits"),
        ("1.0", "digits"),
        (-5, "digits"),
        (True, "type"),
        (Decimal("1.0"), "type"),
        ([1], "type"),
    ],
)
def test_what_is_not_only_digits_is_refused(value, code):
    check = check_of(value)
    assert check.digits("x") is None
    assert [one.code for one in check.problems] == [code]


@pytest.mark.parametrize(
    ("value", "read"),
    [("2023-01-15", date(2023, 1, 15)), ("2024-02-29", date(2024, 2, 29)), ("", None), (None, None)],
)
def test_a_day(value, read):
    check = check_of(value)
    assert (check.day("x"), check.problems) == (read, [])


@pytest.mark.parametrize(
    "value",
    ["2023-1-5", "20230115", "2023-02-29", "2023-01-15T00:00:00Z", "15.01.2023", "٢٠٢٣-٠١-١٥", "2023-W03-7"],
)
def test_what_is_no_day_is_refused(value):
    check = check_of(value)
    assert check.day("x") is None
    assert check.problems == problem("date", "must be a date like 2023-01-15")


@pytest.mark.parametrize(
    ("value", "minor"),
    [
        (Decimal("1999.99"), 199_999),
        ("1999.99", 199_999),
        (1999, 199_900),
        (" 5 ", 500),
        (Decimal("1E+3"), 100_000),
        (Decimal("1.500"), 150),
        ("0.10", 10),
        (0, 0),
        (Decimal("-0.0"), 0),
        (999_999_999_999, 99_999_999_999_900),
        ("", None),
        (None, None),
    ],
)
def test_an_amount(value, minor):
    check = check_of(value)
    assert (check.amount_minor("x"), check.problems) == (minor, [])


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (True, "type"),
        ("1_000", "type"),
        ("1,50", "type"),
        ("1e3", "type"),
        ("NaN", "type"),
        ("Infinity", "type"),
        ([], "type"),
        (-1, "range"),
        (Decimal("-0.01"), "range"),
        (10**12, "range"),
        (Decimal("1E+400"), "range"),
        (Decimal("1E+999999999"), "range"),
        (Decimal("0.001"), "precision"),
        (Decimal("1E-400"), "precision"),
        (Decimal("1." + "0" * 50 + "1"), "precision"),
        ("0.015", "precision"),
    ],
)
def test_what_is_no_amount_is_refused(value, code):
    check = check_of(value)
    assert check.amount_minor("x") is None
    assert [one.code for one in check.problems] == [code]


def test_a_choice_is_found_in_any_letter_case():
    choices = {"corporate office": 1}
    assert check_of(" CORPORATE   office ").choice("x", choices, shown="Corporate Office") == 1
    check = check_of("Office!")
    assert check.choice("x", choices, shown="Corporate Office") is None
    assert check.problems == problem("inclusion", "must be one of Corporate Office")
