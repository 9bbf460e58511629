"""What signing in elsewhere refuses."""

from backhaul.kernel.errors import DomainError, Kind


class ProviderRefused(DomainError):
    """The identity provider did not vouch for anybody, or what it said does not hold."""

    code = "identity.provider_refused"
    kind = Kind.UNAUTHENTICATED
    message = "Signing in elsewhere did not work: {reason}. Please begin again."


class SignInNotFresh(DomainError):
    """The person was to sign in anew at the identity provider, and its answer does not show that they did."""

    code = "identity.sign_in_not_fresh"
    kind = Kind.UNAUTHENTICATED
    message = (
        "You were to sign in anew, but {reason}. Nothing was changed. Sign out at the identity provider, then choose "
        '"Sign in again" here once more. If that does not help, whoever runs the provider has to let it heed max_age '
        "and send auth_time."
    )


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
