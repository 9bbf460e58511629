"""What a client is, what it may ask for, and who calls with one of its tokens."""

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.domain.identity.clients.errors import ScopeMissing, ScopeRefused
from backhaul.domain.identity.model import RIGHTS, Actor, Right, Role
from backhaul.kernel.ids import OrgId, UserId

ClientId = NewType("ClientId", UUID)

OPENID = "openid"
ABOUT_THE_PERSON = frozenset({OPENID, "email", "profile"})

# Every scope of the contract (BoxC §3.2) can be asked for, so that programs need not be changed; those without rights
# here belong to resources that are not offered.
SCOPES: Mapping[str, frozenset[Right]] = MappingProxyType(
    {
        # Whoever has parcels sent on sees what there is to pay with.
        "returns": frozenset({Right.RETURNS_READ, Right.RETURNS_WRITE, Right.BILLING_READ}),
        "billing": frozenset({Right.BILLING_READ}),
        "read_webhooks": frozenset({Right.WEBHOOKS_READ}),
        "write_webhooks": frozenset({Right.WEBHOOKS_READ, Right.WEBHOOKS_WRITE}),
        **{
            name: frozenset()
            for name in (
                *sorted(ABOUT_THE_PERSON),
                "read_shipments",
                "write_shipments",
                "read_orders",
                "write_orders",
                "read_products",
                "write_products",
                "read_shops",
                "write_shops",
                "read_credentials",
                "write_credentials",
                "classify",
                "validate",
                "calculate",
            )
        },
    }
)


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """A program that may ask for tokens; its secret is shown once and never stored."""

    id: ClientId
    org_id: OrgId
    user_id: UserId  # the member it belongs to, and acts for when nobody has authorized it
    name: str
    client_id: str  # what it shows: 32 hexadecimal digits
    redirect_uris: tuple[str, ...]  # compared character by character
    scopes: tuple[str, ...]
    created_at: datetime
    secret_made_at: datetime
    disabled_at: datetime | None


class ClientInUse(msgspec.Struct, frozen=True, kw_only=True):
    """A client as a list of clients shows it."""

    client: Client
    member_name: str | None  # None: who it belongs to has left
    last_token_at: datetime | None  # when it was last given a token; None: never


class ClientTerms(msgspec.Struct, frozen=True):
    """Under which terms this installation keeps clients."""

    most: int  # enabled ones of one member


class KnownClient(msgspec.Struct, frozen=True, kw_only=True):
    """An enabled client as sign-in sees it."""

    id: ClientId
    org_id: OrgId
    org_name: str
    name: str
    client_id: str
    secret_hash: bytes
    secret_made_at: datetime
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...]
    user_id: UserId
    user_number: int


class AuthorizationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a member is asked to agree to."""

    redirect_uri: str
    scopes: tuple[str, ...]
    nonce: str | None
    code_challenge: str | None  # RFC 7636, S256


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """An authorization code as it is kept; the code itself is not."""

    client_id: ClientId
    user_id: UserId
    user_number: int
    redirect_uri: str
    scopes: tuple[str, ...]
    nonce: str | None
    code_challenge: str | None
    expires_at: datetime
    used_at: datetime | None


class IssuedTokens(msgspec.Struct, frozen=True, kw_only=True):
    """What a client is given."""

    access_token: str
    id_token: str | None
    expires_in: int  # seconds
    scopes: tuple[str, ...]


class ClientCaller(msgspec.Struct, frozen=True, kw_only=True):
    """Who calls with a token of a client: a member of the organization, within the token's scopes."""

    actor: Actor
    user_number: int
    client_id: ClientId
    scopes: frozenset[str]

    def require(self, scope: str) -> None:
        """Refuse a call that the token's scopes do not cover."""
        if scope not in self.scopes:
            raise ScopeMissing(scope=scope)


def rights_within(role: Role, scopes: Collection[str]) -> frozenset[Right]:
    """Return what a token allows: what its scopes say, and no more than the member's role."""
    allowed = frozenset(right for scope in scopes for right in SCOPES.get(scope, frozenset()))
    return RIGHTS[role] & allowed


def chosen_scopes(wanted: str | None, allowed: Collection[str]) -> tuple[str, ...]:
    """Return the scopes of a request (RFC 6749 §3.3), by default all that the client has; refuses others."""
    names = tuple(dict.fromkeys((wanted or "").split()))
    for name in names:
        if name not in allowed:
            raise ScopeRefused(scope=name[:64])
    return names or tuple(allowed)
