"""Who was asked to join, as what, and until when."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.domain.identity.model import RIGHTS, Right, Role
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


class ListedInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """An open invitation as a list of members shows it."""

    invitation: Invitation
    inviter_name: str | None
    inviter_role: Role | None  # by which they work here now; None: they do not

    @property
    def is_given(self) -> bool:
        """Whether who invited may still give what it gives."""
        return is_given(
            self.invitation.role, by=self.invitation.invited_by, role_of_inviter=self.inviter_role
        )


class OpenedInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation as who follows its link sees it."""

    org_id: OrgId
    org_name: str
    id: InvitationId
    email: str
    role: Role
    status: InvitationStatus
    expires_at: datetime
    invited_by: UserId | None
    inviter_name: str | None
    inviter_role: Role | None  # by which they work there now; None: they do not
    user_id: UserId | None  # the account that has the address; None: there is none yet

    def is_open(self, now: datetime) -> bool:
        """Tell whether it can be accepted."""
        is_standing = self.status is InvitationStatus.OPEN and now < self.expires_at
        return is_standing and is_given(self.role, by=self.invited_by, role_of_inviter=self.inviter_role)


def is_given(role: Role, *, by: UserId | None, role_of_inviter: Role | None) -> bool:
    """Tell whether an inviter may still hand out a role: nobody hands out more than they have."""
    if by is None:  # whoever runs the installation may always
        return True
    return role_of_inviter is not None and RIGHTS[role] | {Right.MEMBERS_MANAGE} <= RIGHTS[role_of_inviter]
