"""The one status that outsiders see, computed from four axes that are kept apart (contract Unduit §2.5).

The axes: what became of the case, how far its parcels are, who holds its devices, and whether they were looked at.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from backhaul.domain.recovery.model import Outcome
from backhaul.domain.transfers.model import Status


class Shown(StrEnum):
    """How a recovery stands, in the words of the contract. In this order."""

    ORDER_RECEIVED = "Order Received"
    LABEL_CREATED = "Label Created"
    KIT_SHIPPED = "Kit Shipped"
    KIT_DELIVERED = "Kit Delivered"
    IN_TRANSIT = "In Transit"
    RECEIVED = "Received"
    DIAGNOSTIC_COMPLETED = "Diagnostic Completed"
    COMPLETED = "Completed"
    CANCELLED = "Cancelled"
    NOT_RETURNED = "Not Returned"


class Travel(msgspec.Struct, frozen=True, kw_only=True):
    """What of a parcel counts."""

    status: Status
    is_box_waived: bool
    has_label: bool  # for the way back
    is_expected: bool = True  # whether anything in it is still expected


_LADDER = tuple(Shown)
_BY_STATUS = {
    Status.PENDING_BOX: Shown.ORDER_RECEIVED,
    Status.BOX_IN_TRANSIT: Shown.KIT_SHIPPED,
    Status.PENDING_DEVICE: Shown.KIT_DELIVERED,
    Status.DEVICE_IN_TRANSIT: Shown.IN_TRANSIT,
    Status.COMPLETE: Shown.RECEIVED,
    Status.FAILED: Shown.NOT_RETURNED,
    Status.NOT_RETURNED: Shown.NOT_RETURNED,
    Status.CANCELLED: Shown.CANCELLED,
}
_BY_OUTCOME = {
    Outcome.RETURNED: Shown.COMPLETED,
    Outcome.PARTLY_RETURNED: Shown.COMPLETED,
    Outcome.KEPT: Shown.NOT_RETURNED,
    Outcome.LOST: Shown.NOT_RETURNED,
    Outcome.REFUSED: Shown.NOT_RETURNED,
    Outcome.WRITTEN_OFF: Shown.NOT_RETURNED,
    Outcome.CANCELLED: Shown.CANCELLED,
}


def shown(outcome: Outcome | None, travels: Sequence[Travel], *, is_diagnosed: bool = False) -> Shown:
    """Return the status of a case: that of its outcome, else of the parcel that is furthest behind.

    A parcel that went wrong counts only when no other is on its way.
    """
    if outcome is not None:
        return _BY_OUTCOME[outcome]
    stages = [_stage(travel) for travel in travels if travel.is_expected]
    moving = [stage for stage in stages if stage not in (Shown.NOT_RETURNED, Shown.CANCELLED)]
    if moving:
        return _inspected(min(moving, key=_LADDER.index), is_diagnosed=is_diagnosed)
    if Shown.NOT_RETURNED in stages:
        return Shown.NOT_RETURNED
    if stages:
        return Shown.CANCELLED
    # Nothing travels: nothing was sent yet, or everything that travelled is there.
    return _inspected(Shown.RECEIVED if travels else Shown.ORDER_RECEIVED, is_diagnosed=is_diagnosed)


def _stage(travel: Travel) -> Shown:
    if travel.is_box_waived and travel.status is Status.PENDING_DEVICE:
        return Shown.LABEL_CREATED if travel.has_label else Shown.ORDER_RECEIVED
    return _BY_STATUS[travel.status]


def _inspected(stage: Shown, *, is_diagnosed: bool) -> Shown:
    return Shown.DIAGNOSTIC_COMPLETED if is_diagnosed and stage is Shown.RECEIVED else stage
