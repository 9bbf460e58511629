"""The key that clients' tokens are signed with."""

from datetime import datetime
from uuid import UUID

from backhaul.domain.identity import tables as identity_tables
from backhaul.domain.identity.clients import sealing, tables
from backhaul.domain.identity.model import OPERATOR_ORG_ID, Actor, Right
from backhaul.storage import history
from backhaul.storage.database import Database, Scope
from backhaul.storage.installation_secrets import find_secret


async def rotate_client_signing_key(
    db: Database, *, actor: Actor, now: datetime, ends_tokens: bool = False
) -> UUID:
    """Sign with a new key from now on; returns its id.

    The former key is published until the last token it signed has expired; its private half is forgotten at once.
    `ends_tokens`, for a key that has leaked, believes no token of before any more.
    """
    actor.scope(Right.INSTALLATION_OPERATE)
    made = await sealing.make_pair(await find_secret(db, sealing.SECRET_NAME))
    async with db.transaction(Scope(OPERATOR_ORG_ID)) as tx:
        former_id = await tables.rotate_key(
            tx, made.id, made.public_key, made.sealed_private_key, ends_tokens=ends_tokens, at=now
        )
        await identity_tables.tell_authenticators(tx)
        if former_id is not None:
            action = "withdrawn" if ends_tokens else "retired"
            history.note(tx, actor.author, subject=("client_signing_key", former_id), action=action, at=now)
        history.note(tx, actor.author, subject=("client_signing_key", made.id), action="created", at=now)
    return made.id
