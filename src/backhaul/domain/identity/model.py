"""Who is calling and what they may do."""

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.domain.identity.errors import PlanTooSmall, RightMissing
from backhaul.kernel.addresses import Address
from backhaul.kernel.ids import OrgId, UserId
from backhaul.storage.author import SYSTEM, Author
from backhaul.storage.scope import Scope

ApiKeyId = NewType("ApiKeyId", UUID)

# The one operator organization of every installation; the migration creates it.
OPERATOR_ORG_ID = OrgId(UUID("00000000-0000-7000-8000-000000000000"))


class Plan(StrEnum):
    """What an organization has subscribed to; the API belongs to enterprise and custom."""

    FREE = "free"
    ENTERPRISE = "enterprise"
    CUSTOM = "custom"


class Role(StrEnum):
    """What a member may do in one organization. Operator exists in the operator organization alone."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    VIEWER = "viewer"
    OPERATOR = "operator"


class Right(StrEnum):
    """One thing a caller may do."""

    TRANSFERS_READ = "transfers.read"
    TRANSFERS_WRITE = "transfers.write"
    DIRECTORY_READ = "directory.read"
    DIRECTORY_WRITE = "directory.write"
    INVENTORY_READ = "inventory.read"
    INVENTORY_WRITE = "inventory.write"
    RECOVERY_READ = "recovery.read"
    RECOVERY_WRITE = "recovery.write"
    RETURNS_READ = "returns.read"
    RETURNS_WRITE = "returns.write"  # the customer's side: verify, discard, message, reship
    HOLDS_READ = "holds.read"
    HOLDS_WRITE = "holds.write"  # place and release legal holds
    BILLING_READ = "billing.read"
    BILLING_WRITE = "billing.write"
    WEBHOOKS_READ = "webhooks.read"
    WEBHOOKS_WRITE = "webhooks.write"
    KEYS_MANAGE = "keys.manage"
    MEMBERS_MANAGE = "members.manage"
    ORGANIZATION_MANAGE = "organization.manage"
    OWNERS_MANAGE = "owners.manage"  # make and unmake owners: what an owner has before an admin
    INSTALLATION_OPERATE = "installation.operate"
    WAREHOUSE_OPERATE = "warehouse.operate"  # receive, verify and send on whatever lies in a warehouse


READING = frozenset(
    {
        Right.TRANSFERS_READ,
        Right.DIRECTORY_READ,
        Right.INVENTORY_READ,
        Right.RECOVERY_READ,
        Right.RETURNS_READ,
        Right.HOLDS_READ,
        Right.BILLING_READ,
    },
)
WORKING = READING | {
    Right.TRANSFERS_WRITE,
    Right.DIRECTORY_WRITE,
    Right.INVENTORY_WRITE,
    Right.RECOVERY_WRITE,
    Right.RETURNS_WRITE,
}
ADMINISTERING = WORKING | {
    Right.HOLDS_WRITE,
    Right.BILLING_WRITE,
    Right.WEBHOOKS_READ,
    Right.WEBHOOKS_WRITE,
    Right.KEYS_MANAGE,
    Right.MEMBERS_MANAGE,
    Right.ORGANIZATION_MANAGE,
}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: READING,
    Role.MEMBER: WORKING,
    Role.ADMIN: ADMINISTERING,
    Role.OWNER: ADMINISTERING | {Right.OWNERS_MANAGE},
    Role.OPERATOR: ADMINISTERING | {Right.OWNERS_MANAGE, Right.INSTALLATION_OPERATE, Right.WAREHOUSE_OPERATE},
}


def rights_of(role: Role, scopes: Collection[str]) -> frozenset[Right]:
    """Return what a key of a member with this role may do; no scopes means all the role allows."""
    if not scopes:
        return RIGHTS[role]
    # A scope this release does not know grants nothing; it must not turn into "no scopes".
    return frozenset(right for right in RIGHTS[role] if right.value in scopes)


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """A caller inside one organization."""

    org_id: OrgId
    plan: Plan
    user_id: UserId | None  # None: the system itself, or the installation's operator at the command line
    user_email: str | None
    rights: frozenset[Right]
    author: Author  # who history names
    org_number: int = 0  # 0: the system or a link, which no dialect answers

    def scope(self, right: Right) -> Scope:
        """Return the tenant scope for using this right, or refuse."""
        if right not in self.rights:
            raise RightMissing(right=right.value)
        return Scope(self.org_id)

    def require_all(self, rights: Iterable[Right]) -> None:
        """Refuse to hand out or take away what the caller does not have."""
        for right in sorted(rights):
            if right not in self.rights:
                raise RightMissing(right=right.value)

    def require_api_plan(self) -> None:
        """Refuse a plan without API access (contract §1.1, R4)."""
        if self.plan is Plan.FREE:
            raise PlanTooSmall(plan=self.plan.value)


class Organization(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant."""

    id: OrgId
    number: int
    name: str
    slug: str
    plan: Plan
    parent_id: OrgId | None
    is_operator: bool
    default_address: Address | None
    created_at: datetime
    version: int


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person who signs in; one account for the installation, memberships per organization."""

    id: UserId
    email: str  # case-folded
    name: str
    is_enabled: bool
    created_at: datetime


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """A user's role in one organization."""

    org_id: OrgId
    user_id: UserId
    role: Role
    is_default: bool


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key of a user in an organization; the secret itself is shown once and never stored."""

    id: ApiKeyId
    org_id: OrgId
    user_id: UserId
    name: str
    prefix: str  # first characters, to recognise the key by
    scopes: tuple[Right, ...]  # empty means everything the user's role allows
    allowed_networks: tuple[str, ...]  # CIDR; empty means from anywhere
    created_at: datetime
    expires_at: datetime | None  # None means "until revoked"
    last_used_at: datetime | None
    revoked_at: datetime | None


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A member as a list of members shows them."""

    user_id: UserId
    email: str
    name: str
    role: Role
    is_default: bool
    is_enabled: bool
    is_last: bool  # an owner or operator beside whom no other is enabled: nobody can take that away


def operator_actor(organization: Organization) -> Actor:
    """Return the installation's operator, acting in this organization from the command line."""
    return Actor(
        org_id=organization.id,
        plan=organization.plan,
        user_id=None,
        user_email=None,
        rights=frozenset(Right),
        author=Author(kind="operator", id=None),
        org_number=organization.number,
    )


def link_actor(org_id: OrgId, subject_id: UUID) -> Actor:
    """Return whoever follows a link to one thing of this organization: nobody we know, with one right."""
    return Actor(
        org_id=org_id,
        plan=Plan.CUSTOM,
        user_id=None,
        user_email=None,
        rights=frozenset({Right.TRANSFERS_WRITE}),
        author=Author("link", subject_id),
    )


def system_actor(org_id: OrgId) -> Actor:
    """Return the system itself, acting in this organization: jobs and reactions. No plan stops it."""
    return Actor(
        org_id=org_id,
        plan=Plan.CUSTOM,
        user_id=None,
        user_email=None,
        rights=frozenset(Right),
        author=SYSTEM,
    )
