from datetime import UTC, datetime, timedelta
from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.making import HOME, OFFICE

from backhaul.domain.shipping.model import Leg, Tracking
from backhaul.domain.transfers import lifecycle
from backhaul.domain.transfers.errors import TransferMoveRefused
from backhaul.domain.transfers.lifecycle import ENDED, MEANING, MOVES
from backhaul.domain.transfers.model import Action, Direction, Status, Transfer, TransferId
from backhaul.kernel.ids import OrgId, UserId, new_id

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
PAIRS = list(product(Status, Action))
BOX_STATUSES = {Status.PENDING_BOX, Status.BOX_IN_TRANSIT}
BOX_ACTIONS = {Action.SHIP_BOX, Action.DELIVER_BOX, Action.FAIL_BOX}


def transfer(**changes) -> Transfer:
    return msgspec.structs.replace(
        Transfer(
            id=TransferId(new_id()),
            org_id=OrgId(new_id()),
            direction=Direction.RETURN,
            status=Status.PENDING_BOX,
            user_id=UserId(new_id()),
            user_email="it@maas.example",
            organization_address=OFFICE,
            employee_address=HOME,
            device_type="laptop",
            device_make=None,
            device_model=None,
            device_serial_number=None,
            device_condition=None,
            box_carrier=None,
            is_box_rush=False,
            is_box_waived=False,
            device_carrier=None,
            is_device_rush=False,
            insured_minor=0,
            pickup_wish=None,
            plan_code=None,
            ticket_reference=None,
            is_muted=False,
            sender_ready_at=None,
            reminders_due=0,
            next_reminder_at=None,
            give_up_at=None,
            created_at=NOON,
            updated_at=NOON,
            version=1,
        ),
        **changes,
    )


@pytest.mark.parametrize(("status", "action"), PAIRS)
def test_every_pair_moves_as_the_table_says_or_is_refused(status, action):
    before = transfer(status=status, version=7)
    if (status, action) in MOVES:
        after = lifecycle.advance(before, action)
        assert after == msgspec.structs.replace(before, status=MOVES[status, action], version=8)
        assert lifecycle.follow(before, action) == after
        return
    assert lifecycle.follow(before, action) is None
    with pytest.raises(TransferMoveRefused) as refused:
        lifecycle.advance(before, action)
    assert refused.value.data == {
        "transfer_id": before.id,
        "status": status.value,
        "action": action.value.replace("_", " "),
    }


def test_the_table_leads_where_the_words_say():
    goals = {
        Action.SHIP_BOX: {Status.BOX_IN_TRANSIT},
        Action.DELIVER_BOX: {Status.PENDING_DEVICE},
        Action.FAIL_BOX: {Status.FAILED},
        Action.SHIP_DEVICE: {Status.DEVICE_IN_TRANSIT},
        Action.DELIVER_DEVICE: {Status.COMPLETE},
        Action.FAIL_DEVICE: {Status.FAILED},
        Action.GIVE_UP: {Status.NOT_RETURNED},
        Action.CANCEL: {Status.CANCELLED},
    }
    found = {action: {after for (_, done), after in MOVES.items() if done is action} for action in Action}
    assert found == goals


def test_a_delivered_device_completes_whatever_is_not_complete_or_cancelled():
    completing = {status for status in Status if (status, Action.DELIVER_DEVICE) in MOVES}
    assert completing == set(Status) - {Status.COMPLETE, Status.CANCELLED}


def test_nothing_leaves_complete_and_cancelled():
    leaving = {before for before, _ in MOVES}
    assert set(Status) - leaving == {Status.COMPLETE, Status.CANCELLED}
    assert {Status.COMPLETE, Status.CANCELLED, Status.FAILED, Status.NOT_RETURNED} == ENDED


def test_only_what_was_not_handed_over_can_be_cancelled():
    cancellable = {status for status in Status if (status, Action.CANCEL) in MOVES}
    assert cancellable == {Status.PENDING_BOX, Status.PENDING_DEVICE}


@pytest.mark.parametrize(("is_box_waived", "first"), [(False, "pending_box"), (True, "pending_device")])
def test_a_transfer_begins_with_its_first_parcel(is_box_waived, first):
    assert lifecycle.first_status(is_box_waived=is_box_waived) == first


def test_every_parcel_status_has_its_meaning_or_none():
    meaningless = {pair for pair in product(Leg, Tracking) if pair not in MEANING}
    silent = set(product(Leg, [Tracking.PRE_TRANSIT, Tracking.CANCELLED, Tracking.UNKNOWN]))
    assert meaningless == silent | set(product([Leg.ONWARD], Tracking))  # no transfer has such a parcel
    for (leg, _), action in MEANING.items():
        assert (action in BOX_ACTIONS) == (leg is Leg.BOX)


REPORTS = st.lists(st.tuples(st.sampled_from(Leg), st.sampled_from(Tracking)), max_size=14)


def play(first: Transfer, reports) -> list[Transfer]:
    """Return every saved version of a transfer that follows its parcels as the reaction does."""
    saved = [first]
    for leg, seen in reports:
        action = MEANING.get((leg, seen))
        after = lifecycle.follow(saved[-1], action) if action else None
        if after is None:
            continue
        if action is Action.DELIVER_BOX:
            after = msgspec.structs.replace(
                after, sender_ready_at=NOON, next_reminder_at=NOON, give_up_at=NOON + timedelta(days=30)
            )
        saved.append(after)
    return saved


def reachable(first: Status) -> set[Status]:
    found, fresh = set(), {first}
    while fresh:
        found |= fresh
        fresh = {MOVES[pair] for pair in product(fresh, MEANING.values()) if pair in MOVES} - found
    return found


@given(reports=REPORTS)
def test_no_sequence_of_reports_breaks_a_transfer(reports):
    saved = play(transfer(), reports)
    last = saved[-1]
    assert [version.version for version in saved] == list(range(1, len(saved) + 1))
    assert last.status in reachable(Status.PENDING_BOX)
    for version in saved:
        assert (version.next_reminder_at is not None) == (version.status is Status.PENDING_DEVICE)
        assert (version.give_up_at is not None) == (version.status is Status.PENDING_DEVICE)
    assert (last.status is Status.COMPLETE) == ((Leg.DEVICE, Tracking.DELIVERED) in reports)
    assert last.status not in (Status.CANCELLED, Status.NOT_RETURNED)


@given(reports=REPORTS)
def test_reports_that_are_repeated_change_nothing_more(reports):
    first = transfer()
    once = play(first, reports)[-1]
    twice = play(first, [report for report in reports for _ in range(2)])[-1]
    assert twice == once


@given(reports=REPORTS)
def test_a_device_that_has_set_out_is_never_waited_for_again(reports):
    statuses = [version.status for version in play(transfer(), reports)]
    moved = [at for at, status in enumerate(statuses) if status is Status.DEVICE_IN_TRANSIT]
    if moved:
        assert not {Status.PENDING_DEVICE, *BOX_STATUSES} & set(statuses[moved[0] :])


@given(reports=REPORTS)
def test_a_transfer_without_a_box_never_enters_a_box_status(reports):
    first = transfer(is_box_waived=True, status=Status.PENDING_DEVICE, next_reminder_at=NOON, give_up_at=NOON)
    reports = [report for report in reports if report[0] is Leg.DEVICE]
    assert not BOX_STATUSES & {version.status for version in play(first, reports)}
