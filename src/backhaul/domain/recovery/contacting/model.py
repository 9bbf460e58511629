"""A line of the log of contacts."""

from datetime import datetime
from uuid import UUID

import msgspec

from backhaul.domain.notify.model import Channel, Status
from backhaul.domain.recovery.reminding.model import Contact
from backhaul.domain.transfers.model import TransferId


class LoggedContact(msgspec.Struct, frozen=True, kw_only=True):
    """A letter or text message about a case or one of its transfers, or a reminder that was left out."""

    id: UUID  # of the message; of the reminder where there is none
    at: datetime  # when it was decided
    template: str  # which kind of letter
    channel: Channel
    recipient: str | None  # an address or a telephone number; None: nobody to write to was known
    subject: str | None  # None where nothing was written
    status: Status | None  # how far the message is; None where there is none
    sent_at: datetime | None
    failure: str | None
    transfer_id: TransferId | None  # None: it is about the case as a whole
    position: int | None  # of the transfer's parcel
    attempt: int | None
    reminder: Contact | None  # the step of the ladder that it is; None: any other letter
