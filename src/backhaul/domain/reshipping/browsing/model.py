"""What lists and pages of reshipments show."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from backhaul.domain.reshipping.model import Reshipment, Status
from backhaul.domain.returns.model import Status as ReturnStatus
from backhaul.domain.shipping.model import CarrierCode, Fault, LabelFormat, Tracking, TrackingEvent
from backhaul.kernel.addresses import Address
from backhaul.kernel.money import Money


class Stage(StrEnum):
    """How far a reshipment is, in words of who waits for it."""

    QUOTE = "quote"  # the warehouse enters an estimate
    ANSWER = "answer"  # its owner approves or declines
    APPROVED = "approved"  # the warehouse packs it
    SENT = "sent"
    DECLINED = "declined"


class ReshipmentQueue(StrEnum):
    """What a warehouse does with reshipments, one after the other."""

    QUOTES = "quotes"  # wait for an estimate
    WEIGH = "weigh"  # approved: to be packed and weighed
    DISPATCH = "dispatch"  # weighed: a label is bought, then handed to the carrier


def stage_of(one: Reshipment) -> Stage:
    """Return how far a listed reshipment is."""
    if one.status is Status.DECLINED:
        return Stage.DECLINED
    if one.status is Status.APPROVED:
        return Stage.APPROVED if one.dispatched_at is None else Stage.SENT
    return Stage.ANSWER if one.estimated_fee_minor else Stage.QUOTE


class ReshipmentLines(msgspec.Struct, frozen=True, kw_only=True):
    """A page of reshipments, and behind which number the next one begins."""

    lines: tuple[Reshipment, ...]
    next_before: int | None  # None: that was all


class HeldReturn(msgspec.Struct, frozen=True, kw_only=True):
    """A return that is sent on, with what was found in it."""

    number: int
    status: ReturnStatus
    tracking_number: str
    weight_grams: int
    serial_numbers: tuple[str, ...]


class OnwardParcel(msgspec.Struct, frozen=True, kw_only=True):
    """The parcel that goes on from the warehouse."""

    status: Tracking
    fault: Fault | None
    carrier: CarrierCode | None
    service: str | None
    tracking_number: str | None
    tracking_url: str | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    labels: tuple[LabelFormat, ...]  # that can be printed
    events: tuple[TrackingEvent, ...]  # newest first

    @property
    def is_void(self) -> bool:
        """Whether its label cannot be used."""
        return self.status in {Tracking.CANCELLED, Tracking.FAILURE}


class Spendable(msgspec.Struct, frozen=True, kw_only=True):
    """What an organization can still spend in a currency, its credit included."""

    currency: str
    amount_minor: int


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A line of history with the name of who did it."""

    action: str
    at: datetime
    actor_kind: str
    actor_name: str | None  # of a member or key that is still known
    change: dict[str, Any]  # field → [before, after]


class ReshipmentSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A reshipment with everything that belongs to it."""

    one: Reshipment
    owner_name: str
    warehouse_name: str
    origin: Address
    returns: tuple[HeldReturn, ...]
    parcel: OnwardParcel | None  # None: not weighed yet
    spendable: tuple[Spendable, ...]
    tolerance_percent: int | None  # the organization's own; None: the installation's
    history: tuple[Change, ...]  # newest first

    @property
    def funds(self) -> Money:
        """What can be spent in the reshipment's currency."""
        found = {one.currency: one.amount_minor for one in self.spendable}
        return Money(found.get(self.one.currency, 0), self.one.currency)


class QueuedReshipment(msgspec.Struct, frozen=True, kw_only=True):
    """A reshipment that waits for the warehouse."""

    number: int
    contents: str
    warehouse_code: str
    owner_name: str
    return_numbers: tuple[int, ...]
    recipient: str
    city: str
    country_code: str
    since: datetime  # answered, or created
    expires_at: datetime | None
    estimated_fee_minor: int
    final_fee_minor: int | None
    currency: str
    weight_grams: int
    carrier: str | None
    tracking_number: str | None  # None: its label is not bought yet
    is_refused: bool  # no carrier takes it, or its label is void
