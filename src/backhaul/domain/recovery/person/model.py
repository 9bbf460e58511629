"""What the person's page shows, and what can be said on it."""

from datetime import date, datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.domain.identity.model import Actor, link_actor
from backhaul.domain.recovery.model import Case, CaseId, Item, ItemId, ReturnAddress, Shipping
from backhaul.domain.shipping.model import CarrierCode, PickupStatus, ShipmentId, Tracking
from backhaul.domain.transfers.model import Status, TransferId
from backhaul.kernel.addresses import Address
from backhaul.storage.author import Author
from backhaul.storage.scope import Scope

LinkId = NewType("LinkId", UUID)

# What came to nothing: it can be sent again. What a delivery ends is there: nothing of it is sent for again.
CAME_TO_NOTHING = frozenset({Status.FAILED, Status.NOT_RETURNED, Status.CANCELLED})
# Where the person's address matters no more: the parcel is on its way back, or was.
BEHIND_THEM = frozenset({Status.DEVICE_IN_TRANSIT, Status.COMPLETE})


class Pages(msgspec.Struct, frozen=True, kw_only=True):
    """Where the pages are that links lead to, and how long a link is good for."""

    person_page: str  # URL that a token is appended to
    link_days: int = 90


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How often the page may be asked for: at once, and for long."""

    link_burst: int = 60
    link_per_minute: int = 30
    client_burst: int = 300
    client_per_minute: int = 120


class Linked(msgspec.Struct, frozen=True):
    """Where a link leads."""

    scope: Scope
    link_id: LinkId
    case_id: CaseId

    @property
    def author(self) -> Author:
        """Whom history names: the link, since nobody knows who holds it."""
        return Author("link", self.link_id)

    @property
    def actor(self) -> Actor:
        """Whoever follows the link, as transfers know them."""
        return link_actor(self.scope.org_id, self.link_id)


class Choice(StrEnum):
    """How somebody wants to send their things."""

    KIT = "kit"  # a box with the label in it
    LABEL = "label"  # a label to print, a box of their own
    PICKUP = "pickup"  # the same, collected at the door


class GoneReason(StrEnum):
    """Why somebody says they no longer have a thing."""

    LOST = "lost"
    STOLEN = "stolen"
    RETURNED = "returned"
    NEVER_HAD = "never_had"
    KEPT = "kept"  # bought, or allowed to keep


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says of an item. What became of it, the organization decides."""

    item_id: ItemId
    position: int
    reason: GoneReason
    note: str | None
    claimed_at: datetime
    withdrawn_at: datetime | None


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """A signed hand-over: the very words, by whom and when."""

    full_name: str
    text: str
    text_sha256: str  # hexadecimal
    signed_at: datetime


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """One scan by a carrier."""

    at: datetime
    text: str
    place: str | None


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """One way of a parcel as the person follows it."""

    shipment_id: ShipmentId
    carrier: CarrierCode | None
    tracking_number: str | None
    tracking_url: str | None
    is_simulated: bool
    status: Tracking
    shipped_at: datetime | None
    delivered_at: datetime | None
    scans: tuple[Scan, ...]  # the newest five, newest first


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """A pickup that is requested or booked."""

    on_date: date
    instructions: str | None
    status: PickupStatus


class PersonParcel(msgspec.Struct, frozen=True, kw_only=True):
    """One of the person's parcels."""

    position: int
    transfer_id: TransferId
    device: str
    status: Status
    is_box_waived: bool
    box: Leg | None
    back: Leg | None
    pickup: Booked | None
    attempt: int = 1  # above 1 where it was sent again
    return_to: Address | None = None  # where it goes; None: not asked for

    @property
    def is_printable(self) -> bool:
        """Whether the label for the way back can be printed and used."""
        has_label = self.back is not None and self.back.tracking_number is not None
        return has_label and self.status is Status.PENDING_DEVICE

    @property
    def is_address_open(self) -> bool:
        """Whether it can still be made to go elsewhere: nothing left, and no label of it is in anybody's hands.

        As `transfers.operations.is_address_open` decides it of the transfer.
        """
        if self.is_box_waived:
            return self.status is Status.PENDING_DEVICE and not self.is_printable
        return self.status is Status.PENDING_BOX


class CampaignFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What of a campaign concerns the person."""

    name: str
    helpdesk_email: str | None
    deadline_on: date | None
    return_addresses: tuple[ReturnAddress, ...]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the page shows, read at one moment."""

    organization_name: str
    campaign: CampaignFacts
    case: Case
    items: tuple[Item, ...]
    claims: tuple[Claim, ...]  # those that stand
    parcels: tuple[PersonParcel, ...]
    confirmed_at: datetime | None  # when the address was called right
    signature: Signature | None
    has_opted_out: bool

    @property
    def is_open(self) -> bool:
        """Whether anything is still expected."""
        return self.case.outcome is None

    @property
    def expected(self) -> tuple[Item, ...]:
        """What the person is to hand over: expected, and not claimed to be gone."""
        claimed = {claim.item_id for claim in self.claims}
        return tuple(item for item in self.items if item.outcome is None and item.id not in claimed)

    @property
    def claim_of(self) -> dict[ItemId, Claim]:
        """What was said of each item."""
        return {claim.item_id: claim for claim in self.claims}

    @property
    def may_correct_address(self) -> bool:
        """Whether something may go to the address yet, and nothing goes there that cannot be led elsewhere."""
        ahead = [parcel for parcel in self.parcels if parcel.status not in BEHIND_THEM]
        return (
            self.is_open
            and (bool(ahead) or not self.parcels)
            and all(parcel.status in CAME_TO_NOTHING or parcel.is_address_open for parcel in ahead)
        )

    @property
    def may_choose(self) -> bool:
        """Whether the person still says how things are sent."""
        return self.is_open and self.case.shipping is Shipping.ASK

    @property
    def may_sign(self) -> bool:
        """Whether there is a hand-over that nobody signed."""
        return self.is_open and self.signature is None and bool(self.expected)
