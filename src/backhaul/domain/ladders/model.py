"""Reminder ladders: who is written to, when, about what, and what stops it."""

from datetime import datetime, time
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.kernel.ids import OrgId

LadderId = NewType("LadderId", UUID)

MAX_STEPS = 20
MAX_OFFSET_DAYS = 365
MAX_LEVEL = 3


class Anchor(StrEnum):
    """What a step is counted from."""

    CASE_OPENED = "case_opened"
    BOX_DELIVERED = "box_delivered"  # or, where no box is sent, the day the label exists
    NO_SCAN = "no_scan"  # the last scan of a parcel that is on its way back
    DEADLINE = "deadline"  # the campaign's; offsets before it are negative


class Channel(StrEnum):
    """How somebody is written to."""

    EMAIL = "email"
    TEXT = "text"


class Audience(StrEnum):
    """Who is written to."""

    EMPLOYEE = "employee"
    MANAGER = "manager"  # the employee's, by the directory
    IT = "it"
    HR = "hr"


class Weekends(StrEnum):
    """What becomes of a step that falls on a weekend of the recipient's country."""

    SEND = "send"
    NEXT_WORKING_DAY = "next_working_day"


class Stop(StrEnum):
    """What keeps steps from being taken."""

    HANDED_OVER = "handed_over"  # the carrier has every parcel that is expected
    PICKUP_PENDING = "pickup_pending"  # a pickup is still to come: steps wait until the day after
    OPTED_OUT = "opted_out"
    CLAIMED = (
        "claimed"  # the person says of everything expected that they do not have it: steps to them alone
    )
    HOLD = "hold"  # a legal hold covers the case, the person or one of the devices
    MUTED = "muted"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One message, planned."""

    name: str  # what tells the step from others when the ladder changes
    anchor: Anchor
    offset_days: int  # calendar days where the recipient is
    at: time = time(9)  # by the recipient's clock
    channel: Channel = Channel.EMAIL
    audience: Audience = Audience.EMPLOYEE
    template: str = "recovery/reminder"
    locale: str | None = None  # None: the ladder's
    level: int = 1  # 1 friendly, 2 firm, 3 the last word


class QuietHours(msgspec.Struct, frozen=True, kw_only=True):
    """When nobody is written to, by the recipient's clock; may pass midnight."""

    start: time
    end: time  # from then on messages go out again


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What a ladder says."""

    steps: tuple[Step, ...]
    quiet_hours: QuietHours | None = None
    weekends: Weekends = Weekends.SEND
    stops: frozenset[Stop] = frozenset(Stop)
    it_email: str | None = None  # None: the campaign's help desk, else its owner
    hr_email: str | None = None  # None: nobody; such steps are passed over
    locale: str = "en"


class Ladder(msgspec.Struct, frozen=True, kw_only=True):
    """A policy with a name."""

    id: LadderId
    org_id: OrgId
    number: int
    name: str
    policy: Policy
    is_default: bool  # of new campaigns that name no ladder
    created_at: datetime
    updated_at: datetime
    version: int


# Which templates there are, and who they are written for.
EMPLOYEE_ONLY = frozenset({Audience.EMPLOYEE})
TEMPLATES: dict[str, frozenset[Audience]] = {
    "recovery/reminder": EMPLOYEE_ONLY,
    "recovery/silent": EMPLOYEE_ONLY,
    "recovery/deadline": EMPLOYEE_ONLY,
    "recovery/escalation": frozenset(Audience) - EMPLOYEE_ONLY,
}
LOCALES = frozenset({"en", "de"})

# Of campaigns whose organization has no default of its own: as of any transfer, on day 3, 6 and 9.
BUILT_IN_NAME = "built-in"
BUILT_IN = Policy(
    steps=tuple(
        Step(name=f"day {days}", anchor=Anchor.BOX_DELIVERED, offset_days=days, level=level)
        for level, days in enumerate((3, 6, 9), 1)
    )
)
