"""What people read about transfers: lines of a list, and one transfer with all that belongs to it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from backhaul.domain.shipping.model import (
    CarrierCode,
    Fault,
    LabelFormat,
    Leg,
    PickupStatus,
    ShipmentId,
    Tracking,
)
from backhaul.domain.transfers.model import Direction, Status, Transfer, TransferId


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which transfers a list shows; what is None or empty leaves nothing out."""

    statuses: tuple[Status, ...] = ()
    direction: Direction | None = None
    leg: Leg | None = (
        None  # where it is now: on its way with the box, or with the device; also whose carrier is meant
    )
    carrier: CarrierCode | None = None
    country_code: str | None = None  # of the person's address
    person: str | None = None  # the person's e-mail address, in any letter case
    since: datetime | None = None  # placed then or later
    until: datetime | None = None  # placed before
    needs_attention: bool = False  # with an open exception
    ids: tuple[TransferId, ...] = ()  # these alone
    text: str | None = None  # the start of a name, address, serial number or ticket; a tracking number; an id


class Cursor(msgspec.Struct, frozen=True):
    """The last line of a page; the next page follows it."""

    created_at: datetime
    id: TransferId


class ListedParcel(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel as a line of a list shows it."""

    leg: Leg
    carrier: CarrierCode | None
    status: Tracking
    tracking_number: str | None


class ListedTransfer(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer as a line of a list."""

    id: TransferId
    short_id: str
    direction: Direction
    status: Status
    person_name: str | None
    email: str | None
    city: str
    country_code: str
    device_type: str
    device_make: str | None
    device_model: str | None
    device_serial_number: str | None
    ticket_reference: str | None
    is_muted: bool
    created_at: datetime
    parcels: tuple[ListedParcel, ...]
    needs: tuple[str, ...]  # kinds of open exceptions

    @property
    def cursor(self) -> Cursor:
        """Where a page that ends with this line ends."""
        return Cursor(self.created_at, self.id)


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """One scan of a parcel."""

    status: Tracking
    fault: Fault | None
    at: datetime
    text: str
    place: str | None
    tracking_number: str


class ShownPickup(msgspec.Struct, frozen=True, kw_only=True):
    """The latest pickup of a parcel."""

    on_date: date
    status: PickupStatus
    instructions: str | None
    confirmation: str | None
    refusal: str | None


class ShownParcel(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel with its scans, pickup and label."""

    id: ShipmentId
    leg: Leg
    adapter: str | None
    carrier: CarrierCode | None
    service: str | None
    status: Tracking
    fault: Fault | None
    tracking_number: str | None
    tracking_url: str | None
    created_at: datetime
    labelled_at: datetime | None
    ready_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    readdressed: int
    scans: tuple[Scan, ...]  # oldest first
    pickup: ShownPickup | None
    labels: tuple[LabelFormat, ...]  # what can be printed now


class ShownLine(msgspec.Struct, frozen=True):
    """A line of a bill."""

    text: str
    amount_minor: int


class ShownCharge(msgspec.Struct, frozen=True, kw_only=True):
    """Money asked for, and given back."""

    amount_minor: int
    currency: str
    refunded_minor: int
    refund_requested_minor: int
    status: str
    lines: tuple[ShownLine, ...]
    decline_text: str | None
    captured_at: datetime | None
    created_at: datetime


class ShownMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A letter or text message about the transfer."""

    id: UUID
    channel: str
    template: str
    recipient: str
    subject: str
    status: str
    decided_at: datetime
    sent_at: datetime | None
    failure: str | None


class ShownAsset(msgspec.Struct, frozen=True, kw_only=True):
    """The asset a transfer carries."""

    number: int
    created_at: datetime
    serial_number: str
    tag: str | None
    model_name: str
    custody: str


class ShownPerson(msgspec.Struct, frozen=True, kw_only=True):
    """The employee of the directory who has the person's address."""

    number: int
    first_name: str
    last_name: str
    email: str


class ShownCase(msgspec.Struct, frozen=True, kw_only=True):
    """The recovery whose parcel the transfer is."""

    number: int
    code: str
    campaign_name: str


class ShownException(msgspec.Struct, frozen=True, kw_only=True):
    """What the radar said about a parcel of the transfer."""

    number: int
    kind: str
    suggested_action: str
    leg: Leg
    owner_email: str
    since: datetime
    due_at: datetime
    acknowledged_at: datetime | None
    note: str | None
    closed_at: datetime | None
    closed_because: str | None


class ShownChange(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the history of a transfer, its parcels, pickups and charges."""

    subject: str  # transfer, shipment, pickup, charge
    leg: Leg | None  # of a parcel or its pickup
    action: str
    at: datetime
    actor_kind: str
    actor_name: str | None  # of a person or key that is still known
    change: dict[str, Any]  # {field: [before, after]}


class FullTransfer(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer with everything that belongs to it."""

    transfer: Transfer
    short_id: str
    parcels: tuple[ShownParcel, ...]  # the box first
    charges: tuple[ShownCharge, ...]
    messages: tuple[ShownMessage, ...]  # newest first
    asset: ShownAsset | None
    person: ShownPerson | None
    case: ShownCase | None
    exceptions: tuple[ShownException, ...]  # newest first
    history: tuple[ShownChange, ...]  # newest first

    def parcel(self, leg: Leg) -> ShownParcel | None:
        """Return the parcel of a leg, if there is one yet."""
        return next((parcel for parcel in self.parcels if parcel.leg is leg), None)
