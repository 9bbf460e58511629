"""What invitations refuse."""

from backhaul.kernel.errors import DomainError, Kind


class InvitationUnknown(DomainError):
    """No invitation has this id or this link."""

    code = "invitation.unknown"
    kind = Kind.NOT_FOUND
    message = "There is no such invitation. Ask for a new one."


class InvitationOver(DomainError):
    """The invitation was accepted or withdrawn, its time is over, or who sent it may not give it any more."""

    code = "invitation.over"
    kind = Kind.CONFLICT
    message = "This invitation cannot be used any more. Ask {organization} for a new one."


class AlreadyInvited(DomainError):
    """The address has an open invitation to the organization."""

    code = "invitation.already_open"
    kind = Kind.CONFLICT
    message = "{email} has an invitation already. Withdraw it first to send another."


class InvitationForSomebodyElse(DomainError):
    """Whoever is signed in is not who was invited."""

    code = "invitation.for_somebody_else"
    kind = Kind.CONFLICT
    message = "This invitation is for {email}. Sign out, and sign in with that account."


class AccountNeeded(DomainError):
    """The address has an account already: it joins by signing in."""

    code = "invitation.account_exists"
    kind = Kind.CONFLICT
    message = "{email} has an account already. Sign in, then open the link again."
