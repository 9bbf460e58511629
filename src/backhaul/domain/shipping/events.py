"""What shipping tells others. `subject_id` is whatever the parcel belongs to, so its events stay in order."""

from datetime import datetime
from uuid import UUID

from backhaul.domain.shipping.model import Fault, Leg, Tracking
from backhaul.storage.outbox import Event, event


@event("shipping.label_bought")
class LabelBought(Event, frozen=True, kw_only=True):
    """A label exists: the parcel has a tracking number."""

    shipment_id: UUID
    leg: Leg


@event("shipping.parcel_moved")
class ParcelMoved(Event, frozen=True, kw_only=True):
    """A parcel's status changed."""

    shipment_id: UUID
    leg: Leg
    before: Tracking
    after: Tracking
    fault: Fault | None
    moved_at: datetime  # by the carrier's scan, not by when we heard of it


@event("shipping.pickup_booked")
class PickupBooked(Event, frozen=True, kw_only=True):
    """The carrier confirmed a pickup."""

    pickup_id: UUID
    shipment_id: UUID


@event("shipping.pickup_ended")
class PickupEnded(Event, frozen=True, kw_only=True):
    """A pickup was cancelled, or the carrier refused it."""

    pickup_id: UUID
    shipment_id: UUID
    was_refused: bool
