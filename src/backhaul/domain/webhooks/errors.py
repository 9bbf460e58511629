"""What webhooks refuse."""

from backhaul.kernel.errors import DomainError, Kind


class EndpointUnknown(DomainError):
    """No such endpoint in this organization."""

    code = "webhook.endpoint_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no webhook endpoint {endpoint_id}."


class EndpointTaken(DomainError):
    """The organization has an endpoint of this version with this URL."""

    code = "webhook.endpoint_taken"
    kind = Kind.CONFLICT
    message = "There is a webhook endpoint of the version {version} with this URL already."


class TooManyEndpoints(DomainError):
    """The organization has as many endpoints of this kind as it may have."""

    code = "webhook.too_many_endpoints"
    kind = Kind.CONFLICT
    message = "An organization may have {limit} endpoints of this kind. Remove one first."


class EndpointMoveRefused(DomainError):
    """The endpoint's status does not allow this action."""

    code = "webhook.endpoint_move_refused"
    kind = Kind.CONFLICT
    message = "The webhook endpoint is {status}; it cannot {action} now."


class VersionUnknown(DomainError):
    """Nothing is sent in a version of this name."""

    code = "webhook.version_unknown"
    kind = Kind.INVALID
    message = "{version} is not a version of webhooks. There are: {known}."


class DeliveryUnknown(DomainError):
    """No such delivery in this organization."""

    code = "webhook.delivery_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no webhook delivery {delivery_id}."


class DeliveryMoveRefused(DomainError):
    """The delivery's status does not allow this action."""

    code = "webhook.delivery_move_refused"
    kind = Kind.CONFLICT
    message = "The webhook delivery is {status}; it cannot {action} now."
