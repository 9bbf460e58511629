"""Words and colours for webhooks."""

from backhaul.domain.webhooks import DeliveryStatus, EndpointStatus

DELIVERIES: dict[DeliveryStatus, tuple[str, str]] = {
    DeliveryStatus.PENDING: ("On its way", "accent"),
    DeliveryStatus.DELIVERED: ("Delivered", "good"),
    DeliveryStatus.GONE: ("Refused: gone", "bad"),
    DeliveryStatus.EXHAUSTED: ("Given up", "bad"),
    DeliveryStatus.CANCELLED: ("Cancelled", "neutral"),
}
ENDPOINTS: dict[EndpointStatus, tuple[str, str]] = {
    EndpointStatus.ACTIVE: ("On", "good"),
    EndpointStatus.DISABLED: ("Off", "warn"),
    EndpointStatus.REMOVED: ("Removed", "neutral"),
}
STATUSES = [(one.value, words[0]) for one, words in DELIVERIES.items()]
TABS = (
    ("Endpoints", "/settings/webhooks"),
    ("Deliveries", "/settings/webhooks/deliveries"),
    ("Callbacks", "/settings/webhooks/callbacks"),
)


def tabs_at(here: str) -> list[tuple[str, str, bool]]:
    """Return the parts of these pages, with the one at a path marked."""
    return [(label, path, path == here) for label, path in TABS]
