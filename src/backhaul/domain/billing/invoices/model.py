"""What an organization was charged in a week, written down once and for all."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.kernel.addresses import Address
from backhaul.kernel.ids import OrgId

InvoiceId = NewType("InvoiceId", UUID)

WEEK = timedelta(days=7)


class InvoiceLine(msgspec.Struct, frozen=True, kw_only=True):
    """One transaction of the ledger that cost the organization something, or gave something back."""

    transaction_id: UUID
    at: datetime
    kind: str  # what was charged for; "refund" where something was given back
    text: str
    subject_kind: str
    subject_id: UUID
    amount_minor: int  # below zero: given back


class Invoice(msgspec.Struct, frozen=True, kw_only=True):
    """One organization's week, Monday to Sunday (UTC), in one currency. Never changed: what comes late is on the next.

    Payments cover what is oldest, so what is still owed at the week's end is the week's own as far as it goes.
    """

    id: InvoiceId
    org_id: OrgId
    number: int  # the installation's: what a contract calls its id
    sequence: int  # the organization's, from 1, without gaps
    name: str
    customer_name: str
    customer_address: Address | None
    starts_on: date
    ends_on: date
    currency: str
    total_minor: int
    total_paid_minor: int
    total_billed_minor: int  # of the total, what was still owed at the week's end
    created_at: datetime


class InvoiceDetail(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice with its lines, oldest first."""

    invoice: Invoice
    lines: tuple[InvoiceLine, ...]


def monday_of(at: datetime) -> date:
    """Return the day on which the week of an instant begins."""
    day = at.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def start_of(day: date) -> datetime:
    """Return the instant at which a day begins."""
    return datetime.combine(day, time.min, UTC)


def billed_minor(total_minor: int, owed_minor: int) -> int:
    """Return how much of a week's total is part of what was owed at its end."""
    return max(0, min(total_minor, owed_minor))
