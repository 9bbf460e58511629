"""What can be done with holds, one file a verb."""

from backhaul.domain.holds.operations.approve import approve_release
from backhaul.domain.holds.operations.cover import place_known
from backhaul.domain.holds.operations.place import place_hold
from backhaul.domain.holds.operations.refuse import refuse_release
from backhaul.domain.holds.operations.request import request_release
from backhaul.domain.holds.operations.withdraw import withdraw_release

__all__ = [
    "approve_release",
    "place_hold",
    "place_known",
    "refuse_release",
    "request_release",
    "withdraw_release",
]
