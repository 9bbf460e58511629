"""What was in a parcel, as recovery sees it."""

from datetime import datetime
from enum import StrEnum

import msgspec

from backhaul.domain.returns.model import Return, ReturnItem, Verdict
from backhaul.domain.transfers.model import TransferId

CHARGER = "charger"  # what is outstanding of a device that came without one


class Finding(StrEnum):
    """What an opened parcel says about an item."""

    THERE = "there"
    COMPLETE = "complete"  # there, and its charger too; or the charger that was outstanding
    WITHOUT_CHARGER = "without_charger"
    ABSENT = "absent"


REASONS = {
    Finding.THERE: "The warehouse found it in the parcel.",
    Finding.COMPLETE: "The warehouse found it in the parcel, with its charger.",
    Finding.WITHOUT_CHARGER: "The warehouse found it in the parcel without its charger.",
    Finding.ABSENT: "The warehouse opened the parcel, and it was not in it.",
}


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A processed return, with its lines in the order in which they were scanned, what is missing last."""

    one: Return
    lines: tuple[ReturnItem, ...]

    @property
    def transfer_id(self) -> TransferId | None:
        """Which transfer's parcel it was; None: nobody announced it."""
        return self.one.transfer_id

    @property
    def evidence(self) -> dict[str, str]:
        """What is kept with an outcome that follows from it."""
        known = {
            "return": str(self.one.number),
            "warehouse": self.one.warehouse_code,
            "tracking_number": self.one.tracking_number,
            "transfer_id": None if self.transfer_id is None else str(self.transfer_id),
        }
        return {name: value for name, value in known.items() if value is not None}


class FoundLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a return in which one of a case's parcels was opened."""

    return_number: int
    position: int
    warehouse_code: str
    processed_at: datetime
    serial_number: str  # as scanned; of a missing one as announced, or its name
    verdict: Verdict
    has_charger: bool | None
