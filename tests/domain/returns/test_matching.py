"""What is in a parcel next to what was expected there."""

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.domain.returns.matching import Expected, Line, match, serial_key
from backhaul.domain.returns.model import Verdict

MATCHED, MISSING, UNEXPECTED, WRONG, DUPLICATE = (
    "matched",
    "missing",
    "unexpected",
    "wrong_person",
    "duplicate",
)


def awaited(*serials):
    return [
        Expected(name=f"Laptop {n}", serial_number=serial, asset_id=None)
        for n, serial in enumerate(serials, 1)
    ]


# Expected serial numbers (None: not known), scans, devices of others, and what is said about each.
TABLE = {
    "nothing at all": ([], [], "", []),
    "what was expected": (["A"], ["A"], "", [("A", MATCHED)]),
    "in another spelling": (["ab 12"], [" AB12 "], "", [(" AB12 ", MATCHED)]),
    "empty": (["A"], [], "", [("A", MISSING)]),
    "another one": (["A"], ["B"], "", [("B", UNEXPECTED), ("A", MISSING)]),
    "one more": (["A"], ["A", "B"], "", [("A", MATCHED), ("B", UNEXPECTED)]),
    "one too few": (["A", "B"], ["B"], "", [("B", MATCHED), ("A", MISSING)]),
    "scanned twice": (["A"], ["A", "a"], "", [("A", MATCHED), ("a", DUPLICATE)]),
    "a stranger scanned twice": ([], ["B", "B"], "", [("B", UNEXPECTED), ("B", DUPLICATE)]),
    "somebody else's": (["A"], ["B"], "B", [("B", WRONG), ("A", MISSING)]),
    "somebody else's, twice": ([], ["B", "B"], "B", [("B", WRONG), ("B", DUPLICATE)]),
    "expected here, whoever has it": (["A"], ["A"], "A", [("A", MATCHED)]),
    "no serial number was known": ([None], ["X"], "", [("X", MATCHED)]),
    "no serial number, and somebody else's": ([None], ["B"], "B", [("B", WRONG), ("Laptop 1", MISSING)]),
    "no serial number, and two came": ([None], ["X", "Y"], "", [("X", MATCHED), ("Y", UNEXPECTED)]),
    "no serial number, and nothing": ([None], [], "", [("Laptop 1", MISSING)]),
    "known and unknown": (["A", None], ["X", "A"], "", [("X", MATCHED), ("A", MATCHED)]),
    "with a data identifier": (["C02XL0THJGH5"], ["SC02XL0THJGH5"], "", [("SC02XL0THJGH5", MATCHED)]),
    "with and without one": (["C02"], ["SC02", "C02"], "", [("SC02", MATCHED), ("C02", DUPLICATE)]),
    "a serial number that begins with S": (["SAB"], ["SAB"], "", [("SAB", MATCHED)]),
    "S before what nobody awaits": ([], ["SAB"], "", [("SAB", UNEXPECTED)]),
    "two devices that nobody awaits": ([], ["AB", "SAB"], "", [("AB", UNEXPECTED), ("SAB", UNEXPECTED)]),
    "the same two the other way": ([], ["SAB", "AB"], "", [("SAB", UNEXPECTED), ("AB", UNEXPECTED)]),
    "two devices that are awaited": (["AB", "SAB"], ["SAB", "AB"], "", [("SAB", MATCHED), ("AB", MATCHED)]),
    "with other data identifiers": (
        ["PF1", "PF2", "PF3", "PF4"],
        ["1SPF1", "25SPF2", "tPF3", "1T PF4"],
        "",
        [("1SPF1", MATCHED), ("25SPF2", MATCHED), ("tPF3", MATCHED), ("1T PF4", MATCHED)],
    ),
    "what is no data identifier": (["PF1"], ["2SPF1"], "", [("2SPF1", UNEXPECTED), ("PF1", MISSING)]),
    "an identifier and nothing else": (["S"], ["S"], "", [("S", MATCHED)]),
    "with blanks of every kind": (
        ["C02 XL0"],
        ["\u00a0c02\txl0\u2003"],
        "",
        [("\u00a0c02\txl0\u2003", MATCHED)],
    ),
    "O is not 0": (["C0"], ["CO"], "", [("CO", UNEXPECTED), ("C0", MISSING)]),
    "a hyphen is part of it": (["A-1"], ["A1"], "", [("A1", UNEXPECTED), ("A-1", MISSING)]),
    "everything at once": (
        ["A", "B", None],
        ["a", "X", "C", "A", "Y", "c"],
        "C",
        [
            ("a", MATCHED),
            ("X", MATCHED),
            ("C", WRONG),
            ("A", DUPLICATE),
            ("Y", UNEXPECTED),
            ("c", DUPLICATE),
            ("B", MISSING),
        ],
    ),
    "only what is wrong": (
        ["A", "B"],
        ["C", "X", "C", "X"],
        "C",
        [("C", WRONG), ("X", UNEXPECTED), ("C", DUPLICATE), ("X", DUPLICATE), ("A", MISSING), ("B", MISSING)],
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_what_is_said_about_a_parcel(case):
    expected, scans, others, said = TABLE[case]
    lines = match(awaited(*expected), scans, of_others=set(others))
    assert [(line.serial_number, line.verdict.value) for line in lines] == said


def test_a_match_names_the_device():
    expected = [Expected(name="Laptop", serial_number="A", asset_id=UUID(int=1))]
    assert match(expected, ["a"]) == (Line(serial_number="a", verdict=Verdict.MATCHED, asset_id=UUID(int=1)),)
    assert match(expected, []) == (Line(serial_number="A", verdict=Verdict.MISSING, asset_id=UUID(int=1)),)


SERIALS = st.sampled_from(["A", "a ", "B", "C", "S1", "1", "SS1", "D"])
PARCELS = st.tuples(
    st.lists(st.one_of(st.none(), SERIALS), max_size=5, unique_by=lambda one: one and serial_key(one)),
    st.lists(SERIALS, max_size=8),
    st.sets(st.sampled_from(["B", "C", "D"])),
)


@given(PARCELS)
def test_every_expected_device_is_matched_or_missing_and_every_scan_is_judged(parcel):
    expected, scans, others = parcel
    lines = match(awaited(*expected), scans, of_others=others)
    assert [line.serial_number for line in lines[: len(scans)]] == scans
    assert all(line.verdict is not Verdict.MISSING for line in lines[: len(scans)])
    assert all(line.verdict is Verdict.MISSING for line in lines[len(scans) :])
    matched = sum(line.verdict is Verdict.MATCHED for line in lines)
    assert matched + len(lines) - len(scans) == len(expected)


@given(PARCELS, SERIALS)
def test_another_scan_changes_nothing_that_was_said_before(parcel, one_more):
    expected, scans, others = parcel
    before = match(awaited(*expected), scans, of_others=others)
    after = match(awaited(*expected), [*scans, one_more], of_others=others)
    assert after[: len(scans)] == before[: len(scans)]


@given(PARCELS)
def test_nothing_of_others_is_ever_matched_unless_it_was_expected(parcel):
    expected, scans, others = parcel
    keys = {serial_key(one) for one in expected if one}
    for line in match(awaited(*expected), scans, of_others=others):
        if line.verdict is Verdict.MATCHED and serial_key(line.serial_number) in others:
            assert serial_key(line.serial_number) in keys


@given(PARCELS, st.randoms(use_true_random=False))
def test_the_order_of_the_scans_changes_nothing_but_the_order_of_the_lines(parcel, chance):
    expected, scans, others = parcel
    shuffled = list(scans)
    chance.shuffle(shuffled)
    one, another = (match(awaited(*expected), order, of_others=others) for order in (scans, shuffled))
    assert Counter(line.verdict for line in one) == Counter(line.verdict for line in another)
    if None not in expected:
        assert one[len(scans) :] == another[len(scans) :]


@given(PARCELS, st.randoms(use_true_random=False))
def test_the_order_of_the_announcement_changes_no_verdict(parcel, chance):
    expected, scans, others = parcel
    shuffled = awaited(*expected)
    chance.shuffle(shuffled)
    one, another = (match(order, scans, of_others=others) for order in (awaited(*expected), shuffled))
    assert [line.verdict for line in one] == [line.verdict for line in another]


@given(PARCELS)
def test_each_device_is_counted_once(parcel):
    """Whatever is no duplicate is another device than every one before it."""
    expected, scans, others = parcel
    lines = match(awaited(*expected), scans, of_others=others)
    keys = [
        serial_key(line.serial_number)
        for line in lines[: len(scans)]
        if line.verdict is not Verdict.DUPLICATE
    ]
    assert len(keys) == len(set(keys))
