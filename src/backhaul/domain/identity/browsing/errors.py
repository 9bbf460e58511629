"""What sessions of browsers refuse."""

from backhaul.kernel.errors import DomainError, Kind


class BrowserSessionUnknown(DomainError):
    """The account has no such session, or it has ended."""

    code = "identity.browser_session_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no such session any more. It may have ended already."


class AccountUnknownHere(DomainError):
    """The identity provider named an address that no account has."""

    code = "identity.account_unknown_here"
    kind = Kind.FORBIDDEN
    message = "There is no account for {email} here. Ask an owner of your organization to have one made."


class SignInTooOld(DomainError):
    """The account has no password to ask for, and did not lately sign in anew at its identity provider instead."""

    code = "identity.sign_in_too_old"
    kind = Kind.CONFLICT
    message = (
        "For this your identity provider has to have asked you who you are within the last {minutes} minutes. Choose "
        '"Sign in again", and do it right after.'
    )
