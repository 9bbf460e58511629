"""Every pair of holder and action, every pair of holder and type of status."""

import itertools
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from tests.conftest import NOON

from backhaul.domain.inventory.errors import (
    CustodyMoveRefused,
    NotSanitised,
    StatusLabelMissing,
    StatusRefused,
)
from backhaul.domain.inventory.lifecycle import (
    MOVES,
    ON_ARRIVAL,
    REASONS,
    STATUSES,
    custody_event,
    first_of,
    hand_over,
    label_on_arrival,
    require_sanitised,
    require_status,
)
from backhaul.domain.inventory.model import Action, Asset, Custody, Reason, StatusLabel, StatusType
from backhaul.storage.author import SYSTEM

ORGANIZATION, EMPLOYEE, PARCEL, OUTSIDE, WAREHOUSE = Custody
PAIRS = list(itertools.product(Custody, StatusType))
LATER = NOON + timedelta(hours=1)
SOMEBODY, SOMETHING = UUID(int=1), UUID(int=2)

# Written out by hand, so that the table and this cannot be wrong together. "-" is refused.
WALK = {
    ORGANIZATION: {"assign": EMPLOYEE, "unassign": "-", "ship": PARCEL, "take_in": "-"},
    EMPLOYEE: {"assign": "-", "unassign": ORGANIZATION, "ship": PARCEL, "take_in": "-"},
    PARCEL: {"assign": "-", "unassign": "-", "ship": PARCEL, "take_in": ORGANIZATION},
    OUTSIDE: {"assign": "-", "unassign": "-", "ship": PARCEL, "take_in": ORGANIZATION},
    WAREHOUSE: {"assign": "-", "unassign": "-", "ship": PARCEL, "take_in": ORGANIZATION},
}
LEFT = {custody: OUTSIDE if custody is WAREHOUSE else "-" for custody in Custody}
DELIVERIES = {
    "deliver_to_organization": ORGANIZATION,
    "deliver_to_employee": EMPLOYEE,
    "deliver_outside": OUTSIDE,
    "receive": WAREHOUSE,
}
POSSIBLE = {
    ORGANIZATION: {"undeployed", "deployable", "archived", "pending", "undeployable"},
    EMPLOYEE: {"deployed", "undeployed", "pending", "undeployable"},
    PARCEL: {"pending", "undeployable", "archived"},
    OUTSIDE: {"pending", "undeployable", "archived"},
    WAREHOUSE: {"undeployed", "deployable", "archived", "pending", "undeployable"},
}
LABELS = tuple(
    StatusLabel(id=UUID(int=100 + n), number=n, name=f"{kind} {n}", type=kind)
    for n, kind in enumerate([*StatusType, *StatusType], 1)
)


def held(custody):
    values = dict.fromkeys(Asset.__struct_fields__)
    values |= {
        "custody": custody,
        "employee_id": SOMEBODY if custody is EMPLOYEE else None,
        "shipment_id": SOMETHING if custody is PARCEL else None,
        "warehouse_id": SOMETHING if custody is WAREHOUSE else None,
        "is_sanitisation_due": False,
        "custody_since": NOON,
        "custody_count": 3,
        "updated_at": NOON,
        "version": 7,
        "status_id": LABELS[0].id,
    }
    return Asset(**values)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("custody", Custody)
def test_every_move(custody, action):
    expected = {**WALK[custody], **DELIVERIES, "miss": LEFT[custody], "discard": LEFT[custody]}[
        action.name.lower()
    ]
    asset = held(custody)
    label = first_of(LABELS, ON_ARRIVAL[expected if expected != "-" else ORGANIZATION])
    if expected == "-":
        with pytest.raises(CustodyMoveRefused):
            hand_over(asset, action, to_id=None, label=label, at=LATER)
        return
    after = hand_over(asset, action, to_id=UUID(int=9), label=label, at=LATER)
    assert after == msgspec.structs.replace(
        asset,
        custody=expected,
        employee_id=UUID(int=9) if expected is EMPLOYEE else None,
        shipment_id=UUID(int=9) if expected is PARCEL else None,
        warehouse_id=UUID(int=9) if expected is WAREHOUSE else None,
        is_sanitisation_due=expected is WAREHOUSE,
        status_id=label.id,
        custody_since=LATER,
        custody_count=4,
        updated_at=LATER,
        version=8,
    )


@pytest.mark.parametrize(("custody", "kind"), PAIRS)
def test_every_status_with_every_holder(custody, kind):
    label = first_of(LABELS, kind)
    if kind.value in POSSIBLE[custody]:
        require_status(custody, label)
    else:
        with pytest.raises(StatusRefused) as refused:
            require_status(custody, label)
        assert label.name in refused.value.text


def test_what_a_device_gets_on_arrival_is_possible_there():
    assert set(ON_ARRIVAL) == set(STATUSES) == set(Custody)
    assert {custody for custody, kind in ON_ARRIVAL.items() if kind not in STATUSES[custody]} == set()
    assert ON_ARRIVAL == {
        ORGANIZATION: StatusType.DEPLOYABLE,
        EMPLOYEE: StatusType.DEPLOYED,
        PARCEL: StatusType.PENDING,
        OUTSIDE: StatusType.PENDING,
        WAREHOUSE: StatusType.PENDING,
    }


