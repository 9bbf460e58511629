"""Bodies as objects: exact numbers, and a refusal for everything that is none."""

from decimal import Decimal

import pytest

from backhaul.dialects.reading import read_object
from backhaul.kernel.errors import FieldProblem, InvalidInput, MalformedInput


@pytest.mark.parametrize("raw", [b"", b" \n\t", b"{}", b"\xef\xbb\xbf", b"\xef\xbb\xbf {}"])
def test_no_body_has_no_keys(raw):
    assert read_object(raw) == {}


def test_numbers_keep_the_digits_they_were_written_with():
    read = read_object(
        b'{"a": 1999.90, "b": 0.1000000000000000055, "c": 12345678901234567890123, "d": 1e400}'
    )
    assert [str(value) for value in read.values()] == [
        "1999.90",
        "0.1000000000000000055",
        "12345678901234567890123",
        "1E+400",
    ]
    assert [type(value) for value in read.values()] == [Decimal, Decimal, int, Decimal]


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"x",
        b'{"a": 1} x',
        b"\xff",
        b'{"a": "\xed\xa0\x80"}',
        b'{"a": "\\ud800"}',
        b'{"a":' * 100_000,
        b"\xef\xbb\xbf\xef\xbb\xbf{}",
        b'{"a": ' + b"1" * 5000 + b"} x",
        b'{"a": 1e99999999999999999999, "b": NaN}',
    ],
)
def test_what_is_no_json_is_malformed(raw):
    with pytest.raises(MalformedInput):
        read_object(raw)


@pytest.mark.parametrize("raw", [b"[]", b"[{}]", b"1", b'"a"', b"null", b"true"])
def test_what_is_no_object_is_refused(raw):
    with pytest.raises(InvalidInput) as refused:
        read_object(raw)
    assert refused.value.problems == [FieldProblem("", "type", "must be an object")]


HUGE = b"1" * 5000


@pytest.mark.parametrize(
    ("raw", "paths"),
    [
        (b'{"a": 1, "b": ' + HUGE + b"}", ["b"]),
        (b'{"a": -' + HUGE + b', "b": {"c": [1, {"d": ' + HUGE + b"}]}}", ["a", "b.c[1].d"]),
        (b'{"a": 1e99999999999999999999, "b": [' + HUGE + b"]}", ["a", "b[0]"]),
        (b'\xef\xbb\xbf{"a": ' + HUGE + b"}", ["a"]),
        (HUGE, [""]),
    ],
)
def test_every_number_that_no_computer_holds_is_named(raw, paths):
    with pytest.raises(InvalidInput) as refused:
        read_object(raw)
    assert refused.value.problems == [FieldProblem(path, "type", "is out of range") for path in paths]


def test_a_number_that_no_computer_holds_is_refused_where_another_takes_its_place():
    with pytest.raises(InvalidInput) as refused:
        read_object(b'{"a": ' + HUGE + b', "a": 1}')
    assert refused.value.problems == [FieldProblem("", "type", "holds a number that is out of range")]
