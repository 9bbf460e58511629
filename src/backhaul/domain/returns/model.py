"""Parcels that come back to a warehouse: whose they are, what was in them, and how far they are."""

from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.domain.inventory.model import AssetId
from backhaul.domain.shipping.model import ShipmentId
from backhaul.domain.transfers.model import TransferId
from backhaul.kernel.addresses import Address
from backhaul.kernel.ids import OrgId

WarehouseId = NewType("WarehouseId", UUID)
IntakeId = NewType("IntakeId", UUID)
ReturnId = NewType("ReturnId", UUID)

MAX_MESSAGE_LENGTH = 200  # contract §3.6
MAX_MESSAGES = 1000  # of one return: whoever looks at it gets them all
MAX_RMA_LENGTH = 64
MAX_TRACKING_LENGTH = 64
MAX_WEIGHT_GRAMS = 100_000
MAX_NUMBER = 2**63 - 1


class Status(StrEnum):
    """How far a return is. `received` and `discarded` are the warehouse's own: no customer's list shows them."""

    RECEIVED = "received"
    PROCESSED = "processed"
    VERIFYING = "verifying"
    VERIFIED = "verified"
    RESHIPPING = "reshipping"
    RESHIPPED = "reshipped"
    DISCARDED = "discarded"


LISTED = frozenset(Status) - {Status.RECEIVED, Status.DISCARDED}


class Action(StrEnum):
    """What can be done with a return."""

    PROCESS = "process"
    REQUEST_VERIFICATION = "request_verification"
    VERIFY = "verify"
    TAKE = "take"  # into a reshipment
    GIVE_BACK = "give_back"  # out of it
    DISPATCH = "dispatch"
    DISCARD = "discard"


class Verdict(StrEnum):
    """What a device in a parcel is, next to what was expected there."""

    MATCHED = "matched"
    MISSING = "missing"  # expected, and not in the parcel
    UNEXPECTED = "unexpected"  # nobody's that we know
    WRONG_PERSON = "wrong_person"  # somebody else's, or awaited in another parcel
    DUPLICATE = "duplicate"  # scanned before


class Grade(StrEnum):
    """How good a device looks, in the trade's letters: A like new … E defective, F for parts."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class MessageAuthor(StrEnum):
    """Which side of the warehouse's table wrote a message."""

    USER = "user"
    OPERATOR = "operator"


class Warehouse(msgspec.Struct, frozen=True, kw_only=True):
    """Where parcels come in."""

    id: WarehouseId
    code: str  # eight characters, by which everybody names it
    name: str
    address: Address
    entry_point: str  # six characters
    language: str
    language_code: str  # ISO 639-1
    created_at: datetime


class Intake(msgspec.Struct, frozen=True, kw_only=True):
    """The operator's side of a parcel."""

    id: IntakeId
    org_id: OrgId  # the operator's
    number: int  # the return's, too
    warehouse_id: WarehouseId
    tracking_number: str  # as the sender's label has it
    owner_org_id: OrgId | None  # None: not yet identified
    return_id: ReturnId | None
    shipment_id: ShipmentId | None  # None: it came without a label of ours
    transfer_id: TransferId | None
    rma_number: str | None
    received_at: datetime
    identified_at: datetime | None
    version: int


class AwaitedParcel(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel that a device is expected in, or lies in."""

    tracking_number: str
    number: int | None  # None: not received yet


class ScannedDevice(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's device that somebody scanned where a parcel's number belongs."""

    owner_name: str
    called: str  # what the text is to it: serial number, tag or IMEI
    serial_number: str
    name: str
    parcels: tuple[AwaitedParcel, ...]


class Return(msgspec.Struct, frozen=True, kw_only=True):
    """The owner's side of a parcel that lies, or lay, in a warehouse."""

    id: ReturnId
    org_id: OrgId
    number: int
    intake_id: IntakeId
    warehouse_id: WarehouseId
    warehouse_code: str
    status: Status
    status_before_reshipping: (
        Status | None
    )  # what it goes back to when the reshipment ends without being sent
    reshipment_id: UUID | None
    tracking_number: str
    shipment_id: ShipmentId | None
    transfer_id: TransferId | None
    rma_number: str | None
    weight_grams: int  # 0: not weighed yet
    process_fee_minor: int
    is_process_fee_due: bool  # the wallet did not cover it yet
    verify_fee_minor: int  # 0 unless verified
    currency: str
    message_count: int
    received_at: datetime
    processed_at: datetime | None
    verified_at: datetime | None
    discarded_at: datetime | None
    updated_at: datetime
    version: int  # grows by one with every saved change


class ListedReturn(msgspec.Struct, frozen=True, array_like=True):
    """What a list shows of a return. PostgreSQL writes a whole page of them as one text."""

    number: int
    status: Status
    reshipment_number: int | None  # of the reshipment it is in
    tracking_number: str
    rma_number: str | None
    weight_grams: int
    process_fee_minor: int
    verify_fee_minor: int
    warehouse_code: str
    message_count: int
    received_at: datetime
    processed_at: datetime | None


class Checklist(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at on a device; None means "not looked at"."""

    has_charger: bool | None = None
    is_powering_on: bool | None = None
    is_lock_removed: bool | None = None  # activation lock, firmware password, device management
    grade: Grade | None = None


class ReturnItem(msgspec.Struct, frozen=True, kw_only=True):
    """A device that was scanned in a parcel, or was expected there and is missing."""

    id: UUID
    return_id: ReturnId
    position: int
    serial_number: str
    asset_id: AssetId | None
    verdict: Verdict
    has_charger: bool | None
    is_powering_on: bool | None
    is_lock_removed: bool | None
    grade: Grade | None
    noted_at: datetime


class ReturnMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message between a return's owner and the warehouse."""

    id: UUID
    number: int
    return_id: ReturnId
    author: MessageAuthor
    body: str
    created_at: datetime


class ReturnPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of a return; the file itself lies behind the port `Files`."""

    id: UUID
    return_id: ReturnId
    media_type: str
    byte_count: int
    width: int
    height: int
    sha256: bytes
    taken_at: datetime


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What a warehouse takes for its work, and what it keeps."""

    process_fee_minor: int = 100
    verify_fee_minor: int = 250
    currency: str = "USD"
    max_photos: int = 20
    max_photo_bytes: int = 15_000_000
    max_photo_pixels: int = 50_000_000
    photo_side: int = 2048  # pixels; larger pictures are made smaller


def photo_key(org_id: OrgId, return_id: ReturnId, photo_id: UUID) -> str:
    """Return under which name a picture's file is kept."""
    return f"returns/{org_id}/{return_id}/{photo_id}"
