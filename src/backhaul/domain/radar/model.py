"""Parcels that need somebody: what is wrong, whose it is, what to do and by when."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.domain.recovery.model import CampaignId, CaseId
from backhaul.domain.shipping.model import CarrierCode, Leg, ShipmentId
from backhaul.domain.transfers.model import TransferId
from backhaul.kernel.ids import OrgId, UserId

ExceptionId = NewType("ExceptionId", UUID)

MAX_NOTE_LENGTH = 2000
MAX_SNOOZE = timedelta(days=90)  # a parcel that nobody misses for longer is not one to wait for


class ExceptionKind(StrEnum):
    """What is wrong with a parcel. A parcel has one at a time, the most telling."""

    LABEL_NEVER_SCANNED = "label_never_scanned"
    NO_MOVEMENT = "no_movement"
    DELIVERED_NOT_RECEIVED = "delivered_not_received"
    ADDRESS_EXCEPTION = "address_exception"
    BOX_UNDELIVERABLE = "box_undeliverable"  # for any other reason than its address
    BOX_NOT_NEEDED = "box_not_needed"  # sent again, and what it was sent for came to an end without it


class SuggestedAction(StrEnum):
    """What its owner had best do."""

    CHECK_DEPOT = "check_depot"
    ASK_SENDER = "ask_sender"
    TRACE = "trace"
    COLLECT = "collect"
    INSPECT = "inspect"
    FIND_HOLDER = "find_holder"
    TAKE_IN = "take_in"
    CORRECT_ADDRESS = "correct_address"
    SEND_AGAIN = "send_again"
    TELL_RECEIVER = "tell_receiver"

    @property
    def sentence(self) -> str:
        """The same in words."""
        return _SENTENCES[self]


_SENTENCES = {
    SuggestedAction.CHECK_DEPOT: "Ask the depot whether the box was handed to the carrier.",
    SuggestedAction.ASK_SENDER: "Ask the sender whether they have the label, and offer a pickup.",
    SuggestedAction.TRACE: "Have the carrier trace the parcel.",
    SuggestedAction.COLLECT: "Ask the receiver to collect the parcel before the carrier returns it.",
    SuggestedAction.INSPECT: "Open the parcel, check what is in it and record the diagnosis.",
    SuggestedAction.FIND_HOLDER: "Find out who has the device, and assign it to them.",
    SuggestedAction.TAKE_IN: "Look for the device where it was delivered, and take it in.",
    SuggestedAction.CORRECT_ADDRESS: (
        "Correct the address before the parcel leaves. Later, give the carrier the right one while it is still there."
    ),
    SuggestedAction.SEND_AGAIN: "Find out what went wrong with the receiver, and order the transfer again.",
    SuggestedAction.TELL_RECEIVER: (
        "Tell the receiver that the second box is not needed. If it stays with them, mark its transfer as not returned."
    ),
}


class ClosedBecause(StrEnum):
    """Why an exception is over."""

    GONE = "gone"  # what was wrong is not so any more: a scan came, the device was received
    ENDED = "ended"  # nobody waits for the parcel any more
    ACKNOWLEDGED = "acknowledged"  # its transfer was over already, and somebody took care of it


class ParcelException(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel that needs somebody; an exception in the sense of carriers, not of Python."""

    id: ExceptionId
    org_id: OrgId
    number: int
    kind: ExceptionKind
    suggested_action: SuggestedAction
    shipment_id: ShipmentId
    transfer_id: TransferId
    case_id: CaseId | None  # of a recovery's parcel
    campaign_id: CampaignId | None
    leg: Leg
    carrier: CarrierCode | None
    tracking_number: str | None  # None: no carrier sold a label
    owner_id: UserId
    owner_email: str
    since: datetime  # when the cause began
    opened_at: datetime
    due_at: datetime  # when it should be dealt with
    acknowledged_at: datetime | None
    acknowledged_by: str | None  # kind and id
    note: str | None
    closed_at: datetime | None
    closed_because: ClosedBecause | None
    version: int
    snoozed_until: datetime | None = None  # nobody needs to look at it before
    snoozed_by: str | None = None  # kind and id

    def is_snoozed(self, now: datetime) -> bool:
        """Whether nobody needs to look at it yet."""
        return self.snoozed_until is not None and self.snoozed_until > now


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a parcel at this moment."""

    kind: ExceptionKind
    suggested_action: SuggestedAction
    shipment_id: ShipmentId
    transfer_id: TransferId
    case_id: CaseId | None
    campaign_id: CampaignId | None
    leg: Leg
    carrier: CarrierCode | None
    tracking_number: str | None
    owner_id: UserId
    owner_email: str
    since: datetime


class Cutoffs(msgspec.Struct, frozen=True, kw_only=True):
    """The instants up to which a parcel may have been as it is."""

    unscanned: datetime
    still: datetime
    unreceived: datetime


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """How long a parcel may be quiet, and how soon an exception should be dealt with."""

    label_never_scanned_days: float = 7
    no_movement_days: float = 5
    delivered_not_received_days: float = 3
    look_back_days: float = 30  # what has been over for longer gets no exception any more
    label_never_scanned_due_hours: float = 48
    no_movement_due_hours: float = 24
    delivered_not_received_due_hours: float = 24
    address_exception_due_hours: float = 24
    box_undeliverable_due_hours: float = 48
    box_not_needed_due_hours: float = 24
    day_seconds: float = 86_400.0  # as of the reminder ladder; an hour is its 24th part

    def cutoffs(self, now: datetime) -> Cutoffs:
        """Return since when a parcel must be as it is to need somebody now."""
        return Cutoffs(
            unscanned=now - self._days(self.label_never_scanned_days),
            still=now - self._days(self.no_movement_days),
            unreceived=now - self._days(self.delivered_not_received_days),
        )

    @property
    def look_back(self) -> timedelta:
        """How far back finished parcels are looked at."""
        return self._days(self.look_back_days)

    def due_at(self, kind: ExceptionKind, opened_at: datetime) -> datetime:
        """Return when an exception that is opened now should be dealt with."""
        hours: float = getattr(self, f"{kind.value}_due_hours")
        return opened_at + self._days(hours / 24)

    def _days(self, days: float) -> timedelta:
        return timedelta(seconds=days * self.day_seconds)
