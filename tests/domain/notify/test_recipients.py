"""Which addresses are written to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.domain.notify import RecipientRefused, parse_recipient
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
