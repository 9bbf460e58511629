"""Messages, and what letters are told: those about a transfer, a recovery and an endpoint."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal, NewType
from uuid import UUID

import msgspec

from backhaul.kernel.ids import OrgId

MessageId = NewType("MessageId", UUID)

# The right side of every Message-ID. The left side is unique by itself; a reserved name (RFC 2606) cannot be
# anybody's, so that changing the sender's address never changes a message that was already decided.
INTERNET_MESSAGE_DOMAIN = "backhaul.invalid"


class Status(StrEnum):
    """Where a message stands. Sent means handed to the mailer; what becomes of it there nobody knows."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Channel(StrEnum):
    """The way a message takes."""

    EMAIL = "email"
    TEXT = "text"  # SMS


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one person, without its body."""

    id: MessageId
    org_id: OrgId
    key: str  # why it was written; together with the recipient unique per organization
    channel: Channel
    template: str
    locale: str  # the language it is written in, whatever was asked for
    subject_kind: str  # what it is about, for example "transfer"
    subject_id: UUID
    recipient: str  # an address, or a telephone number in E.164
    reply_to: str | None
    sender_name: str  # shown before the mailer's own address
    subject: str
    internet_message_id: str  # RFC 5322 Message-ID, decided once and the same on every attempt
    status: Status
    attempts: int  # how often a mailer was asked
    decided_at: datetime
    sent_at: datetime | None
    failure: str | None  # why the last attempt did not succeed
    version: int


class Rendered(msgspec.Struct, frozen=True):
    """The words of a message: a subject line and two twins of the body, each complete by itself.

    A text message has no twin: its `html` is empty, and its subject is only what lists show of it.
    """

    subject: str
    text: str
    html: str


class TransferLetter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every letter of `templates/*/transfers` may rely on. None means unknown; letters then say less.

    In a return the box travels to the person and the device to the organization; in a deployment the box
    travels to the organization and the device to the person. Who reads which letter:

    - the person: `placed`, `device_received_employee`, `cancelled`
    - whoever gets the box and packs the device: `box_shipped`, `box_undeliverable`, `box_delivered`,
      `label_ready` (there is no box), `reminder`, `pickup_booked`, `pickup_cancelled`
    - whoever gets the device: `device_shipped`
    - the organization: `device_received_organization`, `failed`
    """

    direction: Literal["return", "deployment"]
    person_name: str | None = None
    organization_name: str | None = None
    device_type: str = "device"  # a noun in the singular, as it is sent
    device_make: str | None = None
    device_model: str | None = None
    has_box: bool = True  # False: no box is sent, the device travels in packaging of the sender's own
    # Of the parcel the letter is about: the box in `box_shipped` and `box_undeliverable`, the device in all
    # others (its label lies in the box, so it is known when the box arrives).
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None  # http(s), or it is not shown
    days_since_delivery: int | None = None  # of the box; from 6 and from 9 on the reminder is firmer
    send_by: date | None = None  # the day the device should be handed over
    label_url: str | None = None  # where the sender prints the label, when no box brings it
    pickup_on: date | None = None
    pickup_url: str | None = None  # where the reader chooses a pickup day
    reference: str | None = None  # what the organization calls the transfer: its ticket
    reason: str | None = None  # why it failed or was cancelled; half a sentence or a whole one


class RecoveryLetter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every letter of `templates/*/recovery` may rely on. None means unknown; letters then say less.

    The person reads `invited`, `reminder`, `silent` and `deadline`; `escalation` goes to the audience it names.
    """

    campaign_name: str
    items: tuple[str, ...] = ()  # what is still expected, in the words it was ordered in
    person_name: str | None = None
    organization_name: str | None = None
    page_url: str | None = None  # the person's own page; letters to others never show it
    helpdesk_email: str | None = None
    deadline_on: date | None = None
    is_overdue: bool = False  # the deadline has passed where the reader is
    level: int = 1  # of a reminder or an escalation: 1 friendly, 2 firm, 3 and more the last
    days: int | None = (
        None  # since what the letter speaks of: the box arrived, somebody was asked, the last scan
    )
    has_box: bool | None = True  # False: a label is printed; None, in an invitation alone: the person chooses
    reminder_count: int | None = None  # how often the person was written to
    # Of the parcel on its way back.
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None  # http(s), or it is not shown
    label_url: str | None = None
    reader_name: str | None = None  # of a manager, of IT, of HR
    audience: Literal["employee", "manager", "it", "hr"] = "employee"
    reference: str | None = None  # the recovery code
    reason: str | None = None  # half a sentence or a whole one


class MembershipLetter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every letter of `templates/*/membership` may rely on: somebody is asked to join an organization."""

    organization_name: str | None = None
    inviter_name: str | None = None
    role: str | None = None
    page_url: str | None = None  # where the reader accepts; http(s), or it is not shown
    expires_on: date | None = None


class WebhookLetter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every letter of `templates/*/webhooks` may rely on. Whoever looks after the endpoints reads it."""

    endpoint: str  # its URL as a text: nobody is to follow it
    is_gone: bool = True  # it answered that it is gone; False: it failed too often
    failures: int = 1  # attempts in a row that were not accepted
    cancelled: int = 0  # deliveries that waited for it
    organization_name: str | None = None
    reference: str | None = None  # the endpoint's id


Letter = TransferLetter | RecoveryLetter | MembershipLetter | WebhookLetter


def internet_message_id(message_id: MessageId) -> str:
    """Return the Message-ID a message carries on every attempt."""
    return f"<{message_id}@{INTERNET_MESSAGE_DOMAIN}>"
