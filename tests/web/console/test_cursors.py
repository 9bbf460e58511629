"""Ids, numbers and codes of an address or a form: what is none asks for nothing."""

from uuid import UUID

import pytest

from backhaul.domain.billing.wallet import HoldStatus
from backhaul.web.console.cursors import code_or_none, number_or_none, uuid_or_none

ID = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("007", 7),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", None),
        ("0" * 20, None),
        ("-1", None),
        ("+1", None),
        ("1.0", None),
        (" 1", None),
        ("\u0663", None),
        ("", None),
        (None, None),
    ],
)
def test_a_number_is_what_a_bigint_holds_from_zero_on(text, number):
    assert number_or_none(text) == number


@pytest.mark.parametrize(("text", "found"), [(str(ID), ID), ("made-up", None), ("", None), (None, None)])
def test_an_id_is_a_uuid(text, found):
    assert uuid_or_none(text) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [("held", HoldStatus.HELD), ("HELD", None), ("made-up", None), ("", None), (None, None)],
)
def test_a_code_is_one_that_exists(text, code):
    assert code_or_none(HoldStatus, text) is code
