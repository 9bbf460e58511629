"""What second factors refuse."""

from backhaul.kernel.errors import DomainError, Kind


class SecondFactorRefused(DomainError):
    """The code is wrong, too old, or was used before; which of these is not told."""

    code = "identity.second_factor_refused"
    kind = Kind.UNAUTHENTICATED
    message = "That code is not right, or it was used before. Wait for the next one and enter that."


class SecondFactorPresent(DomainError):
    """The account has a second factor already."""

    code = "identity.second_factor_present"
    kind = Kind.CONFLICT
    message = "Your account has a second factor already. Remove it before you set up another."


class SecondFactorMissing(DomainError):
    """There is no second factor to confirm or to remove."""

    code = "identity.second_factor_missing"
    kind = Kind.CONFLICT
    message = "No second factor is being set up. Begin again from your account's page."