@pytest.mark.parametrize(("custody", "kind"), PAIRS)
def test_what_is_held_or_written_off_stays_so_wherever_that_is_possible(custody, kind):
    present = first_of(LABELS, kind)
    after = label_on_arrival(LABELS, present, custody, is_held=False)
    require_status(custody, after)
    # Written out: whom an archived device is delivered to uses it, and then it is in use.
    stays = kind is StatusType.UNDEPLOYABLE or (kind is StatusType.ARCHIVED and custody is not EMPLOYEE)
    assert after == (present if stays else first_of(LABELS, ON_ARRIVAL[custody]))
    assert label_on_arrival(LABELS, present, custody, is_held=True).type is StatusType.UNDEPLOYABLE


@pytest.mark.parametrize(("custody", "kind"), PAIRS)
def test_what_is_to_be_sanitised_never_becomes_deployable_by_arriving(custody, kind):
    present = first_of(LABELS, kind)
    after = label_on_arrival(LABELS, present, custody, is_held=False, is_sanitisation_due=True)
    otherwise = label_on_arrival(LABELS, present, custody, is_held=False)
    is_waited_for = otherwise.type is StatusType.DEPLOYABLE
    assert after == (first_of(LABELS, StatusType.PENDING) if is_waited_for else otherwise)


@pytest.mark.parametrize("kind", StatusType)
def test_nobody_makes_deployable_what_is_to_be_sanitised(kind):
    label = first_of(LABELS, kind)
    require_sanitised(held(ORGANIZATION), label)
    due = msgspec.structs.replace(held(ORGANIZATION), is_sanitisation_due=True, serial_number="SN-1")
    if kind is not StatusType.DEPLOYABLE:
        require_sanitised(due, label)
        return
    with pytest.raises(NotSanitised) as refused:
        require_sanitised(due, label)
    assert "SN-1" in refused.value.text
    with pytest.raises(NotSanitised):
        hand_over(
            msgspec.structs.replace(due, custody=PARCEL), Action.TAKE_IN, to_id=None, label=label, at=LATER
        )


def test_what_a_warehouse_received_is_to_be_sanitised_until_somebody_says_so():
    received = hand_over(
        held(PARCEL), Action.RECEIVE, to_id=SOMETHING, label=first_of(LABELS, StatusType.PENDING), at=LATER
    )
    shipped = hand_over(
        received, Action.SHIP, to_id=SOMETHING, label=first_of(LABELS, StatusType.PENDING), at=LATER
    )
    assert (received.is_sanitisation_due, shipped.is_sanitisation_due, shipped.warehouse_id) == (
        True,
        True,
        None,
    )


def test_the_first_of_a_type_is_the_oldest():
    assert first_of(tuple(reversed(LABELS)), StatusType.DEPLOYED).number == 1
    with pytest.raises(StatusLabelMissing):
        first_of(LABELS[1:6], StatusType.DEPLOYED)


def test_every_action_has_its_reason():
    assert set(REASONS) == set(Action)
    assert set(Reason) - set(REASONS.values()) == {Reason.ADDED, Reason.CORRECTED, Reason.REMOVED}
    assert {action for _, action in MOVES} == set(Action)


def test_an_older_report_does_not_turn_the_clock_back():
    asset = msgspec.structs.replace(held(ORGANIZATION), updated_at=LATER)
    after = hand_over(
        asset, Action.SHIP, to_id=SOMETHING, label=first_of(LABELS, StatusType.PENDING), at=NOON
    )
    assert (after.custody_since, after.updated_at) == (NOON, LATER)


def test_nobody_holds_a_device_since_before_the_one_who_had_it_first():
    """Somebody looked at the clock, and then waited for a lock."""
    asset = msgspec.structs.replace(held(ORGANIZATION), custody_since=LATER)
    after = hand_over(
        asset, Action.ASSIGN, to_id=SOMEBODY, label=first_of(LABELS, StatusType.DEPLOYED), at=NOON
    )
    assert after.custody_since == LATER


def test_the_ledgers_entry_leads_from_one_holder_to_the_next():
    before = held(EMPLOYEE)
    after = hand_over(
        before, Action.SHIP, to_id=SOMETHING, label=first_of(LABELS, StatusType.PENDING), at=LATER
    )
    event = custody_event(before, after, Reason.SHIPPED, SYSTEM, {"a": "b"})
    assert (event.from_custody, event.from_id, event.to_custody, event.to_id) == (
        EMPLOYEE, SOMEBODY, PARCEL, SOMETHING,
    )  # fmt: skip
    assert (event.sequence, event.at, event.author_kind, event.evidence) == (4, LATER, "system", {"a": "b"})
    added = custody_event(None, held(ORGANIZATION), Reason.ADDED, SYSTEM, {})
    assert (added.from_custody, added.from_id) == (None, None)
