"""Tokens and authorizations that a client gives back (contract BoxC §3.2, RFC 7009)."""

from datetime import datetime

from backhaul.domain.identity.clients import tables
from backhaul.domain.identity.clients.bearers import ClientBearers
from backhaul.domain.identity.clients.model import KnownClient
from backhaul.storage import history
from backhaul.storage.author import Author
from backhaul.storage.database import Database, Scope, Tx


async def revoke_authorization(db: Database, *, client: KnownClient, user_number: int, now: datetime) -> int:
    """End all tokens a client has for an account, in every process; returns how many. May run twice."""
    async with db.transaction(Scope(client.org_id)) as tx:
        ended = await tables.revoke_of_user(tx, client, user_number, at=now)
        await _tell(tx, client, ended, now=now, reason=f"for the account {user_number}")
    return ended


async def revoke_token(
    db: Database, *, bearers: ClientBearers, client: KnownClient, token: str, now: datetime
) -> int:
    """End one access token of this client; returns how many were live. Others' tokens are left alone."""
    read = await bearers.read(token)
    if read is None or read[1].client_id != client.client_id:
        return 0
    async with db.transaction(Scope(client.org_id)) as tx:
        ended = await tables.revoke_token(tx, client, read[1].jti, at=now)
        await _tell(tx, client, ended, now=now, reason=f"the token {read[1].jti}")
    return ended


async def _tell(tx: Tx, client: KnownClient, ended: int, *, now: datetime, reason: str) -> None:
    if not ended:
        return
    await tables.tell_authenticators(tx, org_id=client.org_id, client_id=client.id)
    author = Author(kind="client", id=client.id)
    history.note(tx, author, subject=("client", client.id), action="tokens_revoked", at=now, reason=reason)
