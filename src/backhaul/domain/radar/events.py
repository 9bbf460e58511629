"""What the radar tells others. The subject is the exception."""

from datetime import datetime
from uuid import UUID

from backhaul.domain.radar.model import ClosedBecause, ExceptionKind
from backhaul.storage.outbox import Event, event


@event("radar.exception_opened")
class ExceptionOpened(Event, frozen=True, kw_only=True):
    """A parcel needs somebody."""

    kind: ExceptionKind
    shipment_id: UUID
    transfer_id: UUID


@event("radar.exception_closed")
class ExceptionClosed(Event, frozen=True, kw_only=True):
    """A parcel does not need anybody any more."""

    kind: ExceptionKind
    shipment_id: UUID
    transfer_id: UUID
    because: ClosedBecause


@event("radar.exception_acknowledged")
class ExceptionAcknowledged(Event, frozen=True, kw_only=True):
    """Somebody takes care of it; it is still open."""


@event("radar.exception_snoozed")
class ExceptionSnoozed(Event, frozen=True, kw_only=True):
    """Nobody needs to look at an exception before an instant."""

    until: datetime


@event("radar.exception_woken")
class ExceptionWoken(Event, frozen=True, kw_only=True):
    """A snoozed exception needs somebody at once after all."""


@event("radar.exception_assigned")
class ExceptionAssigned(Event, frozen=True, kw_only=True):
    """An exception has another owner."""

    owner_id: UUID
