"""What an opened parcel says about items, decided from its lines alone."""

from datetime import UTC, datetime

import pytest

from backhaul.domain.recovery.inspecting.deciding import findings, may_look_again
from backhaul.domain.recovery.inspecting.model import Finding, Opened
from backhaul.domain.recovery.model import Ending, Item
from backhaul.domain.returns.model import Return, ReturnItem, Status, Verdict
from backhaul.kernel.ids import new_id

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


def item(position, **more):
    known = dict.fromkeys(Item.__struct_fields__) | {
        "id": new_id(), "position": position, "parcel": 1, "name": f"Laptop {position}", "is_legal_hold": False,
    }  # fmt: skip
    return Item(**known | more)


def opened(*missing, number=12001):
    lines = [
        ReturnItem(**dict.fromkeys(ReturnItem.__struct_fields__) | {
            "id": new_id(), "position": position, "verdict": Verdict.MISSING, "noted_at": AT, **line,
        })
        for position, line in enumerate(missing, 1)
    ]  # fmt: skip
    one = Return(**dict.fromkeys(Return.__struct_fields__) | {"number": number, "status": Status.PROCESSED})
    return Opened(one=one, lines=tuple(lines))


def absent(items, parcel):
    said = findings(items, parcel, parcel=1)
    assert set(said.values()) <= {Finding.ABSENT}
    return [one.position for one in items if one.id in said]


def test_a_missing_line_that_names_two_items_says_nothing_of_those_without_a_number():
    asset = new_id()
    twice = {"asset_id": asset, "serial_number": "MINE-1"}
    items = [item(1, asset_id=asset), item(2, serial_number="MINE-1"), item(3), item(4), item(5)]
    assert absent(items, opened(twice)) == [1, 2]
    assert absent(items, opened(twice, {"serial_number": "Laptop"})) == [1, 2, 3]


def test_a_missing_line_that_names_what_nobody_waits_for_is_not_taken_for_another():
    kept = item(1, serial_number="MINE-1", outcome="kept")
    assert absent([kept, item(2)], opened({"serial_number": "MINE-1"})) == []


@pytest.mark.parametrize(
    ("corrects", "evidence", "parcel", "expected"),
    [
        ((), {"return": "12001"}, None, True),
        ((), {"return": "12002"}, None, False),
        ((), {}, None, False),
        (({"return": "12001"},), {}, None, True),
        (({"return": "12001"},), {"return": "12002"}, None, False),
        ((), {"return": "12002"}, 1, True),
        ((), {"return": "12002"}, 2, False),
    ],
)
def test_a_second_look_concerns_what_was_last_seen_in_the_parcel_or_sent_for_with_it(
    corrects, evidence, parcel, expected
):
    ending = Ending(
        at=AT, author_kind="system", author_id=None, reason=None, evidence=evidence, corrects=corrects
    )
    found = item(1, outcome="returned", ending=ending)
    assert may_look_again(found, opened(), parcel=parcel) is expected


def test_a_second_look_at_a_strangers_parcel_concerns_nothing_that_is_expected():
    assert not may_look_again(item(1), opened(), parcel=None)
    assert may_look_again(item(1), opened(), parcel=1)
