"""The reads of identity. Those with a scope see one tenant; those with `db` are the system's and span all."""

from uuid import UUID

from backhaul.domain.identity.errors import OrganizationUnknown, UserUnknown
from backhaul.domain.identity.model import (
    RIGHTS,
    Actor,
    ApiKey,
    ApiKeyId,
    Member,
    Organization,
    Right,
    User,
)
from backhaul.domain.identity.rows import api_key_from, member_from, organization_from, user_from
from backhaul.domain.identity.spelling import MAX_EMAIL_LENGTH, folded_email
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage.database import Database, Reader, Scope, Tx

PULSE = "SELECT 1"  # is the connection alive?
FIND_API_KEY = """
SELECT org_id, org_number, id, user_id, user_email, plan, role, scopes, allowed_networks, expires_at, last_used_at
FROM find_api_key($1)
"""

FIND_SIGNING_KEYS = "SELECT id, secret, retired_at FROM find_signing_keys(retired_after => $1)"

FIND_BEARER = """
SELECT org_id, org_number, user_id, user_number, user_email, plan, role, valid_from
FROM find_token_bearer(
    wanted_key_id => $1, retired_after => $2, wanted_user_number => $3, wanted_org_number => $4
)
"""

FIND_SIGN_IN = """
SELECT user_number, user_email, password_hash, org_number, valid_from FROM find_sign_in(wanted_email => $1)
"""

GET_ORGANIZATION = """
SELECT org_id, number, name, slug, plan, parent_id, is_operator, default_address, created_at, version
FROM organizations WHERE org_id = $1
"""

FIND_ORGANIZATION = """
SELECT org_id, number, name, slug, plan, parent_id, is_operator, default_address, created_at, version
FROM organizations WHERE org_id::text = $1 OR number::text = $1 OR slug = $1
ORDER BY (org_id::text = $1) DESC, (slug = $1) DESC LIMIT 1
"""

LIST_ORGANIZATIONS = """
SELECT org_id, number, name, slug, plan, parent_id, is_operator, default_address, created_at, version
FROM organizations WHERE number > $1 ORDER BY number LIMIT $2
"""

FIND_USER = "SELECT id, email, name, is_enabled, created_at FROM users WHERE email = $1"

FIND_MEMBER_BY_EMAIL = """
SELECT u.id, u.email, u.name, u.is_enabled, u.created_at
FROM users AS u
JOIN memberships AS m ON m.org_id = $1 AND m.user_id = u.id
WHERE u.email = $2 AND u.is_enabled
"""

# A page of memberships as members: each looked up by itself, so that a large organization's are not all read.
_MEMBERS = """
p.user_id, p.email, u.name, p.role, p.is_default, u.is_enabled,
    p.role IN ('owner', 'operator') AND NOT EXISTS (
        SELECT FROM memberships AS o JOIN users AS a ON a.id = o.user_id AND a.is_enabled
        WHERE o.org_id = $1 AND o.role = p.role AND o.user_id <> p.user_id
    ) AS is_last
FROM page AS p CROSS JOIN LATERAL (SELECT name, is_enabled FROM users WHERE id = p.user_id LIMIT 1) AS u
ORDER BY p.email
"""
_MEMBERSHIP = "SELECT user_id, email, role, is_default FROM memberships WHERE org_id = $1"
LIST_MEMBERS = f"""
WITH page AS MATERIALIZED ({_MEMBERSHIP} AND email > $2 ORDER BY email LIMIT $3)
SELECT {_MEMBERS}
"""
FIND_MEMBERS = f"""
WITH page AS MATERIALIZED (
    ({_MEMBERSHIP} AND email >= $3 AND email < $3 || chr(1114111) ORDER BY email LIMIT $4)
    UNION
    ({_MEMBERSHIP} AND name_key >= name_key($2) AND name_key < name_key($2) || chr(1114111)
        ORDER BY name_key LIMIT $4)
    ORDER BY email LIMIT $4
)
SELECT {_MEMBERS}
"""

LIST_ADDRESSES = """
SELECT u.email FROM memberships AS m JOIN users AS u ON u.id = m.user_id AND u.is_enabled
WHERE m.org_id = $1 AND m.role = ANY ($2::text[]) ORDER BY u.email
"""

