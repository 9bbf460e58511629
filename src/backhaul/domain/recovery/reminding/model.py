"""What reminders are decided from, and what is kept of each."""

from datetime import date, datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.domain.ladders.model import BUILT_IN, Anchor, Audience, Channel, Policy
from backhaul.domain.recovery.model import Campaign, CaseId
from backhaul.domain.transfers.model import Status
from backhaul.kernel.ids import OrgId

ContactId = NewType("ContactId", UUID)


class ContactOutcome(StrEnum):
    """What came of a step."""

    SENT = "sent"  # decided and handed to notify, whose message says what became of it
    SKIPPED = "skipped"


class Skip(StrEnum):
    """Why nobody was written to."""

    HANDED_OVER = "handed_over"
    MUTED = "muted"
    OPTED_OUT = "opted_out"
    CLAIMED = "claimed"
    HOLD = "hold"
    MISSED = "missed"  # a later step of the same reader was due at the same look
    BEFORE_OPENING = "before_opening"  # its time was over when the case was opened
    NO_MANAGER = "no_manager"
    NO_HR = "no_hr"


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a ladder, taken or passed over: evidence, never changed."""

    id: ContactId
    org_id: OrgId
    case_id: CaseId
    step: str
    occasion: (
        str  # empty, but for steps that come again: with each silence of a parcel, and each box sent again
    )
    anchor: Anchor
    anchor_at: datetime
    planned_at: datetime
    decided_at: datetime
    channel: Channel
    audience: Audience
    recipient: str | None  # an address or a telephone number
    template: str
    locale: str
    message_ids: tuple[UUID, ...]
    outcome: ContactOutcome
    reason: Skip | None


class Taken(msgspec.Struct, frozen=True, array_like=True):
    """A step that is behind the case."""

    step: str
    occasion: str


class ParcelFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What counts of a case's parcel."""

    is_expected: bool  # whether anything in it is; nobody can send one that was called off
    status: Status
    is_box_waived: bool
    ready_at: datetime | None  # since when the person has box or label
    shipped_at: datetime | None
    last_scan_at: datetime | None
    pickup_on: date | None  # of the pickup that is requested or booked
    carrier: str | None
    tracking_number: str | None
    tracking_url: str | None
    position: int = 1
    attempt: int = 1  # above 1 where it was sent again

    @property
    def is_handed_over(self) -> bool:
        """Whether the carrier has it or had it."""
        return self.shipped_at is not None or self.status in (Status.DEVICE_IN_TRANSIT, Status.COMPLETE)

    @property
    def is_travelling(self) -> bool:
        """Whether it is on its way back."""
        return self.status is Status.DEVICE_IN_TRANSIT


class ItemFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is still expected."""

    name: str
    is_claimed: bool  # the person says that they do not have it


class ManagerFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The manager of the person, by the directory."""

    name: str
    email: str
    phone: str | None
    country_code: str
    state: str | None


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the reminders of a case depend on, read at one moment."""

    campaign: Campaign
    policy: Policy | None  # None: the built-in one
    organization_name: str
    items: tuple[ItemFacts, ...]  # what is still expected
    parcels: tuple[ParcelFacts, ...]
    manager: ManagerFacts | None
    is_held: bool
    muted_at: datetime | None
    opted_out_at: datetime | None
    taken: tuple[Taken, ...]
    reminder_count: int  # how often the person was written to
    next_at: datetime | None
    wakes: int

    @property
    def ladder(self) -> Policy:
        """The policy that applies."""
        return self.policy or BUILT_IN

    @property
    def is_all_claimed(self) -> bool:
        """Whether the person says of everything expected that they do not have it."""
        return bool(self.items) and all(item.is_claimed for item in self.items)

    @property
    def waiting(self) -> tuple[ParcelFacts, ...]:
        """The parcels the person has, or will get, and should hand over."""
        return tuple(parcel for parcel in self.parcels if parcel.is_expected and not parcel.is_handed_over)


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to write to."""

    address: str  # or telephone number
    name: str | None
