"""What can be done with messages, one file a verb."""

from backhaul.domain.notify.operations.attempting import record_attempt
from backhaul.domain.notify.operations.deciding import decide
from backhaul.domain.notify.operations.testing import send_test

__all__ = ["decide", "record_attempt", "send_test"]
