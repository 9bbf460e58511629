"""The writes of identity, each a step in the caller's transaction."""

from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from backhaul.domain.identity.credentials import NewSecret
from backhaul.domain.identity.errors import (
    AlreadyMember,
    EmailTaken,
    OperatorRoleRefused,
    OrganizationUnknown,
    RightMissing,
    SlugTaken,
    UserUnknown,
)
from backhaul.domain.identity.model import (
    OPERATOR_ORG_ID,
    ApiKey,
    ApiKeyId,
    Membership,
    Organization,
    Plan,
    Right,
    Role,
    User,
)
from backhaul.domain.identity.rows import api_key_from, membership_from, organization_from, user_from
from backhaul.kernel.addresses import Address
from backhaul.kernel.ids import OrgId, UserId
from backhaul.storage.database import Tx

CHANNEL = "backhaul_identity"

ADD_ORGANIZATION = """
INSERT INTO organizations (org_id, name, slug, plan, parent_id, default_address, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING org_id, number, name, slug, plan, parent_id, is_operator, default_address, created_at, version
"""

LOCK_ORGANIZATION = """
SELECT org_id, number, name, slug, plan, parent_id, is_operator, default_address, created_at, version
FROM organizations WHERE org_id = $1 FOR NO KEY UPDATE
"""

SAVE_ORGANIZATION = """
UPDATE organizations SET plan = $2, default_address = $3, name = $5, version = $4 WHERE org_id = $1
"""

CREATE_USER = (
    "SELECT create_user_account("
    "org_id => $1, user_id => $2, user_email => $3, user_name => $4, new_password_hash => $5, at => $6)"
)
LOCK_USER = """
SELECT id, email, name, is_enabled, created_at FROM lock_user_account(org_id => $1, user_id => $2)
"""
ENABLE_USER = "SELECT enable_user_account(org_id => $1, user_id => $2, wanted => $3, at => $4)"
SET_PASSWORD = "SELECT set_user_password(org_id => $1, user_id => $2, new_password_hash => $3, at => $4)"  # noqa: S105 -- SQL
ROTATE_SIGNING_KEY = "SELECT rotate_signing_key(org_id => $1, key_id => $2, ends_sessions => $3, at => $4)"

# The first membership of a user is their default one; only the index sees the memberships elsewhere.
ADD_MEMBER = """
WITH as_default AS (
    INSERT INTO memberships (org_id, user_id, role, is_in_operator_organization, created_at, is_default)
    VALUES ($1, $2, $3, $4, $5, true)
    ON CONFLICT (user_id) WHERE is_default DO NOTHING
    RETURNING org_id, user_id, role, is_default
), beside AS (
    INSERT INTO memberships (org_id, user_id, role, is_in_operator_organization, created_at)
    SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT FROM as_default)
    RETURNING org_id, user_id, role, is_default
)
SELECT org_id, user_id, role, is_default FROM as_default
UNION ALL
SELECT org_id, user_id, role, is_default FROM beside
"""

# The organization's row is locked first, so that two owners, or two operators, cannot remove each other at once.
LOCK_MEMBER = """
SELECT m.org_id, m.user_id, m.role, m.is_default
FROM organizations AS o
JOIN memberships AS m ON m.org_id = o.org_id
WHERE o.org_id = $1 AND m.user_id = $2
FOR NO KEY UPDATE OF o FOR UPDATE OF m
"""

COUNT_OTHERS_AS = """
SELECT count(*) FROM memberships AS m
JOIN users AS u ON u.id = m.user_id AND u.is_enabled
WHERE m.org_id = $1 AND m.user_id <> $2 AND m.role = $3
"""

SET_ROLE = "UPDATE memberships SET role = $3 WHERE org_id = $1 AND user_id = $2"

REMOVE_MEMBER = "DELETE FROM memberships WHERE org_id = $1 AND user_id = $2"

REVOKE_KEYS_OF_MEMBER = """
UPDATE api_keys SET revoked_at = $3 WHERE org_id = $1 AND user_id = $2 AND revoked_at IS NULL
RETURNING org_id, id, user_id, name, prefix, scopes, allowed_networks, created_at, expires_at, last_used_at,
    revoked_at
"""

