"""A line of the audit log, and what the log is cut down to."""

from datetime import datetime
from typing import Any, NewType
from uuid import UUID

import msgspec

from backhaul.kernel.ids import UserId

ChangeId = NewType("ChangeId", UUID)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was done to one record."""

    id: ChangeId
    at: datetime
    subject_kind: str
    subject_id: UUID
    action: str
    actor_kind: str
    actor_id: UUID | None
    actor_name: str | None  # None: nobody whose name is known, such as a job, or a member who left
    change: dict[str, Any]  # each changed field: [before, after]
    subject_key: str | None = None  # of its page; None: not asked for, the record is gone, or it has no page


class Mark(msgspec.Struct, frozen=True):
    """A place in the log: pages go on behind it."""

    at: datetime
    id: ChangeId


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What to show; None means everything."""

    kind: str | None = None  # of record
    subject_id: UUID | None = None  # one record
    actor_id: UserId | None = None
    since: datetime | None = None
    until: datetime | None = None  # not itself
