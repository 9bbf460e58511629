"""Parcels on their way: shipments, what carriers say about them, labels and pickups."""

from datetime import date, datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.kernel.addresses import Address
from backhaul.kernel.ids import OrgId
from backhaul.kernel.measures import Dimensions
from backhaul.kernel.money import Money

ShipmentId = NewType("ShipmentId", UUID)
PickupId = NewType("PickupId", UUID)


class CarrierCode(StrEnum):
    """Carriers by the names the field uses; a customer may require any but USPS (contract R8)."""

    USPS = "USPS"
    UPS = "UPS"
    FEDEX = "FedEx"
    DHL_EXPRESS = "DHLExpress"
    SENDLE = "Sendle"


REQUIRABLE = frozenset({CarrierCode.DHL_EXPRESS, CarrierCode.FEDEX, CarrierCode.SENDLE, CarrierCode.UPS})


class Tracking(StrEnum):
    """A shipment's status in one vocabulary for all carriers."""

    PRE_TRANSIT = "pre_transit"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    DELIVERED = "delivered"
    RETURN_TO_SENDER = "return_to_sender"
    FAILURE = "failure"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class Fault(StrEnum):
    """Why a shipment failed, as far as the carrier says: refunds depend on it (contract §1.8)."""

    LOST = "lost"
    DAMAGED = "damaged"
    REFUSED = "refused"  # by the addressee
    BAD_ADDRESS = "bad_address"
    OTHER = "other"


class LabelFormat(StrEnum):
    """Formats a label is kept in."""

    PDF = "pdf"
    ZPL = "zpl"


class TrackingEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One scan: the normalised status beside what the carrier itself said."""

    status: Tracking
    at: datetime
    carrier_status: str  # the carrier's own code, raw
    text: str  # the carrier's own words, raw
    place: str | None = None
    fault: Fault | None = None


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be carried."""

    origin: Address
    destination: Address
    size: Dimensions
    reference: str  # printed on the label; the simulated carrier reads its reserved words here
    service: str | None = None  # the carrier's service; None lets the cheapest suitable rate decide
    is_rush: bool = False
    insured: Money | None = None  # None means "not insured"
    is_return: bool = False  # a return label: the sender is a private person


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """What one service would cost."""

    carrier: CarrierCode
    service: str
    cost: Money
    days: int  # working days door to door, as promised


class LabelFile(msgspec.Struct, frozen=True, kw_only=True):
    """A label ready to print, 4 × 6 inches."""

    format: LabelFormat
    content: bytes


class Purchase(msgspec.Struct, frozen=True, kw_only=True):
    """A label that was bought."""

    carrier_shipment_id: str  # the carrier's own id, for voiding
    tracking_number: str
    tracking_url: str | None
    service: str
    cost: Money
    labels: tuple[LabelFile, ...]


class TrackRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Which parcel to look up. A real carrier needs the number alone; the rest lets a simulation be pure."""

    tracking_number: str
    service: str
    reference: str
    ready_at: datetime | None  # since when the sender could hand the parcel over; None: not yet


class TrackResult(msgspec.Struct, frozen=True, kw_only=True):
    """All events known so far, oldest first, and when looking again is worthwhile (None: our own rhythm)."""

    events: tuple[TrackingEvent, ...]
    next_look_at: datetime | None = None


class PickupRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A collection at somebody's door."""

    address: Address
    on: date  # in the address's own calendar
    instructions: str | None
    tracking_number: str


class PickupBooking(msgspec.Struct, frozen=True, kw_only=True):
    """The carrier's confirmation of a pickup."""

    confirmation: str


class AddressVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a carrier thinks of an address: problems in words; empty means deliverable."""

    problems: tuple[str, ...]


class Leg(StrEnum):
    """Which of a transfer's two parcels a shipment is, or that it is none of them."""

    BOX = "box"
    DEVICE = "device"
    ONWARD = "onward"  # sent on from a warehouse


class Shipment(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel with one carrier, from label to delivery."""

    id: ShipmentId
    org_id: OrgId
    subject_kind: str  # what the parcel belongs to, "transfer" for example
    subject_id: UUID
    leg: Leg
    adapter: str | None  # which adapter bought it: "simulated", "manual", …; None until then
    carrier: CarrierCode | None  # None: the cheapest when the label is bought
    parcel: Parcel
    status: Tracking
    fault: Fault | None
    service: str | None
    tracking_number: str | None  # None until the label is bought
    tracking_url: str | None
    carrier_shipment_id: str | None
    cost_minor: int | None
    cost_currency: str | None
    ready_at: datetime | None  # since when the sender could hand it over
    shipped_at: datetime | None  # first scan by the carrier
    delivered_at: datetime | None
    next_look_at: datetime | None  # None: not watched (no number yet, or finished)
    looks: int  # fruitless look-ups in a row, for the backoff
    created_at: datetime
    updated_at: datetime
    version: int
    labelled_at: datetime | None = None  # since when it has the number it has
    readdressed: int = 0  # how often it was sent somewhere else before it was handed over

    @property
    def has_label(self) -> bool:
        return self.tracking_number is not None

    @property
    def purchase_key(self) -> str:
        """What the carrier knows the purchase of its label by: another address is another purchase."""
        return f"{self.id}:{self.readdressed}" if self.readdressed else str(self.id)


# The adapter of a parcel whose number was pasted in: no account of ours bought it, so nobody can be asked about
# it, least of all the simulation, which would make a journey up. Every installation has this adapter.
BY_HAND = "manual"


class LinkPurpose(StrEnum):
    """What a link for somebody without an account is good for."""

    LABEL = "label"
    PICKUP = "pickup"


class PickupStatus(StrEnum):
    """How far a pickup is."""

    REQUESTED = "requested"
    BOOKED = "booked"
    PAST = "past"  # its day is over, or the parcel went that day; carriers do not say whether they came
    CANCELLED = "cancelled"
    REFUSED = "refused"


class Pickup(msgspec.Struct, frozen=True, kw_only=True):
    """A collection booked for one parcel."""

    id: PickupId
    org_id: OrgId
    shipment_id: ShipmentId
    on_date: date
    instructions: str | None
    status: PickupStatus
    confirmation: str | None
    refusal: str | None
    created_at: datetime
    updated_at: datetime
    version: int
