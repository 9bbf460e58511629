"""The reads of clients. Those with a scope see one tenant; the look-ups find out whose a credential is."""

from typing import Any

from backhaul.domain.identity.clients.model import Client, ClientInUse, KnownClient
from backhaul.domain.identity.clients.rows import client_from, known_client_from
from backhaul.domain.identity.model import Actor, Organization, Right
from backhaul.domain.identity.queries import get_organization
from backhaul.storage.database import Database, Scope

FIND_KEYS = "SELECT id, public_key, sealed_private_key FROM find_client_signing_keys(at => $1)"
ADD_FIRST_KEY = """
SELECT add_first_client_signing_key(
    key_id => $1, new_public_key => $2, new_sealed_private_key => $3, at => $4
)
"""
FIND_CLIENT = """
SELECT org_id, org_name, id, name, client_id, secret_hash, secret_made_at, redirect_uris, scopes, user_id,
    user_number
FROM find_oauth_client(wanted_client_id => $1)
"""
FIND_BEARER = """
SELECT org_id, org_number, client_id, user_id, user_number, user_email, plan, role, scopes, is_revoked
FROM find_client_bearer(wanted_client_id => $1, wanted_token_id => $2)
"""
LIST_CLIENTS = """
SELECT org_id, id, user_id, name, client_id, redirect_uris, scopes, created_at, secret_made_at, disabled_at
FROM oauth_clients WHERE org_id = $1 ORDER BY id DESC LIMIT $2
"""
LIST_WITH_USE = """
SELECT c.org_id, c.id, c.user_id, c.name, c.client_id, c.redirect_uris, c.scopes, c.created_at, c.secret_made_at,
    c.disabled_at, u.name AS member_name, (
        SELECT t.issued_at FROM client_tokens AS t WHERE t.org_id = $1 AND t.client_id = c.id
        ORDER BY t.issued_at DESC LIMIT 1
    ) AS last_token_at
FROM oauth_clients AS c LEFT JOIN users AS u ON u.id = c.user_id
WHERE c.org_id = $1 ORDER BY c.id DESC LIMIT $2
"""

MOST_LISTED = 500


async def list_clients(db: Database, *, actor: Actor) -> list[Client]:
    """Return the organization's clients, newest first and the disabled ones too."""
    scope = actor.scope(Right.KEYS_MANAGE)
    async with db.read(scope) as reader:
        rows: list[Any] = await reader.fetch(LIST_CLIENTS, scope.org_id, MOST_LISTED)
    return [client_from(row) for row in rows]


async def list_clients_with_use(db: Database, *, actor: Actor) -> list[ClientInUse]:
    """Return the organization's clients with whose they are and when they were last used, newest first."""
    scope = actor.scope(Right.KEYS_MANAGE)
    async with db.read(scope) as reader:
        rows: list[Any] = await reader.fetch(LIST_WITH_USE, scope.org_id, MOST_LISTED)
    return [
        ClientInUse(
            client=client_from(row), member_name=row["member_name"], last_token_at=row["last_token_at"]
        )
        for row in rows
    ]


async def find_known_client(db: Database, *, client_id: str) -> KnownClient | None:
    """Return the enabled client that shows this id, whichever organization's it is."""
    if len(client_id) > 64 or not client_id.isascii() or "\x00" in client_id:  # noqa: PLR2004 -- ours have 32
        return None
    async with db.lookup() as lookup:
        row = await lookup.fetchrow(FIND_CLIENT, client_id)
    return None if row is None else known_client_from(row)


async def get_own_organization(db: Database, *, actor: Actor) -> Organization:
    """Return the organization that the caller acts in; whoever may call at all may know its name."""
    scope = Scope(actor.org_id)
    async with db.read(scope) as reader:
        return await get_organization(reader, scope)
