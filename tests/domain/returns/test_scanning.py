"""What a scanner reads off a label."""

import pytest

from backhaul.domain.returns.scanning import clean_number, numbers_in, printed_number
from backhaul.kernel.errors import InvalidInput

USPS = "9261299997140101431920"
FEDEX = "961207700000000000000" + "0" + "794612345678"


@pytest.mark.parametrize(
    ("scan", "numbers"),
    [
        ("1Z999AA10123456784", ["1Z999AA10123456784"]),
        (f"42075098{USPS}", [f"42075098{USPS}", USPS]),
        (f"420750981234{USPS}", [f"420750981234{USPS}", USPS]),
        (FEDEX, [FEDEX, "794612345678"]),
        (USPS, [USPS]),
    ],
)
def test_the_numbers_in_a_scan(scan, numbers):
    assert numbers_in(scan) == numbers


@pytest.mark.parametrize(
    ("scan", "number"),
    [
        ("1Z999AA10123456784", "1Z999AA10123456784"),
        (USPS, USPS),
        (f"42075098{USPS}", USPS),
        (FEDEX, "794612345678"),
        ("9" * 20 + "00078954177830", "078954177830"),
        ("9" * 20 + "10078954177830", "10078954177830"),
    ],
)
def test_what_the_label_prints(scan, number):
    assert printed_number(scan) == number
    assert number in numbers_in(scan)


@pytest.mark.parametrize(
    ("typed", "number"),
    [(" 1z 999-aa1 ", "1Z999AA1"), ("\x1d42075098\x1d926", "42075098926"), ("1" * 64, "1" * 64)],
)
def test_how_numbers_are_cleaned(typed, number):
    assert clean_number(typed) == number


@pytest.mark.parametrize("typed", ["", " - ", "12/3", "12_3", "٣٤", "1" * 65, "1\x00"])
def test_what_is_no_number(typed):
    with pytest.raises(InvalidInput) as refused:
        clean_number(typed)
    assert [problem.path for problem in refused.value.problems] == ["tracking_number"]
