"""What can be done with exceptions, one file a verb."""

from backhaul.domain.radar.operations.acknowledge import acknowledge
from backhaul.domain.radar.operations.assign import assign
from backhaul.domain.radar.operations.look import look_at
from backhaul.domain.radar.operations.snooze import snooze, wake

__all__ = ["acknowledge", "assign", "look_at", "snooze", "wake"]