# A key is made only while its user is a member: removal waits for this lock and then revokes the new key too.
HOLD_MEMBER = """
SELECT m.role, u.is_enabled FROM memberships AS m JOIN users AS u ON u.id = m.user_id
WHERE m.org_id = $1 AND m.user_id = $2 FOR SHARE OF m
"""

ADD_KEY = """
INSERT INTO api_keys
    (org_id, id, user_id, name, prefix, secret_hash, scopes, allowed_networks, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""

LOCK_KEY = """
SELECT org_id, id, user_id, name, prefix, scopes, allowed_networks, created_at, expires_at, last_used_at,
    revoked_at
FROM api_keys WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE
"""

REVOKE_KEY = "UPDATE api_keys SET revoked_at = $3 WHERE org_id = $1 AND id = $2"

# One row a key and minute, whichever process notes it; a row somebody else holds waits for the next time.
NOTE_USES = """
WITH used AS (
    SELECT k.org_id, k.id, u.at
    FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS u (org_id, id, at)
    JOIN api_keys AS k ON k.org_id = u.org_id AND k.id = u.id
    WHERE k.last_used_at IS NULL OR k.last_used_at <= u.at - interval '1 minute'
    ORDER BY k.org_id, k.id
    FOR NO KEY UPDATE OF k SKIP LOCKED
)
UPDATE api_keys AS k SET last_used_at = used.at FROM used WHERE k.org_id = used.org_id AND k.id = used.id
"""

TELL = """
SELECT pg_notify($1, json_build_object('org_id', $2::uuid, 'user_id', $3::uuid, 'api_key_id', $4::uuid)::text)
"""


async def add_organization(
    tx: Tx,
    *,
    org_id: OrgId,
    name: str,
    slug: str,
    plan: Plan,
    parent_id: OrgId | None,
    default_address: Address | None,
    at: datetime,
) -> Organization:
    """Add a tenant; refuses a taken slug and an unknown parent."""
    try:
        row = await tx.fetchrow(ADD_ORGANIZATION, org_id, name, slug, plan, parent_id, default_address, at)
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "organizations_slug":
            raise SlugTaken(slug=slug) from error
        raise
    except asyncpg.ForeignKeyViolationError as error:
        raise OrganizationUnknown(organization=parent_id) from error
    return organization_from(row)


async def lock_organization(tx: Tx, org_id: OrgId) -> Organization:
    """Lock the tenant's own row until the commit."""
    row = await tx.fetchrow(LOCK_ORGANIZATION, org_id)
    if row is None:
        raise OrganizationUnknown(organization=org_id)
    return organization_from(row)


async def save_organization(tx: Tx, organization: Organization) -> Organization:
    """Write what may change of an organization, as its next version."""
    after = msgspec.structs.replace(organization, version=organization.version + 1)
    await tx.execute(
        SAVE_ORGANIZATION, after.id, after.plan, after.default_address, after.version, after.name
    )
    return after


async def add_user(tx: Tx, user: User, *, password_hash: str | None) -> None:
    """Add an account; refuses a taken address. The transaction must be in the operator's scope."""
    try:
        await tx.execute(
            CREATE_USER, OPERATOR_ORG_ID, user.id, user.email, user.name, password_hash, user.created_at
        )
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "users_email":
            raise EmailTaken(email=user.email) from error
        raise
    except asyncpg.InsufficientPrivilegeError as error:
        raise RightMissing(right=Right.INSTALLATION_OPERATE.value) from error


async def lock_user(tx: Tx, user_id: UserId) -> User:
    """Lock an account until the commit. The transaction must be in the operator's scope."""
    row = await tx.fetchrow(LOCK_USER, OPERATOR_ORG_ID, user_id)
    if row is None:
        raise UserUnknown(user=user_id)
    return user_from(row)


async def enable_user(tx: Tx, user_id: UserId, *, is_enabled: bool, at: datetime) -> None:
    """Enable or disable an account and end its sessions."""
    await tx.execute(ENABLE_USER, OPERATOR_ORG_ID, user_id, is_enabled, at)


