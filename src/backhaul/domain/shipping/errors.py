"""What shipping refuses."""

from typing import Any

from backhaul.domain.shipping.model import Fault
from backhaul.kernel.errors import DomainError, Kind


class ShipmentUnknown(DomainError):
    """No such shipment in this organization."""

    code = "shipping.shipment_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no shipment {shipment_id}."


class ShipmentMoveRefused(DomainError):
    """The shipment's status does not allow this action."""

    code = "shipping.move_refused"
    kind = Kind.CONFLICT
    message = "The shipment is {status}; it cannot {action} now."


class CarrierUnknown(DomainError):
    """No adapter serves this carrier."""

    code = "shipping.carrier_unknown"
    kind = Kind.INVALID
    message = "No carrier called {carrier} is set up. Set up: {known}."


class CarrierRefused(DomainError):
    """The carrier refused for good; trying again unchanged is useless.

    `fault` says whose fault it is, as far as the adapter knows: refunds depend on it, and words are no evidence.
    """

    code = "shipping.carrier_refused"
    kind = Kind.CONFLICT
    message = "{carrier} refused: {reason}"

    def __init__(self, *, fault: Fault = Fault.OTHER, **data: Any) -> None:
        super().__init__(fault=fault, **data)


class CarrierUnavailable(DomainError):
    """The carrier did not answer; the same call may be repeated."""

    code = "shipping.carrier_unavailable"
    kind = Kind.UNAVAILABLE
    message = "{carrier} does not answer at the moment."


class CapabilityMissing(DomainError):
    """The carrier's adapter does not offer that."""

    code = "shipping.capability_missing"
    kind = Kind.UNSUPPORTED
    message = "{carrier} does not offer {capability} through Backhaul."


class PickupRefused(DomainError):
    """The pickup cannot be booked as asked."""

    code = "shipping.pickup_refused"
    kind = Kind.INVALID
    message = "The pickup was refused: {reason}"


class LabelUnknown(DomainError):
    """The shipment has no label yet."""

    code = "shipping.label_unknown"
    kind = Kind.NOT_FOUND
    message = "The shipment {shipment_id} has no label yet."


class LinkInvalid(DomainError):
    """The link is unknown, too old, or its parcel was cancelled."""

    code = "shipping.link_invalid"
    kind = Kind.NOT_FOUND
    message = "This link does not work any more. Ask whoever sent it for a new one."
