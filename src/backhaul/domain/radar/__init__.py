"""The radar: parcels that need somebody, found by themselves, each with an owner, an action to take and a clock.

Not here: how a parcel moves (shipping), what becomes of its transfer (transfers) or of what is expected of a person
(recovery). Start with `model` and `statements`, which decides what is wrong with a parcel; then `operations.look`.
"""

from backhaul.domain.radar.errors import ExceptionOver, ExceptionUnknown
from backhaul.domain.radar.model import (
    ClosedBecause,
    ExceptionKind,
    ParcelException,
    Policy,
    SuggestedAction,
)
from backhaul.domain.radar.operations import acknowledge, assign, look_at, snooze, wake
from backhaul.domain.radar.queries import (
    ExceptionChange,
    ListedException,
    count_open,
    get_exception,
    list_changes,
    list_exceptions,
)

__all__ = [
    "ClosedBecause",
    "ExceptionChange",
    "ExceptionKind",
    "ExceptionOver",
    "ExceptionUnknown",
    "ListedException",
    "ParcelException",
    "Policy",
    "SuggestedAction",
    "acknowledge",
    "assign",
    "count_open",
    "get_exception",
    "list_changes",
    "list_exceptions",
    "look_at",
    "snooze",
    "wake",
]
