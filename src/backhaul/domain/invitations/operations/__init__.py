"""What can be done with invitations, one file per verb."""

from backhaul.domain.invitations.operations.accept import accept_as_account, accept_as_new
from backhaul.domain.invitations.operations.invite import invite
from backhaul.domain.invitations.operations.withdraw import withdraw_invitation

__all__ = ["accept_as_account", "accept_as_new", "invite", "withdraw_invitation"]
