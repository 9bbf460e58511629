"""What is refused to and about clients."""

from backhaul.kernel.errors import DomainError, Kind


class ClientUnknown(DomainError):
    """The organization has no such client."""

    code = "identity.client_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no client {client} in this organization."


class ClientAlreadyDisabled(DomainError):
    """The client was disabled before."""

    code = "identity.client_already_disabled"
    kind = Kind.CONFLICT
    message = "The client {client} was already disabled at {disabled_at} UTC. Add a new one instead."


class TooManyClients(DomainError):
    """The account has as many enabled clients as it may have (contract BoxC §3.2)."""

    code = "identity.too_many_clients"
    kind = Kind.CONFLICT
    message = "This account already has {most} enabled clients. Disable one of them first."


class ClientRefused(DomainError):
    """No enabled client has this id and this secret; which of them is wrong is not told."""

    code = "identity.client_refused"
    kind = Kind.UNAUTHENTICATED
    message = "The client is unknown or disabled, or this is not its secret."


class GrantRefused(DomainError):
    """The authorization code cannot be exchanged: unknown, expired, used, of another client, or asked for otherwise."""

    code = "identity.grant_refused"
    kind = Kind.MALFORMED
    message = (
        "The authorization code is not valid, has expired, was used before, or was given to another client or for "
        "another request. Ask the person to authorize again."
    )


class ScopeRefused(DomainError):
    """A scope was asked for that the client does not have."""

    code = "identity.scope_refused"
    kind = Kind.MALFORMED
    message = "This client does not have the scope {scope}."


class ScopeMissing(DomainError):
    """The access token does not carry the scope that the call needs."""

    code = "identity.scope_missing"
    kind = Kind.FORBIDDEN
    message = "This needs the scope {scope}, which the access token does not have."


class RedirectRefused(DomainError):
    """The client has not registered this redirect URI: nobody is sent there."""

    code = "identity.redirect_refused"
    kind = Kind.MALFORMED
    message = "The redirect URI is not registered for this client. It must match a registered one exactly."


class ConsentRefused(DomainError):
    """The person who signed in is no member of the organization that the client belongs to."""

    code = "identity.consent_refused"
    kind = Kind.UNAUTHENTICATED
    message = "Invalid email or password."
