"""What signing in elsewhere refuses."""

from backhaul.kernel.errors import DomainError, Kind


class ProviderRefused(DomainError):
    """The identity provider did not vouch for anybody, or what it said does not hold."""

    code = "identity.provider_refused"
    kind = Kind.UNAUTHENTICATED
    message = "Signing in elsewhere did not work: {reason}. Please begin again."


class ProviderMissing(DomainError):
    """The installation has no identity provider."""

    code = "identity.provider_missing"
    kind = Kind.NOT_FOUND
    message = "This installation has no identity provider. Sign in with your password."


class EmailUnverified(DomainError):
    """The identity provider does not say that the address is the person's own."""

    code = "identity.email_unverified"
    kind = Kind.FORBIDDEN
    message = (
        "The identity provider has not verified your e-mail address. Verify it there, then sign in again."
    )
