"""OAuth clients: programs that call for a member of an organization, within scopes (RFC 6749, RFC 7636, RFC 7009).

Not here: how a dialect carries their requests, and what a scope's rights are used for. Start with `model`; `tokens`
says what a token is, `bearers` turns one into a caller, `operations` make clients, codes and tokens.
"""

from backhaul.domain.identity.clients.bearers import ClientBearers, ClientSettings
from backhaul.domain.identity.clients.model import (
    SCOPES,
    AuthorizationRequest,
    Client,
    ClientCaller,
    ClientId,
    ClientInUse,
    ClientTerms,
    IssuedTokens,
    KnownClient,
)
from backhaul.domain.identity.clients.operations.authorizing import authorize, check_authorization
from backhaul.domain.identity.clients.operations.issuing import exchange_code, issue_own_token
from backhaul.domain.identity.clients.operations.keeping import (
    add_client,
    disable_client,
    rotate_client_secret,
)
from backhaul.domain.identity.clients.operations.revoking import revoke_authorization, revoke_token
from backhaul.domain.identity.clients.operations.signing import rotate_client_signing_key
from backhaul.domain.identity.clients.queries import (
    find_known_client,
    get_own_organization,
    list_clients,
    list_clients_with_use,
)

__all__ = [
    "SCOPES",
    "AuthorizationRequest",
    "Client",
    "ClientBearers",
    "ClientCaller",
    "ClientId",
    "ClientInUse",
    "ClientSettings",
    "ClientTerms",
    "IssuedTokens",
    "KnownClient",
    "add_client",
    "authorize",
    "check_authorization",
    "disable_client",
    "exchange_code",
    "find_known_client",
    "get_own_organization",
    "issue_own_token",
    "list_clients",
    "list_clients_with_use",
    "revoke_authorization",
    "revoke_token",
    "rotate_client_secret",
    "rotate_client_signing_key",
]
