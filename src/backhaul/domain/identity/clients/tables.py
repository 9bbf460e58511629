"""The writes of clients, each a step in the caller's transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from backhaul.domain.identity.clients.model import AuthorizationRequest, Client, ClientId, Grant, KnownClient
from backhaul.domain.identity.clients.rows import client_from, grant_from
from backhaul.domain.identity.model import OPERATOR_ORG_ID
from backhaul.domain.identity.tables import CHANNEL
from backhaul.kernel.ids import OrgId, UserId
from backhaul.storage.database import Tx
from backhaul.storage.rows import deleted

# A member's clients are counted under the lock of the membership, so that two are not added at the same time.
HOLD_MEMBER = """
SELECT m.role FROM memberships AS m JOIN users AS u ON u.id = m.user_id AND u.is_enabled
WHERE m.org_id = $1 AND m.user_id = $2 FOR NO KEY UPDATE OF m
"""
COUNT_ENABLED = """
SELECT count(*) FROM oauth_clients WHERE org_id = $1 AND user_id = $2 AND disabled_at IS NULL
"""
ADD_CLIENT = """
INSERT INTO oauth_clients
    (org_id, id, user_id, name, client_id, secret_hash, redirect_uris, scopes, created_at, secret_made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
"""
LOCK_CLIENT = """
SELECT org_id, id, user_id, name, client_id, redirect_uris, scopes, created_at, secret_made_at, disabled_at
FROM oauth_clients WHERE org_id = $1 AND client_id = $2 FOR NO KEY UPDATE
"""
SET_SECRET = "UPDATE oauth_clients SET secret_hash = $3, secret_made_at = $4 WHERE org_id = $1 AND id = $2"  # noqa: S105 -- SQL
DISABLE_CLIENT = "UPDATE oauth_clients SET disabled_at = $3 WHERE org_id = $1 AND id = $2"
DISABLE_OF_MEMBER = """
UPDATE oauth_clients SET disabled_at = $3 WHERE org_id = $1 AND user_id = $2 AND disabled_at IS NULL
RETURNING org_id, id, user_id, name, client_id, redirect_uris, scopes, created_at, secret_made_at, disabled_at
"""
# Whoever disables the client, or removes the member, waits for this; a secret that was changed since is refused.
HOLD_TO_ISSUE = """
SELECT greatest($4::timestamptz, m.created_at) AS issued_at
FROM oauth_clients AS c JOIN memberships AS m ON m.org_id = c.org_id AND m.user_id = $3
JOIN users AS u ON u.id = m.user_id AND u.is_enabled
WHERE c.org_id = $1 AND c.id = $2 AND c.disabled_at IS NULL AND c.secret_made_at = $5
FOR SHARE OF c, m
"""
ADD_CODE = """
INSERT INTO authorization_codes
    (org_id, code_hash, client_id, user_id, user_number, redirect_uri, scopes, nonce, code_challenge, created_at,
     expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
LOCK_CODE = """
SELECT client_id, user_id, user_number, redirect_uri, scopes, nonce, code_challenge, expires_at, used_at
FROM authorization_codes WHERE org_id = $1 AND code_hash = $2 FOR NO KEY UPDATE
"""
USE_CODE = "UPDATE authorization_codes SET used_at = $3 WHERE org_id = $1 AND code_hash = $2"
ADD_TOKEN = """
INSERT INTO client_tokens
    (org_id, id, client_id, user_id, user_number, scopes, key_id, code_hash, issued_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""  # noqa: S105 -- SQL
REVOKE_TOKEN = """
UPDATE client_tokens SET revoked_at = $4 WHERE org_id = $1 AND client_id = $2 AND id = $3 AND revoked_at IS NULL
RETURNING id
"""  # noqa: S105 -- SQL
REVOKE_OF_USER = """
UPDATE client_tokens SET revoked_at = $4
WHERE org_id = $1 AND client_id = $2 AND user_number = $3 AND revoked_at IS NULL RETURNING id
"""
REVOKE_OF_CODE = """
UPDATE client_tokens SET revoked_at = $3 WHERE org_id = $1 AND code_hash = $2 AND revoked_at IS NULL RETURNING id
"""
ROTATE_KEY = """
SELECT rotate_client_signing_key(
    org_id => $1, key_id => $2, new_public_key => $3, new_sealed_private_key => $4, ends_tokens => $5, at => $6
)
"""
TELL = "SELECT pg_notify($1, json_build_object('org_id', $2::uuid, 'client_id', $3::uuid)::text)"

# Across tenants. What has expired is refused whether there is a row or not; a revoked token's row goes with its expiry.
FORGET_TOKENS = """
DELETE FROM client_tokens WHERE (org_id, id) IN (
    SELECT org_id, id FROM client_tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT 1000)
"""
# A code that brought a token stays as long: who brings it again ends the token.
FORGET_CODES = """
DELETE FROM authorization_codes WHERE (org_id, code_hash) IN (
    SELECT c.org_id, c.code_hash FROM authorization_codes AS c
    WHERE c.expires_at < $1 AND NOT EXISTS (
        SELECT FROM client_tokens AS t WHERE t.org_id = c.org_id AND t.code_hash = c.code_hash)
    ORDER BY c.expires_at LIMIT 1000)
"""


async def hold_member(tx: Tx, org_id: OrgId, user_id: UserId) -> str | None:
    """Return an enabled member's role; nobody else counts or adds their clients until the commit."""
    role: str | None = await tx.fetchval(HOLD_MEMBER, org_id, user_id)
    return role


async def count_enabled(tx: Tx, org_id: OrgId, user_id: UserId) -> int:
    """Return how many enabled clients a member has. Only meaningful after `hold_member`."""
    return int(await tx.fetchval(COUNT_ENABLED, org_id, user_id))


async def add_client(tx: Tx, client: Client, *, secret_hash: bytes) -> None:
    """Store a client: of its secret only the hash."""
    await tx.execute(
        ADD_CLIENT,
        client.org_id,
        client.id,
        client.user_id,
        client.name,
        client.client_id,
        secret_hash,
        client.redirect_uris,
        client.scopes,
        client.created_at,
    )


async def lock_client(tx: Tx, org_id: OrgId, client_id: str) -> Client | None:
    """Lock the client that shows this id until the commit."""
    row = await tx.fetchrow(LOCK_CLIENT, org_id, client_id)
    return None if row is None else client_from(row)


async def set_secret(tx: Tx, client: Client, *, secret_hash: bytes) -> None:
    """Replace a client's secret."""
    await tx.execute(SET_SECRET, client.org_id, client.id, secret_hash, client.secret_made_at)


async def disable(tx: Tx, client: Client) -> None:
    """Write that a client has ended."""
    await tx.execute(DISABLE_CLIENT, client.org_id, client.id, client.disabled_at)


async def disable_of_member(tx: Tx, org_id: OrgId, user_id: UserId, *, at: datetime) -> list[Client]:
    """End a member's clients; returns those that ended."""
    return [client_from(row) for row in await tx.fetch(DISABLE_OF_MEMBER, org_id, user_id, at)]


async def hold_to_issue(tx: Tx, client: KnownClient, user_id: UserId, *, at: datetime) -> datetime | None:
    """Return when a token for this member may count from; None when client or member have ended meanwhile."""
    issued_at: datetime | None = await tx.fetchval(
        HOLD_TO_ISSUE, client.org_id, client.id, user_id, at, client.secret_made_at
    )
    return issued_at


async def add_code(
    tx: Tx,
    code_hash: bytes,
    *,
    client: KnownClient,
    user_id: UserId,
    user_number: int,
    request: AuthorizationRequest,
    at: datetime,
    expires_at: datetime,
) -> None:
    """Store an authorization code's hash and what it stands for."""
    await tx.execute(
        ADD_CODE,
        client.org_id,
        code_hash,
        client.id,
        user_id,
        user_number,
        request.redirect_uri,
        request.scopes,
        request.nonce,
        request.code_challenge,
        at,
        expires_at,
    )


async def lock_code(tx: Tx, org_id: OrgId, code_hash: bytes) -> Grant | None:
    """Lock a code until the commit: of two that bring it, the second finds it used."""
    row = await tx.fetchrow(LOCK_CODE, org_id, code_hash)
    return None if row is None else grant_from(row)


async def use_code(tx: Tx, org_id: OrgId, code_hash: bytes, *, at: datetime) -> None:
    """Write that a code was exchanged."""
    await tx.execute(USE_CODE, org_id, code_hash, at)


async def add_token(
    tx: Tx,
    token_id: UUID,
    *,
    client: KnownClient,
    user_id: UserId,
    user_number: int,
    scopes: tuple[str, ...],
    key_id: UUID,
    code_hash: bytes | None,
    issued_at: datetime,
    expires_at: datetime,
) -> None:
    """Note a token before it is signed: none is out that cannot be ended."""
    await tx.execute(
        ADD_TOKEN,
        client.org_id,
        token_id,
        client.id,
        user_id,
        user_number,
        scopes,
        key_id,
        code_hash,
        issued_at,
        expires_at,
    )


async def revoke_token(tx: Tx, client: KnownClient, token_id: UUID, *, at: datetime) -> int:
    """End one token; returns how many were live."""
    return len(await tx.fetch(REVOKE_TOKEN, client.org_id, client.id, token_id, at))


async def revoke_of_user(tx: Tx, client: KnownClient, user_number: int, *, at: datetime) -> int:
    """End all tokens that a client has for an account; returns how many were live."""
    return len(await tx.fetch(REVOKE_OF_USER, client.org_id, client.id, user_number, at))


async def revoke_of_code(tx: Tx, org_id: OrgId, code_hash: bytes, *, at: datetime) -> int:
    """End the tokens that a code was exchanged for; returns how many were live."""
    return len(await tx.fetch(REVOKE_OF_CODE, org_id, code_hash, at))


async def rotate_key(
    tx: Tx, key_id: UUID, public_key: Any, sealed_private_key: str, *, ends_tokens: bool, at: datetime
) -> UUID | None:
    """Store the key that signs from now on; returns the one that did. Only in the operator's scope."""
    former_id: UUID | None = await tx.fetchval(
        ROTATE_KEY, OPERATOR_ORG_ID, key_id, public_key, sealed_private_key, ends_tokens, at
    )
    return former_id


async def tell_authenticators(tx: Tx, *, org_id: OrgId, client_id: ClientId) -> None:
    """Tell every process, at commit, to forget what it holds about a client's tokens. Once in a transaction."""
    await tx.fetchval(TELL, CHANNEL, org_id, client_id)


async def forget_expired(tx: Tx, statement: str, *, before: datetime) -> int:
    """Drop tokens or codes that expired before then, at most 1,000 a call; return how many. Needs the worker role."""
    return deleted(await tx.execute(statement, before))
