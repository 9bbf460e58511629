"""Legal holds and how they end."""

from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.kernel.ids import OrgId

HoldId = NewType("HoldId", UUID)
ReleaseId = NewType("ReleaseId", UUID)

MAX_SUBJECTS = 500  # named in one request; people bring their devices along


class SubjectKind(StrEnum):
    """What is held."""

    ASSET = "asset"
    EMPLOYEE = "employee"  # with every device they have then or had last, and whatever they get or owe later
    CASE = "case"  # with every device it expects, now or later, what came back in its parcels, and its person


class ReleaseStatus(StrEnum):
    """How far a release is."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What can be done with a release."""

    APPROVE = "approved"
    REFUSE = "refused"
    WITHDRAW = "withdrawn"


class NewSubject(msgspec.Struct, frozen=True, kw_only=True):
    """What to hold, by the name people know it by."""

    kind: SubjectKind
    name: str  # an asset's serial number, an employee's e-mail address, a case's public number
    custodian_email: str | None = None  # of an asset: whose it is. They cannot be erased either
    custodian_name: str | None = None  # kept only of somebody outside the directory
    case_number: str | None = None  # of an asset: the case that expects it, which is not given up


class KnownSubject(msgspec.Struct, frozen=True, kw_only=True):
    """A device or a case to hold, which the caller has found already."""

    asset_id: UUID | None  # None: the case is held
    case_number: str
    employee_id: UUID | None = (
        None  # whose the device is, or whom the case is about. They cannot be erased either
    )
    person_name: str | None = None
    person_email: str | None = None


class NewHold(msgspec.Struct, frozen=True, kw_only=True):
    """A hold on what the caller has found already."""

    summary: str
    description: str
    subjects: tuple[KnownSubject, ...]


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """Why something is kept. It is over when all its subjects are released, and never deleted."""

    id: HoldId
    org_id: OrgId
    number: int
    summary: str
    description: str
    placed_by_kind: str
    placed_by_id: UUID | None
    placed_at: datetime

    @property
    def ticket(self) -> str:
        """What people call it."""
        return f"LH-{self.number}"


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """One person, asset or case that a hold covers."""

    number: int
    kind: SubjectKind
    asset_id: UUID | None
    serial_number: str | None
    employee_id: UUID | None
    case_number: str | None
    held_at: datetime
    release_number: int | None  # asked for
    released_at: datetime | None


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """The request to release some subjects of a hold, and its approval by somebody else."""

    id: ReleaseId
    org_id: OrgId
    number: int
    hold_id: HoldId
    summary: str
    description: str
    status: ReleaseStatus
    requested_by: str  # the person: kind and id
    requested_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    ended_by: str | None  # who refused or withdrew it
    ended_at: datetime | None
    ended_reason: str | None
    version: int

    @property
    def ticket(self) -> str:
        """What people call it."""
        return f"LR-{self.number}"


class LockedAsset(msgspec.Struct, frozen=True, kw_only=True):
    """As much of a locked asset as a hold decides on."""

    id: UUID
    serial_key: str
    employee_id: UUID | None
    custody: str
    status_id: UUID
    hold_count: int
    status_before_hold: UUID | None
    custody_before_hold: str | None
    is_sanitisation_due: bool = False


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """A status of the organization."""

    id: UUID
    type: str
