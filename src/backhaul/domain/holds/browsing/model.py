"""What somebody asks of the list of holds, and what they see."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from backhaul.domain.holds.model import Hold, Release, ReleaseStatus, SubjectKind


class HoldFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which holds are asked for; None asks for all."""

    is_active: bool | None = None
    text: str | None = None  # a part of the summary


class HoldLine(msgspec.Struct, frozen=True, kw_only=True):
    """A hold as a line of a list."""

    number: int
    summary: str
    placed_at: datetime
    placed_by: str | None  # the name of who placed it, where it is known
    assets: int  # that are held by it now
    people: int
    cases: int
    is_pending: bool  # a release waits for its second person

    @property
    def ticket(self) -> str:
        """What people call it."""
        return f"LH-{self.number}"

    @property
    def is_active(self) -> bool:
        """Whether it holds anything."""
        return self.assets + self.people + self.cases > 0


class PendingRelease(msgspec.Struct, frozen=True, kw_only=True):
    """A release that waits for its second person."""

    number: int
    summary: str
    hold_number: int
    hold_summary: str
    requested_by: str  # the person: kind and id
    requester: str | None
    requested_at: datetime


class ShownSubject(msgspec.Struct, frozen=True, kw_only=True):
    """What a hold covers, by the name people know it by."""

    number: int
    kind: SubjectKind
    asset_number: int | None
    serial_number: str | None
    model_name: str | None
    employee_id: UUID | None
    employee_number: int | None
    person_name: str | None  # of the directory, else as the hold names them
    person_email: str | None
    case_number: str | None
    held_at: datetime
    release_number: int | None  # asked for
    released_at: datetime | None


class ShownRelease(Release, frozen=True, kw_only=True):
    """A request for a release, with the names of who asked and who decided."""

    requester: str | None
    decider: str | None
    subjects: int

    @property
    def is_pending(self) -> bool:
        """Whether it waits for its second person."""
        return self.status is ReleaseStatus.REQUESTED


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the history."""

    action: str
    at: datetime
    actor_kind: str
    actor_name: str | None
    change: dict[str, Any]  # {field: [before, after]}


class HoldSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A hold with everything it covers or covered, every request to release it, and its history."""

    hold: Hold
    placed_by: str | None
    subjects: tuple[ShownSubject, ...]
    releases: tuple[ShownRelease, ...]  # newest first
    changes: tuple[Change, ...]  # newest first

    @property
    def active(self) -> tuple[ShownSubject, ...]:
        """What it covers now."""
        return tuple(one for one in self.subjects if one.released_at is None)

    @property
    def is_askable(self) -> bool:
        """Whether something is held whose release nobody asked for yet."""
        return any(one.release_number is None for one in self.active)
