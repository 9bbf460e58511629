"""What lists and pages of returns show."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from backhaul.domain.returns.matching import Expected
from backhaul.domain.returns.model import Grade, Intake, MessageAuthor, Return, Status, Verdict
from backhaul.domain.returns.sanitisation import Sanitisation
from backhaul.domain.transfers.model import TransferId
from backhaul.kernel.ids import OrgId

LONGEST_TEXT = 200


class ReturnQueue(StrEnum):
    """What a warehouse does with returns, one after the other."""

    OPEN = "open"  # received, nobody looked inside
    VERIFY = "verify"  # their owner asked for a closer look


class ReturnFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of returns is cut down to."""

    status: Status | None = None
    warehouse_code: str | None = None
    text: str | None = None  # a whole tracking number, RMA or serial number, or the return's own number
    can_be_sent_on: bool = False  # only what a reshipment can take


class ListedDevice(msgspec.Struct, frozen=True, kw_only=True):
    """A device of a return, as a line of a list names it."""

    serial_number: str
    verdict: Verdict
    name: str | None  # manufacturer and model, where the inventory knows it


class ListedReturn(msgspec.Struct, frozen=True, kw_only=True):
    """A return as a line of a list."""

    one: Return
    devices: tuple[ListedDevice, ...]  # the first few
    device_count: int
    photo_count: int


class ReturnLines(msgspec.Struct, frozen=True, kw_only=True):
    """A page of returns, and behind which number the next one begins."""

    lines: tuple[ListedReturn, ...]
    next_before: int | None  # None: that was all


class SheetItem(msgspec.Struct, frozen=True, kw_only=True):
    """A device of a return with what the inventory calls it."""

    id: UUID
    position: int
    serial_number: str
    verdict: Verdict
    has_charger: bool | None
    is_powering_on: bool | None
    is_lock_removed: bool | None
    grade: Grade | None
    noted_at: datetime
    asset_number: int | None
    asset_tag: str | None
    name: str | None

    @property
    def is_looked_at(self) -> bool:
        """Whether anything was written down about how it looks."""
        seen = (self.has_charger, self.is_powering_on, self.is_lock_removed, self.grade)
        return any(one is not None for one in seen)


class ShownMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message with who wrote it, as far as the organization knows them."""

    number: int
    author: MessageAuthor
    author_name: str | None
    body: str
    created_at: datetime


class ShownPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """A picture whose file is there."""

    id: UUID
    media_type: str
    width: int
    height: int
    taken_at: datetime


class ShownFee(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken from the wallet for a return."""

    text: str
    amount_minor: int
    currency: str
    charged_at: datetime
    refunded_at: datetime | None


class ContactedTransfer(msgspec.Struct, frozen=True, kw_only=True):
    """The transfer that a return came with, and who sent it."""

    id: TransferId
    person_name: str | None
    case_number: int | None
    case_code: str | None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A line of history with the name of who did it."""

    action: str
    at: datetime
    actor_kind: str
    actor_name: str | None  # of a member or key that is still known
    change: dict[str, Any]  # field → [before, after]


class ReturnSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A return with everything that belongs to it."""

    one: Return
    owner_name: str
    warehouse_name: str
    items: tuple[SheetItem, ...]
    expected: tuple[Expected, ...]  # what its transfer says should be in it
    messages: tuple[ShownMessage, ...]  # newest first
    photos: tuple[ShownPhoto, ...]
    sanitisations: tuple[Sanitisation, ...]
    fees: tuple[ShownFee, ...]
    transfer: ContactedTransfer | None
    reshipment_number: int | None
    history: tuple[Change, ...]  # newest first


class BenchSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel on a warehouse's table: the operator's side, and the owner's once it is known."""

    intake: Intake
    sheet: ReturnSheet | None  # None: nobody knows whose it is, or its return is being opened


class ListedIntake(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel as it came in."""

    number: int
    tracking_number: str
    warehouse_code: str
    received_at: datetime
    owner_name: str | None  # None: not yet identified
    status: Status | None  # None: not yet opened in its owner's organization


class QueuedReturn(msgspec.Struct, frozen=True, kw_only=True):
    """A return that waits for the warehouse."""

    number: int
    tracking_number: str
    warehouse_code: str
    owner_name: str
    received_at: datetime
    since: datetime  # when it was last changed
    message_count: int
    rma_number: str | None
    devices: tuple[str, ...]  # the first serial numbers that were scanned


class QueueCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How much waits in each queue of the warehouse."""

    unidentified: int
    to_open: int
    to_verify: int
    to_quote: int
    to_weigh: int
    to_dispatch: int


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """An organization that a parcel may belong to."""

    id: OrgId
    number: int
    name: str
    slug: str
