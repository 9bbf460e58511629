"""Who was asked to join, as what, and until when."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.domain.identity.model import Role
from backhaul.kernel.ids import OrgId, UserId

InvitationId = NewType("InvitationId", UUID)

LASTING = timedelta(days=7)


class InvitationStatus(StrEnum):
    """Where an invitation stands; an open one whose time is over is as good as withdrawn."""

    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's way into an organization."""

    id: InvitationId
    org_id: OrgId
    email: str  # case-folded
    role: Role
    status: InvitationStatus
    invited_by: UserId | None  # None: the installation's operator at the command line
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None


class OpenedInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation as who follows its link sees it."""

    org_id: OrgId
    org_name: str
    id: InvitationId
    email: str
    role: Role
    status: InvitationStatus
    expires_at: datetime
    inviter_name: str | None
    user_id: UserId | None  # the account that has the address; None: there is none yet

    def is_open(self, now: datetime) -> bool:
        """Tell whether it can be accepted."""
        return self.status is InvitationStatus.OPEN and now < self.expires_at
