"""What the first page shows: counts of what waits, and figures of how recoveries go."""

from datetime import date
from enum import StrEnum

import msgspec

from backhaul.kernel.money import Money


class WalletStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A wallet, and what it should cover."""

    currency: str
    available_minor: int  # what can be spent, without credit
    credit_limit_minor: int
    needed_minor: int  # last week's fees again, and the quotes that wait for an answer

    @property
    def available(self) -> Money:
        """What can be spent, without credit."""
        return Money(self.available_minor, self.currency)

    @property
    def needed(self) -> Money:
        """What it should cover."""
        return Money(self.needed_minor, self.currency)

    @property
    def is_low(self) -> bool:
        """Whether it does not cover what will probably be needed within a week."""
        return self.available_minor + self.credit_limit_minor < self.needed_minor


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """What was booked as spent on one day, less what was cancelled or given back on it."""

    on: date  # UTC
    currency: str
    amount_minor: int


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for somebody. Counts stop at `queries.MOST`; of what the caller may not see they are 0."""

    exceptions: int
    late_exceptions: int  # past the day by which somebody should have looked
    quotes: int  # reshipments whose fee nobody has approved or declined
    late_cases: int  # open in campaigns past their deadline
    claims: int  # things that people say they do not have any more, which nobody has decided
    returns: int  # parcels at a warehouse that wait for a decision: verify, send on, discard
    failed_deliveries: int  # webhooks that were given up within a week
    declined_charges: int
    wallets: tuple[WalletStanding, ...]
    spent: tuple[Spent, ...]  # this month's, by day


class Installation(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for whoever operates the installation, over all its organizations. Counts stop at `queries.MOST`."""

    parked_jobs: int  # failed for good, until somebody decides
    parked_events: int
    late_jobs: int  # due for `queries.LATE_AFTER` and not begun: too few workers, or none
    repeated_shipping: int  # work with carriers that failed and is tried again: one of them does not answer
    empty_wallets: int  # of which nothing can be spent any more
    empty_wallet_names: tuple[str, ...]  # of the first organizations that have one


class Stage(StrEnum):
    """How far a recovery got; each includes those that got further."""

    OPENED = "opened"
    BOX = "box"  # the box is on its way to the person, or needs none
    DEVICE = "device"  # the person has the box and their device is to come
    RETURNING = "returning"  # the device is on its way back
    RECEIVED = "received"


STAGES = tuple(Stage)
AGES = (7, 14, 30, 60)  # days; cases are counted up to each, and beyond the last


class ReturnWeek(msgspec.Struct, frozen=True, kw_only=True):
    """The devices that arrived within a week, and how long they took since they were ordered."""

    starts_on: date  # a Monday, UTC
    arrived: int
    median_days: float


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How recoveries go."""

    reached: dict[Stage, int]  # of the cases of the last three months, at most `queries.RECENT_CASES`
    ages: tuple[int, ...]  # open cases by days since they began: up to each of `AGES`, and older ones
    weeks: tuple[ReturnWeek, ...]  # the last twelve in which something arrived, oldest first

    @property
    def open_cases(self) -> int:
        """How many cases are open, without those that wait for their campaign's start."""
        return sum(self.ages)