LIST_KEYS = """
SELECT org_id, id, user_id, name, prefix, scopes, allowed_networks, created_at, expires_at, last_used_at,
    revoked_at
FROM api_keys WHERE org_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3
"""

_HIGHEST_ID = ApiKeyId(UUID(int=(1 << 128) - 1))


async def get_organization(reader: Reader, scope: Scope) -> Organization:
    """Return the tenant itself."""
    row = await reader.fetchrow(GET_ORGANIZATION, scope.org_id)
    if row is None:
        raise OrganizationUnknown(organization=scope.org_id)
    return organization_from(row)


async def find_member_by_email(reader: Reader, scope: Scope, email: str) -> User | None:
    """Return the enabled member with this address; one statement, in any letter case."""
    row = await reader.fetchrow(FIND_MEMBER_BY_EMAIL, scope.org_id, folded_email(email))
    return None if row is None else user_from(row)


async def require_member_by_email(tx: Tx, *, email: str, path: str) -> User:
    """Return the enabled member with this address, or refuse the value at `path`."""
    assert tx.scope is not None
    user = await find_member_by_email(tx, tx.scope, email)
    if user is None:
        text = "must be the address of an enabled member of your organization"
        raise InvalidInput([FieldProblem(path, "identity.not_a_member", text)])
    return user


async def list_members(
    db: Database, *, actor: Actor, after: str = "", limit: int | None = None
) -> list[Member]:
    """Return the organization's members by address, all unless a limit is given; `after` is the last address seen."""
    scope = actor.scope(Right.MEMBERS_MANAGE)
    async with db.read(scope) as reader:
        rows = await reader.fetch(LIST_MEMBERS, scope.org_id, after, limit)
    return [member_from(row) for row in rows]


async def find_members(db: Database, *, actor: Actor, text: str, limit: int) -> list[Member]:
    """Return members whose name or address begins with a text, by address: at most `limit`, whichever they are."""
    scope = actor.scope(Right.MEMBERS_MANAGE)
    text = text[:MAX_EMAIL_LENGTH]
    async with db.read(scope) as reader:
        rows = await reader.fetch(FIND_MEMBERS, scope.org_id, text, folded_email(text), limit)
    return [member_from(row) for row in rows]


async def list_addresses_with(reader: Reader, scope: Scope, right: Right) -> list[str]:
    """Return the addresses of the organization's enabled members whose role has a right: whom to write to about it."""
    roles = [role.value for role, rights in RIGHTS.items() if right in rights]
    return [row["email"] for row in await reader.fetch(LIST_ADDRESSES, scope.org_id, roles)]


async def list_api_keys(
    db: Database, *, actor: Actor, limit: int = 100, before: ApiKeyId | None = None
) -> list[ApiKey]:
    """Return the organization's keys, newest first and the ended ones too; `before` is the last one seen."""
    scope = actor.scope(Right.KEYS_MANAGE)
    async with db.read(scope) as reader:
        rows = await reader.fetch(LIST_KEYS, scope.org_id, before or _HIGHEST_ID, limit)
    return [api_key_from(row) for row in rows]


async def list_organizations(db: Database, *, limit: int = 100, after_number: int = 0) -> list[Organization]:
    """Return the installation's organizations by number; `after_number` is the last one seen."""
    async with db.system() as reader:
        rows = await reader.fetch(LIST_ORGANIZATIONS, after_number, limit)
    return [organization_from(row) for row in rows]


async def find_organization(db: Database, *, name: str) -> Organization | None:
    """Return the organization with this id, slug or number, as a person at the command line writes it."""
    async with db.system() as reader:
        row = await reader.fetchrow(FIND_ORGANIZATION, name.strip().lower())
    return None if row is None else organization_from(row)


async def find_user(db: Database, *, email: str) -> User | None:
    """Return the installation's account with this address."""
    async with db.system() as reader:
        row = await reader.fetchrow(FIND_USER, folded_email(email))
    return None if row is None else user_from(row)


async def get_user(db: Database, *, email: str) -> User:
    """Return the installation's account with this address, or refuse."""
    user = await find_user(db, email=email)
    if user is None:
        raise UserUnknown(user=email)
    return user