async def set_password(tx: Tx, user_id: UserId, *, password_hash: str, at: datetime) -> None:
    """Replace an account's password hash and end its sessions."""
    await tx.execute(SET_PASSWORD, OPERATOR_ORG_ID, user_id, password_hash, at)


async def rotate_signing_key(tx: Tx, key_id: UUID, *, ends_sessions: bool, at: datetime) -> UUID | None:
    """Make the key that signs from now on; returns the one that did. Only in the operator's scope."""
    former_id: UUID | None = await tx.fetchval(ROTATE_SIGNING_KEY, OPERATOR_ORG_ID, key_id, ends_sessions, at)
    return former_id


async def add_member(tx: Tx, org_id: OrgId, user_id: UserId, *, role: Role, at: datetime) -> Membership:
    """Add a membership; the first one of a user is their default."""
    is_operator = org_id == OPERATOR_ORG_ID
    try:
        row = await tx.fetchrow(ADD_MEMBER, org_id, user_id, role, is_operator, at)
    except asyncpg.UniqueViolationError as error:
        raise AlreadyMember(user=user_id) from error
    except asyncpg.ForeignKeyViolationError as error:
        if error.constraint_name == "memberships_user_id_fkey":
            raise UserUnknown(user=user_id) from error
        raise OrganizationUnknown(organization=org_id) from error
    except asyncpg.CheckViolationError as error:
        raise OperatorRoleRefused from error
    return membership_from(row)


async def lock_member(tx: Tx, org_id: OrgId, user_id: UserId) -> Membership | None:
    """Lock the organization's row and the membership until the commit."""
    row = await tx.fetchrow(LOCK_MEMBER, org_id, user_id)
    return None if row is None else membership_from(row)


async def count_others_as(tx: Tx, member: Membership) -> int:
    """Return how many other enabled members have the member's role. Only meaningful after `lock_member`."""
    return int(await tx.fetchval(COUNT_OTHERS_AS, member.org_id, member.user_id, member.role))


async def set_role(tx: Tx, membership: Membership) -> None:
    """Write a membership's role."""
    await tx.execute(SET_ROLE, membership.org_id, membership.user_id, membership.role)


async def remove_member(tx: Tx, membership: Membership, *, at: datetime) -> list[ApiKey]:
    """End a membership and the member's keys; returns the keys that ended."""
    rows = await tx.fetch(REVOKE_KEYS_OF_MEMBER, membership.org_id, membership.user_id, at)
    await tx.execute(REMOVE_MEMBER, membership.org_id, membership.user_id)
    return [api_key_from(row) for row in rows]


async def hold_enabled_member(tx: Tx, org_id: OrgId, user_id: UserId) -> Role | None:
    """Return an enabled member's role and keep the membership as it is until the commit."""
    row = await tx.fetchrow(HOLD_MEMBER, org_id, user_id)
    return Role(row["role"]) if row is not None and row["is_enabled"] else None


async def add_key(tx: Tx, key: ApiKey, made: NewSecret) -> None:
    """Store a key: of its secret only the hash."""
    await tx.execute(
        ADD_KEY,
        key.org_id,
        key.id,
        key.user_id,
        key.name,
        key.prefix,
        made.hash,
        key.scopes,
        key.allowed_networks,
        key.created_at,
        key.expires_at,
    )


async def lock_key(tx: Tx, org_id: OrgId, key_id: ApiKeyId) -> ApiKey | None:
    """Lock a key until the commit."""
    row = await tx.fetchrow(LOCK_KEY, org_id, key_id)
    return None if row is None else api_key_from(row)


async def revoke_key(tx: Tx, key: ApiKey) -> None:
    """Write that a key has ended."""
    await tx.execute(REVOKE_KEY, key.org_id, key.id, key.revoked_at)


async def tell_authenticators(
    tx: Tx, *, org_id: OrgId | None = None, user_id: UserId | None = None, api_key_id: ApiKeyId | None = None
) -> None:
    """Tell every process, at commit, to forget what it holds about these. Once in a transaction."""
    await tx.fetchval(TELL, CHANNEL, org_id, user_id, api_key_id)
