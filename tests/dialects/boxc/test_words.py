"""How this dialect words things: numbers, moments, problems, languages, pages."""

import base64
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.dialects.boxc.checking import Check
from backhaul.dialects.boxc.envelope import _encoder, amount, kilograms, moment
from backhaul.dialects.boxc.errors import body_of, pointer, told_of
from backhaul.dialects.boxc.languages import require_english
from backhaul.dialects.boxc.paging import MAX_BIGINT, Page, decode, encode
from backhaul.dialects.boxc.refusals import LanguageRefused, PageTokenInvalid
from backhaul.domain.identity.clients.errors import ScopeMissing
from backhaul.kernel.errors import FieldProblem, InvalidInput

SECRET, BOUND = b"x" * 32, "org returns"


@pytest.mark.parametrize(
    ("minor", "written"),
    [
        (1420, b"14.2"),
        (1437, b"14.37"),
        (0, b"0"),
        (100000, b"1000"),
        (-5, b"-0.05"),
        (2995, b"29.95"),
        (10, b"0.1"),
    ],
)
def test_amounts_are_numbers_with_at_most_two_decimals(minor, written):
    assert _encoder.encode(amount(minor)) == written


@pytest.mark.parametrize(
    ("grams", "written"), [(791, b"0.791"), (895, b"0.895"), (0, b"0"), (12000, b"12"), (1500, b"1.5")]
)
def test_weights_are_numbers_with_at_most_three_decimals(grams, written):
    assert _encoder.encode(kilograms(grams)) == written


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_no_amount_loses_a_cent(minor):
    written = _encoder.encode(amount(minor)).decode()
    assert Decimal(written) * 100 == minor
    assert "E" not in written.upper()


def test_moments_are_in_utc():
    assert moment(datetime(2016, 6, 30, 12, 34, 55, 999, tzinfo=UTC)) == "2016-06-30 12:34:55"
    assert moment(datetime(2016, 7, 1, 0, 0, tzinfo=timezone(timedelta(hours=2)))) == "2016-06-30 22:00:00"


def test_what_is_absent_is_told_as_documented():
    problems = [
        FieldProblem("reshipment.contents", "missing", "is missing"),
        FieldProblem("reshipment.returns", "missing", "is missing"),
        FieldProblem("reshipment.to.city", "missing", "is missing"),
        FieldProblem("reshipment.value", "type", "must be a number"),
        FieldProblem("reshipment.returns[1]", "type", "must be a whole number"),
    ]
    assert told_of(problems) == [
        "/reshipment: The required properties (contents, returns) are missing",
        "/reshipment/to: The required properties (city) are missing",
        "/reshipment/value: must be a number",
        "/reshipment/returns/1: must be a whole number",
    ]


def test_a_single_absent_property_is_the_documented_example():
    body = body_of(InvalidInput([FieldProblem("reshipment.contents", "missing", "is missing")]))
    text = "/reshipment: The required properties (contents) are missing"
    assert body == {"status": "error", "code": 1000, "message": f"Validation Error. {text}", "errors": [text]}


def test_five_problems_are_told_at_most():
    body = body_of(InvalidInput([FieldProblem(f"return.a{n}", "type", "is odd") for n in range(9)]))
    assert body["errors"] == [f"/return/a{n}: is odd" for n in range(5)]
    assert body["message"] == "Validation Error. /return/a0: is odd"


def test_a_missing_scope_is_named():
    assert body_of(ScopeMissing(scope="returns")) == {
        "status": "error",
        "code": 1009,
        "message": "Forbidden: Missing required scope 'returns'",
        "errors": ["Forbidden: Missing required scope 'returns'"],
    }


def test_pointers():
    assert [pointer(path) for path in ("", "a", "a.b", "a[0]", "a[0].b[12].c")] == [
        "/",
        "/a",
        "/a/b",
        "/a/0",
        "/a/0/b/12/c",
    ]


@pytest.mark.parametrize(
    "header", [None, "", " ", "en", "EN-gb", "*", "de, en", "de,en;q=0.1", "en ; q=1.000"]
)
def test_who_reads_english_is_answered(header):
    require_english(header)


@pytest.mark.parametrize("header", ["de", "de, fr", "en;q=0", "en; q=0.000", "*;q=0", "eng", "x-en", ","])
def test_who_does_not_is_refused(header):
    with pytest.raises(LanguageRefused):
        require_english(header)


PAGES = st.builds(
    Page,
    limit=st.integers(1, 100),
    order=st.sampled_from(["asc", "desc"]),
    last_id=st.none() | st.integers(1, MAX_BIGINT),
    filters=st.dictionaries(st.sampled_from(["status", "tracking_number"]), st.text(min_size=1, max_size=50)),
)


