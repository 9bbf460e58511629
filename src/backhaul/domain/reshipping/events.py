"""What reshipments tell others."""

from backhaul.domain.reshipping.model import Status
from backhaul.storage.outbox import Event, event


@event("reshipping.created")
class ReshipmentCreated(Event, frozen=True, kw_only=True):
    """Returns are to be sent on. An estimate of 0 means that the warehouse has to enter it."""

    number: int
    estimated_fee_minor: int
    currency: str


@event("reshipping.quoted")
class ReshipmentQuoted(Event, frozen=True, kw_only=True):
    """There is an estimate to approve or decline."""

    number: int
    estimated_fee_minor: int
    currency: str


@event("reshipping.moved")
class ReshipmentMoved(Event, frozen=True, kw_only=True):
    """A reshipment entered another status."""

    number: int
    before: Status
    after: Status
    estimated_fee_minor: int  # as it entered the status


@event("reshipping.dispatched")
class ReshipmentDispatched(Event, frozen=True, kw_only=True):
    """The parcel was handed to its carrier and paid for."""

    number: int
    tracking_number: str
    reship_fee_minor: int
    currency: str
