"""How a parcel's status follows what carriers report.

Carriers repeat themselves, report late and leave scans out. So the status is never nudged by the newest
message: it is folded anew from all scans in the order of their own times, which makes duplicates, gaps and
late arrivals harmless.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from backhaul.domain.shipping.errors import ShipmentMoveRefused
from backhaul.domain.shipping.model import Fault, Tracking, TrackingEvent

_T = Tracking
_MOVING = (_T.IN_TRANSIT, _T.OUT_FOR_DELIVERY, _T.AVAILABLE_FOR_PICKUP)
_ENDS = (_T.DELIVERED, _T.RETURN_TO_SENDER, _T.FAILURE)

# (status, what the carrier reports) → status
MOVES: dict[tuple[Tracking, Tracking], Tracking] = {
    (_T.PRE_TRANSIT, _T.PRE_TRANSIT): _T.PRE_TRANSIT,
    (_T.PRE_TRANSIT, _T.CANCELLED): _T.CANCELLED,
    **{(_T.PRE_TRANSIT, seen): seen for seen in (*_MOVING, *_ENDS)},
    **{(moving, seen): seen for moving in _MOVING for seen in (*_MOVING, *_ENDS)},
    # A parcel given up for lost may turn up again.
    **{(_T.FAILURE, seen): seen for seen in (*_MOVING, *_ENDS)},
    # On its way back, further scans only show the way back; "delivered" then means delivered to the sender.
    **{
        (_T.RETURN_TO_SENDER, seen): _T.RETURN_TO_SENDER
        for seen in (*_MOVING, _T.DELIVERED, _T.RETURN_TO_SENDER)
    },
    (_T.RETURN_TO_SENDER, _T.FAILURE): _T.FAILURE,
    (_T.DELIVERED, _T.DELIVERED): _T.DELIVERED,
    # A voided label that somebody used after all.
    **{(_T.CANCELLED, seen): seen for seen in (*_MOVING, *_ENDS)},
    (_T.CANCELLED, _T.CANCELLED): _T.CANCELLED,
    # An unknown report leaves everything as it is, and from unknown everything may follow.
    **{(status, _T.UNKNOWN): status for status in _T},
    **{(_T.UNKNOWN, seen): seen for seen in _T},
}

WATCHED = frozenset({_T.PRE_TRANSIT, _T.IN_TRANSIT, _T.OUT_FOR_DELIVERY, _T.AVAILABLE_FOR_PICKUP, _T.UNKNOWN})

# Given up for lost, and yet such parcels turn up: looked at now and then.
MAY_TURN_UP = frozenset({_T.FAILURE})


def advance(status: Tracking, seen: Tracking) -> Tracking:
    """Return the status after a report, or refuse what cannot follow."""
    after = MOVES.get((status, seen))
    if after is None:
        raise ShipmentMoveRefused(status=status.value, action=f"become {seen.value}")
    return after


def is_cancellable(status: Tracking, *, shipped_at: datetime | None) -> bool:
    """Return whether the parcel is still with its sender and its label can be given up."""
    return shipped_at is None and (status, Tracking.CANCELLED) in MOVES


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What all scans together say."""

    status: Tracking
    fault: Fault | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    since: datetime | None  # the scan that brought this status; None: it never changed


def standing(events: Iterable[TrackingEvent], *, start: Tracking = Tracking.PRE_TRANSIT) -> Standing:
    """Fold the scans, in the order of their own times. Reports that cannot follow are passed over."""
    status, fault = start, None
    shipped_at = delivered_at = since = None
    for event in sorted(events, key=_moment):
        after = MOVES.get((status, event.status))
        if after is None:
            continue
        if shipped_at is None and event.status in (*_MOVING, *_ENDS) and event.status is not _T.FAILURE:
            shipped_at = event.at
        if after is _T.DELIVERED and status is not _T.DELIVERED:
            delivered_at = event.at
        if event.status is not _T.UNKNOWN:
            fault = event.fault or (fault if after in (_T.FAILURE, _T.RETURN_TO_SENDER) else None)
        if after is not status:
            since = event.at
        status = after
    return Standing(status=status, fault=fault, shipped_at=shipped_at, delivered_at=delivered_at, since=since)


def _moment(event: TrackingEvent) -> tuple[datetime, int, str, str, str, str]:
    # Scans of the same second: the further along wins; the rest makes the order total.
    progress = _PROGRESS.index(event.status)
    return event.at, progress, event.carrier_status, event.text, event.place or "", event.fault or ""


_PROGRESS = [
    _T.UNKNOWN,
    _T.PRE_TRANSIT,
    _T.CANCELLED,
    _T.IN_TRANSIT,
    _T.OUT_FOR_DELIVERY,
    _T.AVAILABLE_FOR_PICKUP,
    _T.FAILURE,
    _T.RETURN_TO_SENDER,
    _T.DELIVERED,
]
