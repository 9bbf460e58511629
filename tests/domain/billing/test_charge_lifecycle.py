from datetime import UTC, datetime, timedelta
from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.domain.billing import bookkeeping, lifecycle
from backhaul.domain.billing.errors import ChargeMoveRefused, RefundTooLarge
from backhaul.domain.billing.lifecycle import MOVES, Action
from backhaul.domain.billing.model import (
    Captured,
    Charge,
    ChargeId,
    Declined,
    Refund,
    RefundId,
    RefundStatus,
    Status,
)
from backhaul.kernel.ids import OrgId, new_id

NOON = datetime(2026, 4, 30, 12, tzinfo=UTC)


def charge(**changes) -> Charge:
    return msgspec.structs.replace(
        Charge(
            id=ChargeId(new_id()),
            org_id=OrgId(new_id()),
            subject_kind="transfer",
            subject_id=new_id(),
            purpose="transfer",
            amount_minor=8500,
            refund_requested_minor=0,
            refunded_minor=0,
            currency="USD",
            status=Status.PENDING,
            reference="TICKET-1",
            lines=(),
            gateway=None,
            gateway_reference=None,
            attempts=0,
            next_attempt_at=NOON,
            decline_code=None,
            decline_text=None,
            captured_at=None,
            created_at=NOON,
            updated_at=NOON,
            version=1,
        ),
        **changes,
    )


@pytest.mark.parametrize(("status", "action"), list(product(Status, Action)))
def test_every_pair_moves_as_the_table_says_or_is_refused(status, action):
    before = charge(status=status)
    if (status, action) in MOVES:
        after = lifecycle.advance(before, action)
        assert after == msgspec.structs.replace(before, status=MOVES[status, action], version=2)
    else:
        with pytest.raises(ChargeMoveRefused) as refusal:
            lifecycle.advance(before, action)
        assert refusal.value.data["status"] == status.value


def test_only_a_charge_that_was_never_asked_for_or_was_declined_can_be_cancelled():
    assert {status for status, action in MOVES if action is Action.CANCEL} == {
        Status.PENDING,
        Status.DECLINED,
    }


def test_nothing_leaves_the_ends():
    assert not {status for status, _ in MOVES} & {Status.REFUNDED, Status.CANCELLED}


def test_an_attempt_in_flight_keeps_its_key():
    first = lifecycle.attempt(charge(), gateway="simulated", now=NOON)
    again = lifecycle.attempt(first, gateway="simulated", now=NOON + timedelta(minutes=5))
    assert again == first
    assert first.attempt_key == f"{first.id}:1"


def test_an_attempt_in_flight_that_nobody_followed_up_is_looked_at_again_with_the_same_key():
    first = lifecycle.attempt(charge(), gateway="simulated", now=NOON)
    later = NOON + timedelta(hours=2)
    again = lifecycle.attempt(first, gateway="simulated", now=later)
    assert again.attempt_key == first.attempt_key
    assert again.next_attempt_at == later + lifecycle.LOOK_AGAIN_AFTER


def test_a_new_attempt_after_a_decline_has_a_new_key_and_waits_for_its_time():
    first = lifecycle.attempt(charge(), gateway="simulated", now=NOON)
    declined = lifecycle.settle(first, Declined("card_declined", "No."), now=NOON)
    assert lifecycle.attempt(declined, gateway="simulated", now=NOON + timedelta(minutes=59)) is None
    second = lifecycle.attempt(declined, gateway="simulated", now=NOON + timedelta(hours=1))
    assert second.attempt_key == f"{first.id}:2"


def test_declines_are_tried_again_after_one_then_24_then_72_hours_and_then_no_more():
    waits = [lifecycle.next_attempt_at(attempts, declined_at=NOON) for attempts in (1, 2, 3, 4, 5)]
    assert waits == [
        NOON + timedelta(hours=1),
        NOON + timedelta(hours=24),
        NOON + timedelta(hours=72),
        None,
        None,
    ]


def test_a_declined_charge_that_is_wholly_unwanted_is_given_up():
    flying = lifecycle.attempt(charge(), gateway="simulated", now=NOON)
    unwanted = lifecycle.request_refund(flying, 8500, now=NOON)
    assert lifecycle.settle(unwanted, Declined("card_declined", "No."), now=NOON).status is Status.CANCELLED
    assert lifecycle.settle(unwanted, Captured("x"), now=NOON).status is Status.CAPTURED


@pytest.mark.parametrize("asked", [-1, 0, 8501])
def test_a_refund_of_nothing_or_of_too_much_is_refused(asked):
    with pytest.raises(RefundTooLarge):
        lifecycle.request_refund(charge(status=Status.CAPTURED), asked, now=NOON)


def test_a_cancelled_charge_has_nothing_to_refund():
    assert lifecycle.refundable_minor(charge(status=Status.CANCELLED)) == 0


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_every_posting_adds_up_to_zero_and_a_cancellation_undoes_the_opening(amount, given_back):
    owed = charge(amount_minor=amount)
    paid_back = Refund(
        id=RefundId(new_id()),
        org_id=owed.org_id,
        charge_id=owed.id,
        amount_minor=given_back,
        status=RefundStatus.PAID,
        reason="box lost",
        refusal=None,
        created_at=NOON,
        updated_at=NOON,
    )
    opened, cancelled = bookkeeping.opened(owed), bookkeeping.cancelled(owed)
    postings = [opened, cancelled, bookkeeping.captured(owed), bookkeeping.refunded(owed, paid_back)]
    assert [sum(amount for _, amount in posting.entries) for posting in postings] == [0, 0, 0, 0]
    assert cancelled.entries == tuple((account, -amount) for account, amount in opened.entries)
    assert cancelled.reverses_id == opened.id
    assert len({posting.key for posting in postings}) == 4
