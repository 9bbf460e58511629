"""Campaigns, the people in them, and what is expected of each."""

from datetime import date, datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.domain.directory.model import EmployeeId, PostalAddress
from backhaul.domain.inventory.model import AssetId
from backhaul.domain.ladders.model import LadderId
from backhaul.domain.transfers.model import TransferId
from backhaul.kernel.addresses import Address
from backhaul.kernel.ids import OrgId, UserId
from backhaul.kernel.measures import Dimensions, grams_from_pounds, mm_from_inches

CampaignId = NewType("CampaignId", UUID)
CaseId = NewType("CaseId", UUID)
ItemId = NewType("ItemId", UUID)

MAX_ITEMS = 5  # of a case (contract Unduit §2.5)
MAX_CASES_AT_ONCE = 100


class CampaignStatus(StrEnum):
    """Whether people can be added to a campaign."""

    ACTIVE = "active"
    COMPLETED = "completed"


class Shipping(StrEnum):
    """How somebody sends their things."""

    KIT = "kit"  # a box with the return label in it
    LABEL = "label"  # a label to print, delivered to a callback
    ASK = "ask"  # as the person chooses on their page; nothing is sent before


class Reason(StrEnum):
    """Why somebody's things are wanted back."""

    REFRESH = "refresh"
    BREAK_FIX = "break_fix"
    OFFBOARDING = "offboarding"
    OTHER = "other"


class Outcome(StrEnum):
    """What became of an item, and of a case: None stands for "still expected"."""

    RETURNED = "returned"
    PARTLY_RETURNED = "partly_returned"  # something that belongs to it stays outstanding
    KEPT = "kept"  # bought out
    LOST = "lost"
    REFUSED = "refused"
    WRITTEN_OFF = "written_off"
    CANCELLED = "cancelled"


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """Who said what became of something, when, why, and what proves it."""

    at: datetime
    author_kind: str
    author_id: UUID | None
    reason: str | None = None
    outstanding: str | None = None  # what is missing of a thing that was partly returned
    evidence: dict[str, str] = {}
    # What had shown that it was returned before somebody corrected that: told once more, it changes nothing.
    corrects: tuple[dict[str, str], ...] = ()


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """A box that is expected back: for which device, how many of them, how large and heavy when full."""

    device: str
    quantity: int  # devices in one box
    size: Dimensions


LAPTOP_BOX = Package(
    device="Laptop",
    quantity=1,
    size=Dimensions(mm_from_inches(16), mm_from_inches(12), mm_from_inches(4), grams_from_pounds(10)),
)


class ReturnAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Where things go, and in which boxes."""

    address: Address
    phone: str | None = None
    packages: tuple[Package, ...] = (LAPTOP_BOX,)


class NewCampaign(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign to make; what is None follows from the organization and the day."""

    name: str
    description: str | None = None
    country_code: str | None = None
    starts_on: date | None = None
    deadline_on: date | None = None
    helpdesk_email: str | None = None
    owner_email: str | None = None  # None: the caller
    return_addresses: tuple[ReturnAddress, ...] = ()
    ladder: str | None = (
        None  # of reminders, by its name; None: the organization's default, else the built-in one
    )


class CampaignChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What is written down about a campaign and may change: the whole of it, every time."""

    name: str
    description: str | None = None
    deadline_on: date | None = None
    helpdesk_email: str | None = None
    owner_email: str
    ladder: str  # by its name
    return_addresses: tuple[ReturnAddress, ...] | None = None  # None: as they are


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """An effort to get devices back from many people."""

    id: CampaignId
    org_id: OrgId
    number: int
    name: str
    description: str | None
    status: CampaignStatus
    country_code: str
    starts_on: date
    deadline_on: date | None
    helpdesk_email: str | None
    owner_id: UserId
    owner_email: str
    return_addresses: tuple[ReturnAddress, ...]  # `packing` says which parcel goes where
    ladder_id: LadderId | None  # of reminders; None: the built-in one
    case_count: int
    item_count: int
    created_at: datetime
    updated_at: datetime
    version: int

    @property
    def public_number(self) -> str:
        """What others call it."""
        return public_number(self.number, self.created_at)


class NewItem(msgspec.Struct, frozen=True, kw_only=True):
    """A thing somebody is expected to return, and what is known of it."""

    name: str
    serial_number: str | None = None
    tag: str | None = None
    imei: str | None = None
    custom_1: str | None = None
    custom_2: str | None = None
    is_legal_hold: bool = False


class NewCase(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to add to a campaign, with one to five items."""

    email: str
    first_name: str
    last_name: str
    phone: str
    address: PostalAddress
    items: tuple[NewItem, ...]
    shipping: Shipping = Shipping.KIT
    callback_url: str | None = None  # needed exactly for a label
    reason: Reason | None = None
    reason_note: str | None = None  # needed for another reason than those known


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One person in one campaign."""

    id: CaseId
    org_id: OrgId
    number: int
    code: str  # short, for people; unique in the organization
    campaign_id: CampaignId
    employee_id: EmployeeId | None
    email: str
    first_name: str
    last_name: str
    phone: str
    line_1: str
    line_2: str | None
    city: str
    state: str | None
    postal_code: str | None
    country_code: str
    shipping: Shipping
    callback_url: str | None
    reason: Reason | None
    reason_note: str | None
    outcome: Outcome | None
    ending: Ending | None
    diagnosed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int
    begins_at: datetime | None = None  # when the person is asked, while their campaign has not started
    begun_at: datetime | None = None  # when they were, if later than added
    is_address_doubtful: bool = False  # its postal code is none of its country, and nobody called it right

    @property
    def is_waiting(self) -> bool:
        """Whether nothing was asked of the person yet, so that nothing reaches them."""
        return self.begins_at is not None

    @property
    def opened_at(self) -> datetime:
        """When the person was asked: as they were added, unless their campaign had not started then."""
        return self.begun_at or self.created_at

    @property
    def public_number(self) -> str:
        """What others call it: the recovery id."""
        return public_number(self.number, self.created_at)

    @property
    def address(self) -> Address:
        """Where the person is."""
        return Address(
            name=f"{self.first_name} {self.last_name}",
            line_1=self.line_1,
            line_2=self.line_2,
            city=self.city,
            state_code=self.state,
            postal_code=self.postal_code,
            country_code=self.country_code,
            notification_emails=(self.email,),
        )


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is expected of a person."""

    id: ItemId
    org_id: OrgId
    case_id: CaseId
    position: int
    parcel: int
    name: str
    serial_number: str | None
    tag: str | None
    imei: str | None
    custom_1: str | None
    custom_2: str | None
    is_legal_hold: bool
    asset_id: AssetId | None
    outcome: Outcome | None
    ending: Ending | None


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """A case's parcel, and the transfer that carries it."""

    org_id: OrgId
    case_id: CaseId
    position: int
    transfer_id: TransferId
    device: str
    attempt: int = 1  # grows when a parcel that came to nothing is sent again; the latest counts


def public_number(number: int, created_at: datetime) -> str:
    """Return a public number: the creation's unix seconds and the internal number (contract Unduit §2.5)."""
    return f"{int(created_at.timestamp())}{number}"


def number_of(text: str) -> tuple[int, int] | None:
    """Return the unix seconds and the internal number of a public one; None when nothing can have it."""
    if not text.isascii() or not text.isdigit() or not _SECONDS_DIGITS < len(text) <= _SECONDS_DIGITS + 18:
        return None
    if text[_SECONDS_DIGITS] == "0":
        return None
    return int(text[:_SECONDS_DIGITS]), int(text[_SECONDS_DIGITS:])


_SECONDS_DIGITS = 10  # until the year 2286
