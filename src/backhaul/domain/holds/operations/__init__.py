"""What can be done with holds, one file a verb."""

from backhaul.domain.holds.operations.approve import approve_release
from backhaul.domain.holds.operations.place import place_hold
from backhaul.domain.holds.operations.request import request_release

__all__ = ["approve_release", "place_hold", "request_release"]
