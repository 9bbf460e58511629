"""Which addresses are written to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.domain.notify import Channel, PhoneRefused, RecipientRefused, parse_phone, parse_recipient
from backhaul.domain.notify.recipients import Recipient, distinct


@pytest.mark.parametrize(
    ("given_address", "written"),
    [
        ("jordan@example.com", "jordan@example.com"),
        ("  Jordan.Miller+box@Example.COM ", "Jordan.Miller+box@example.com"),
        ("o'brien@mail.example.co.uk", "o'brien@mail.example.co.uk"),
        ("kim@bücher.example", "kim@xn--bcher-kva.example"),
        (f"{'a' * 64}@example.com", f"{'a' * 64}@example.com"),
    ],
)
def test_a_plausible_address_is_kept_in_one_form(given_address, written):
    assert parse_recipient(given_address) == written


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", "exactly one @"),
        ("jordan", "exactly one @"),
        ("a@b@example.com", "exactly one @"),
        ("@example.com", "before the @"),
        ("jordan@", "not a domain name"),
        ("jordan@localhost", "not a domain name"),
        ("jordan@[127.0.0.1]", "not a domain name"),
        ("jordan@127.0.0.1", "not a domain name"),
        ("jordan@-a.example", "not a domain name"),
        ("jordan@a..example", "not a domain name"),
        ("jordan@exam_ple.com", "not a domain name"),
        ("jordan@example.com\nBcc: all@example.org", "control characters"),
        ("jordan\r@example.com", "control characters"),
        ("jordan\u2028@example.com", "control characters"),
        ("jordan@example.com\x00", "control characters"),
        ("Jordan <jordan@example.com>", "before the @"),
        ("jordan miller@example.com", "before the @"),
        ('"jordan"@example.com', "before the @"),
        (".jordan@example.com", "before the @"),
        ("jor..dan@example.com", "before the @"),
        ("jördan@example.com", "before the @"),
        (f"{'a' * 65}@example.com", "longer than 64"),
        (f"a@{'b.' * 130}example.com", "longer than 254"),
    ],
)
def test_anything_else_is_refused_by_name(address, reason):
    with pytest.raises(RecipientRefused) as refused:
        parse_recipient(address)
    assert reason in refused.value.text
    assert refused.value.text.isprintable()


@given(st.text(max_size=80))
def test_whatever_is_given_is_refused_or_safe_for_a_header(text):
    try:
        written = parse_recipient(text)
    except RecipientRefused:
        return
    assert written.isascii()
    assert written.isprintable()
    assert not set(written) & set(' <>,;:"()[]\\')
    assert parse_recipient(written) == written


def test_each_address_once_whatever_its_spelling():
    assert distinct(["b@example.com", "A@example.com", "a@EXAMPLE.com"]) == [
        Recipient("A@example.com", None),
        Recipient("b@example.com", None),
    ]
    [unwritable] = distinct(["b\n@example.com"])
    assert unwritable.address == "b\N{REPLACEMENT CHARACTER}@example.com"
    assert "control characters" in str(unwritable.refusal)


@pytest.mark.parametrize(
    ("number", "region", "written"),
    [
        ("+1 415 555 0198", None, "+14155550198"),
        ("(415) 555-0198", "US", "+14155550198"),
        ("415.555.0198", "us", "+14155550198"),
        ("0171 1234567", "DE", "+491711234567"),
        ("+49 (0)171/1234567", None, "+491711234567"),
        (" +44 7400 123456 ", "US", "+447400123456"),
        ("06 12 34 56 78", "FR", "+33612345678"),
    ],
)
def test_a_mobile_number_is_kept_in_one_form(number, region, written):
    assert parse_phone(number, region=region) == written
    assert parse_phone(written) == written


@pytest.mark.parametrize(
    ("number", "region", "reason"),
    [
        ("", "US", "it needs 4 to 40 digits"),
        ("call me", "US", "it needs 4 to 40 digits"),
        ("jordan@example.com", "US", "it needs 4 to 40 digits"),
        ("1-800-FLOWERS", "US", "it needs 4 to 40 digits"),
        ("415 555 0198 ext. 7", "US", "it needs 4 to 40 digits"),
        ("+1415555\n0198", None, "it needs 4 to 40 digits"),
        ("+14155550198\x00", None, "it needs 4 to 40 digits"),
        ("١٢٣٤٥٦٧٨٩", "SA", "it needs 4 to 40 digits"),
        ("4155550198", None, "which country it is in"),
        ("4155550198", "XX", "no country has such a number"),
        ("+1 415 555", None, "no country has such a number"),
        ("+999 1234567", None, "no country has such a number"),
        ("0" * 40, "US", "no country has such a number"),
        ("030 123456", "DE", "does not use it for mobile telephones"),
        ("+1 800 555 0199", None, "does not use it for mobile telephones"),
    ],
)
def test_any_other_number_is_refused_by_name(number, region, reason):
    with pytest.raises(PhoneRefused) as refused:
        parse_phone(number, region=region)
    assert reason in refused.value.text
    assert refused.value.text.isprintable()


@given(st.text("+0123456789 ()-./", max_size=20) | st.text(max_size=20))
def test_whatever_is_given_is_refused_or_a_number_in_its_one_form(text):
    try:
        written = parse_phone(text, region="US")
    except PhoneRefused:
        return
    assert written.removeprefix("+").isdigit()
    assert written.isascii()
    assert parse_phone(written) == written


def test_each_number_once_whatever_its_spelling():
    [one] = distinct(["+14155550198", "(415) 555-0198", "415 555 0198"], channel=Channel.TEXT, region="US")
    assert one == Recipient("+14155550198", None)
    [unwritable] = distinct(["nobody\n"], channel=Channel.TEXT)
    assert unwritable.address == "nobody\N{REPLACEMENT CHARACTER}"
    assert "is not a telephone number we can text" in str(unwritable.refusal)
