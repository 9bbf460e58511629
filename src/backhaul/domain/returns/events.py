"""What returns tell others."""

from uuid import UUID

from backhaul.domain.returns.model import Status, Verdict
from backhaul.storage.outbox import Event, event


@event("returns.parcel_received")
class ParcelReceived(Event, frozen=True, kw_only=True):
    """A warehouse received a parcel: told in the operator's organization."""

    is_identified: bool


@event("returns.received")
class ReturnReceived(Event, frozen=True, kw_only=True):
    """A parcel of the organization lies in a warehouse."""

    transfer_id: UUID | None


@event("returns.parcel_dropped")
class ParcelDropped(Event, frozen=True, kw_only=True):
    """A parcel that was received by mistake is no more: told in the operator's organization."""

    number: int


@event("returns.dropped")
class ReturnDropped(Event, frozen=True, kw_only=True):
    """The return of a parcel that was received by mistake is no more."""

    number: int
    transfer_id: UUID | None


@event("returns.scan_taken_back")
class ScanTakenBack(Event, frozen=True, kw_only=True):
    """A device that was scanned by mistake is not among a parcel's contents any more."""

    asset_id: UUID | None


@event("returns.moved")
class ReturnMoved(Event, frozen=True, kw_only=True):
    """A return entered another status."""

    before: Status
    after: Status


@event("returns.contents_noted")
class ContentsNoted(Event, frozen=True, kw_only=True):
    """A parcel was opened, and what was in it is known: how many devices of each verdict."""

    transfer_id: UUID | None
    counts: dict[Verdict, int]


@event("returns.charger_noted")
class ChargerNoted(Event, frozen=True, kw_only=True):
    """Whether its charger came along was said of a device whose parcel was opened before."""

    transfer_id: UUID | None


@event("returns.message_added")
class MessageAdded(Event, frozen=True, kw_only=True):
    """The owner or the warehouse wrote a message about a return."""

    message_id: UUID
    author: str


@event("returns.sanitised")
class DeviceSanitised(Event, frozen=True, kw_only=True):
    """A device's storage was sanitised, or that was tried and failed."""

    sanitisation_id: UUID
    asset_id: UUID | None
    is_successful: bool