@given(PAGES)
def test_a_page_is_what_its_token_says(page):
    token = encode(page, secret=SECRET, bound_to=BOUND)
    assert decode(token, secret=SECRET, bound_to=BOUND) == page
    assert decode(token + "=" * (-len(token) % 4), secret=SECRET, bound_to=BOUND) == page


def test_a_token_reads_like_the_documented_one():
    token = encode(Page(limit=50, order="desc", last_id=153847), secret=SECRET, bound_to=BOUND)
    text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[:-32]
    assert text == b"limit=50&order=desc&last_id=153847"


@given(st.integers(0, 200), st.integers(0, 63))
def test_one_changed_character_spoils_a_token(position, shift):
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    token = encode(Page(last_id=7, filters={"status": "Processed"}), secret=SECRET, bound_to=BOUND)
    at = position % len(token)
    other = alphabet[(alphabet.index(token[at]) + shift) % 64]
    if other == token[at]:
        return
    with pytest.raises(PageTokenInvalid):
        decode(token[:at] + other + token[at + 1 :], secret=SECRET, bound_to=BOUND)


@given(
    st.text(max_size=200) | st.binary(max_size=100).map(lambda raw: base64.urlsafe_b64encode(raw).decode())
)
def test_nothing_else_is_a_token(text):
    with pytest.raises(PageTokenInvalid):
        decode(text, secret=SECRET, bound_to=BOUND)


def test_a_token_of_another_list_organization_or_installation_is_none():
    token = encode(Page(), secret=SECRET, bound_to=BOUND)
    for secret, bound_to in ((b"y" * 32, BOUND), (SECRET, "org reshipments"), (SECRET, "other returns")):
        with pytest.raises(PageTokenInvalid):
            decode(token, secret=secret, bound_to=bound_to)
    unsigned = base64.urlsafe_b64encode(b"limit=50&order=desc&page=1&last_id=153847").decode()
    with pytest.raises(PageTokenInvalid):
        decode(unsigned, secret=SECRET, bound_to=BOUND)


def refused(raw, read=None):
    with pytest.raises(InvalidInput) as refusal:
        _read_all(raw, read)
    return told_of(refusal.value.problems)


def _read_all(raw, read):
    check = Check.of_body(raw, "reshipment")
    if read is not None:
        read(check)
    check.done()


def test_a_body_has_one_object_under_its_name():
    for raw in (b"", b"{}", b'{"return": {}}', b'{"reshipment": null}'):
        assert refused(raw) == ["/: The required properties (reshipment) are missing"]
    assert refused(b'{"reshipment": []}') == ["/reshipment: must be an object"]
    assert refused(b"[]") == ["/: must be an object"]


def test_all_that_is_wrong_is_told_at_once():
    raw = msgspec.json.encode(
        {
            "reshipment": {
                "contents": "x" * 61,
                "value": 1.234,
                "returns": [1, "2", True, 0],
                "to": {"name": " "},
            }
        }
    )

    def read(check):
        check.text("contents", longest=60, is_required=True)
        check.amount_minor("value", is_required=True)
        check.numbers("returns", most=10, is_required=True)
        to = check.within("to", is_required=True)
        to.text("name", longest=40, is_required=True)
        to.text("city", longest=40, is_required=True)
        check.choice("status", {"Approved": 1, "Declined": 2}, is_required=True)

    assert refused(raw, read) == [
        "/reshipment/to: The required properties (city) are missing",
        "/reshipment: The required properties (status) are missing",
        "/reshipment/contents: must have at most 60 characters",
        "/reshipment/value: must have at most two decimals",
        "/reshipment/returns/1: must be a whole number",
        "/reshipment/returns/2: must be a whole number",
        "/reshipment/returns/3: must be a whole number",
        "/reshipment/to/name: can't be blank",
    ]


def test_values_are_read_exactly():
    check = Check.of_body(
        b'{"reshipment": {"value": 29.95, "whole": 3, "low": -0.01, "high": 1e30, "is": true}}', "reshipment"
    )
    assert (check.amount_minor("value"), check.amount_minor("whole")) == (2995, 300)
    for name in ("low", "high", "is"):
        assert check.amount_minor(name) is None
    assert [problem.path for problem in check.problems] == [
        "reshipment.low",
        "reshipment.high",
        "reshipment.is",
    ]


def test_an_absent_object_is_told_once():
    told = refused(
        b'{"reshipment": {}}',
        lambda check: check.within("to", is_required=True).text("name", longest=40, is_required=True),
    )
    assert told == ["/reshipment: The required properties (to) are missing"]
