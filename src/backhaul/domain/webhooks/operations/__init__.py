"""What can be done with endpoints and deliveries, one file per subject."""

from backhaul.domain.webhooks.operations.delivering import deliver, replay_delivery
from backhaul.domain.webhooks.operations.endpoints import (
    add_endpoint,
    change_endpoint,
    enable_endpoint,
    remove_endpoint,
)
from backhaul.domain.webhooks.operations.recording import record_attempt
from backhaul.domain.webhooks.operations.secrets import rotate_secret, show_secret

__all__ = [
    "add_endpoint",
    "change_endpoint",
    "deliver",
    "enable_endpoint",
    "record_attempt",
    "remove_endpoint",
    "replay_delivery",
    "rotate_secret",
    "show_secret",
]
