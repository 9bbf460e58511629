"""The status that outsiders see."""

import pytest

from backhaul.domain.recovery.model import Outcome
from backhaul.domain.recovery.status import Shown, Travel, shown
from backhaul.domain.transfers.model import Status


def kit(status, *, has_label=True, is_expected=True):
    return Travel(status=status, is_box_waived=False, has_label=has_label, is_expected=is_expected)


def label(status, *, has_label=True):
    return Travel(status=status, is_box_waived=True, has_label=has_label)


@pytest.mark.parametrize(
    ("travel", "status"),
    [
        (kit(Status.PENDING_BOX), "Order Received"),
        (kit(Status.BOX_IN_TRANSIT), "Kit Shipped"),
        (kit(Status.PENDING_DEVICE), "Kit Delivered"),
        (kit(Status.DEVICE_IN_TRANSIT), "In Transit"),
        (kit(Status.COMPLETE), "Received"),
        (kit(Status.FAILED), "Not Returned"),
        (kit(Status.NOT_RETURNED), "Not Returned"),
        (kit(Status.CANCELLED), "Cancelled"),
        (label(Status.PENDING_DEVICE, has_label=False), "Order Received"),
        (label(Status.PENDING_DEVICE), "Label Created"),
        (label(Status.DEVICE_IN_TRANSIT), "In Transit"),
        (label(Status.COMPLETE), "Received"),
    ],
)
def test_one_parcel(travel, status):
    assert shown(None, [travel]).value == status


def test_every_status_of_a_transfer_is_shown_as_something():
    for status in Status:
        for is_waived in (True, False):
            travel = Travel(status=status, is_box_waived=is_waived, has_label=True)
            assert shown(None, [travel]) in Shown


def test_nothing_is_sent_yet():
    assert shown(None, []) is Shown.ORDER_RECEIVED


def test_the_parcel_furthest_behind_counts():
    travels = [kit(Status.DEVICE_IN_TRANSIT), kit(Status.BOX_IN_TRANSIT)]
    assert shown(None, travels) is Shown.KIT_SHIPPED


def test_a_parcel_that_went_wrong_counts_when_no_other_travels():
    assert shown(None, [kit(Status.FAILED), kit(Status.DEVICE_IN_TRANSIT)]) is Shown.IN_TRANSIT
    assert shown(None, [kit(Status.FAILED), kit(Status.CANCELLED)]) is Shown.NOT_RETURNED


def test_a_parcel_nothing_is_expected_in_does_not_count():
    travels = [kit(Status.COMPLETE, is_expected=False), kit(Status.PENDING_DEVICE)]
    assert shown(None, travels) is Shown.KIT_DELIVERED


def test_what_is_there_can_be_diagnosed():
    assert shown(None, [kit(Status.COMPLETE)], is_diagnosed=True) is Shown.DIAGNOSTIC_COMPLETED
    assert shown(None, [kit(Status.PENDING_BOX)], is_diagnosed=True) is Shown.ORDER_RECEIVED


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome.RETURNED, "Completed"),
        (Outcome.PARTLY_RETURNED, "Completed"),
        (Outcome.KEPT, "Not Returned"),
        (Outcome.LOST, "Not Returned"),
        (Outcome.REFUSED, "Not Returned"),
        (Outcome.WRITTEN_OFF, "Not Returned"),
        (Outcome.CANCELLED, "Cancelled"),
    ],
)
def test_an_outcome_says_it_all(outcome, status):
    assert shown(outcome, [kit(Status.PENDING_BOX)], is_diagnosed=True).value == status
