"""What webhooks tell others."""

from backhaul.domain.webhooks.model import DeliveryStatus, EndpointId
from backhaul.storage.outbox import Event, event


@event("webhooks.delivery_failed")
class DeliveryFailed(Event, frozen=True, kw_only=True):
    """A delivery ended without having been accepted; the subject is the delivery."""

    status: DeliveryStatus
    endpoint_id: EndpointId | None


@event("webhooks.endpoint_added")
class EndpointAdded(Event, frozen=True, kw_only=True):
    """An organization has a new endpoint; the subject is the endpoint."""


@event("webhooks.endpoint_disabled")
class EndpointDisabled(Event, frozen=True, kw_only=True):
    """An endpoint is told nothing any more, and nobody asked for it; the subject is the endpoint."""

    is_gone: bool = True  # it said so itself; False: it failed as often in a row as its dialect allows
    failures: int = 1  # attempts in a row that were not accepted
    cancelled: int = 0  # deliveries that waited for it


@event("webhooks.endpoint_enabled")
class EndpointEnabled(Event, frozen=True, kw_only=True):
    """A disabled endpoint is told news again; the subject is the endpoint."""


@event("webhooks.endpoint_removed")
class EndpointRemoved(Event, frozen=True, kw_only=True):
    """An endpoint was removed; the subject is the endpoint."""


@event("webhooks.secret_rotated")
class SecretRotated(Event, frozen=True, kw_only=True):
    """Requests are signed with a new secret; the subject is the endpoint, or the organization."""
