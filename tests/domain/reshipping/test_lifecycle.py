"""How a reshipment moves: every pair of status and action, and how far a final fee may be from its estimate."""

from datetime import timedelta
from itertools import product

import pytest
from tests.conftest import NOON

from backhaul.domain.reshipping import Consignee, Policy, Reshipment, Status
from backhaul.domain.reshipping.errors import Expired, NotDeletable, NotQuoted, ReshipmentMoveRefused
from backhaul.domain.reshipping.lifecycle import MOVES, advance, is_over, is_within, reopen
from backhaul.domain.reshipping.model import Action
from backhaul.domain.reshipping.tables import SAVED
from backhaul.kernel.ids import new_id


def one(status=Status.PENDING, **changes):
    values = {
        "id": new_id(), "org_id": new_id(), "number": 1001, "status": status, "contents": "Laptop",
        "value_minor": 100, "currency": "USD",
        "to": Consignee(name="Ada", line_1="1 Road", city="Dallas", country_code="US"), "warehouse_id": new_id(),
        "warehouse_code": "WH0CVG01", "return_numbers": (12001,), "estimated_fee_minor": 1420, "estimate_lines": (),
        "weight_grams": 0, "final_fee_minor": None, "reship_fee_minor": 0, "hold_id": None, "shipment_id": None,
        "service": None, "tracking_number": None, "created_at": NOON, "expires_at": NOON + timedelta(days=15),
        "answered_at": None, "dispatched_at": None, "ended_at": None, "updated_at": NOON, "version": 3,
    }  # fmt: skip
    return Reshipment(**values | changes)


@pytest.mark.parametrize(("status", "action"), list(product(Status, Action)))
def test_every_pair_moves_by_the_table_or_is_refused(status, action):
    before = one(status)
    after = MOVES.get((status, action))
    if after is not None:
        moved = advance(before, action, at=NOON)
        assert (moved.status, moved.version) == (after, 4)
        return
    refusal = NotDeletable if (status, action) == (Status.APPROVED, Action.DELETE) else ReshipmentMoveRefused
    with pytest.raises(refusal):
        advance(before, action, at=NOON)


def test_the_table_says_what_the_contract_says():
    assert {pair: after.value for pair, after in MOVES.items() if pair[0] is Status.APPROVED} == {
        (Status.APPROVED, Action.WEIGH): "approved",
        (Status.APPROVED, Action.DISPATCH): "approved",
        (Status.APPROVED, Action.REOPEN): "pending",
    }
    assert (Status.DECLINED, Action.APPROVE) in MOVES
    ended = {Status.DELETED, Status.EXPIRED}
    assert not [pair for pair in MOVES if pair[0] in ended]


@pytest.mark.parametrize("action", Action)
def test_a_dispatched_one_moves_no_more(action):
    with pytest.raises((ReshipmentMoveRefused, NotDeletable)):
        advance(one(Status.APPROVED, dispatched_at=NOON, expires_at=None), action, at=NOON)


@pytest.mark.parametrize("action", [Action.APPROVE, Action.DECLINE])
def test_without_an_estimate_there_is_nothing_to_answer(action):
    with pytest.raises(NotQuoted):
        advance(one(estimated_fee_minor=0), action, at=NOON)


def test_the_last_moment_is_just_before_it_expires():
    waiting = one(Status.DECLINED)
    before, at = waiting.expires_at - timedelta(microseconds=1), waiting.expires_at
    assert (is_over(waiting, at=before), is_over(waiting, at=at)) == (False, True)
    assert advance(waiting, Action.APPROVE, at=before).status is Status.APPROVED
    with pytest.raises(Expired):
        advance(waiting, Action.APPROVE, at=at)
    assert advance(waiting, Action.DELETE, at=at).status is Status.DELETED


def test_reopened_it_waits_with_fresh_days_and_nothing_set_aside():
    approved = one(
        Status.APPROVED,
        expires_at=None,
        hold_id=new_id(),
        shipment_id=new_id(),
        final_fee_minor=1,
        answered_at=NOON,
    )
    later = NOON + timedelta(days=40)
    again = reopen(approved, policy=Policy(expiry_days=15), at=later, weight_grams=7)
    assert (again.status, again.expires_at, again.weight_grams) == ("pending", later + timedelta(days=15), 7)
    assert (again.hold_id, again.shipment_id, again.final_fee_minor, again.answered_at) == (None,) * 4


@pytest.mark.parametrize(
    ("final", "percent", "within"),
    [
        (1437, 5, True),
        (1437, 1, False),
        (1434, 1, True),  # 14.342 is the most
        (1435, 1, False),
        (1420, 0, True),
        (1421, 0, False),
        (1, 0, True),
        (2840, 100, True),
        (2841, 100, False),
    ],
)
def test_how_far_a_final_fee_may_be(final, percent, within):
    assert is_within(one(), final, tolerance_percent=percent) is within


def test_every_field_is_written_or_never_changes():
    fixed = set(Reshipment.__struct_fields__) - set(SAVED)
    assert fixed == {
        "id", "org_id", "number", "contents", "value_minor", "currency", "to", "warehouse_id", "warehouse_code",
        "return_numbers", "created_at",
    }  # fmt: skip
