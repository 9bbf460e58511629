"""Invitations: somebody is asked by mail to join an organization, and joins with the link in it.

Not here: accounts and memberships themselves (identity). The link proves whose address it is, so nobody but its reader
ever sees it. Start with `model`, then `operations.invite` and `operations.accept`.
"""

from backhaul.domain.invitations.errors import (
    AccountNeeded,
    AlreadyInvited,
    InvitationForSomebodyElse,
    InvitationOver,
    InvitationUnknown,
)
from backhaul.domain.invitations.model import (
    LASTING,
    Invitation,
    InvitationId,
    InvitationStatus,
    ListedInvitation,
    OpenedInvitation,
)
from backhaul.domain.invitations.operations import (
    accept_as_account,
    accept_as_new,
    invite,
    withdraw_invitation,
)
from backhaul.domain.invitations.queries import find_by_token, get_invitation, list_open_invitations

__all__ = [
    "LASTING",
    "AccountNeeded",
    "AlreadyInvited",
    "Invitation",
    "InvitationForSomebodyElse",
    "InvitationId",
    "InvitationOver",
    "InvitationStatus",
    "InvitationUnknown",
    "ListedInvitation",
    "OpenedInvitation",
    "accept_as_account",
    "accept_as_new",
    "find_by_token",
    "get_invitation",
    "invite",
    "list_open_invitations",
    "withdraw_invitation",
]
