"""The key that access tokens are signed with."""

from datetime import datetime
from uuid import UUID

from backhaul.domain.identity import tables
from backhaul.domain.identity.model import OPERATOR_ORG_ID, Actor, Right
from backhaul.kernel.ids import new_id
from backhaul.storage import history
from backhaul.storage.database import Database, Scope


async def rotate_signing_key(
    db: Database, *, actor: Actor, now: datetime, ends_sessions: bool = False
) -> UUID:
    """Sign with a new key from now on; returns its id.

    The former key goes on verifying until nothing it signed can be refreshed any more. `ends_sessions`, for a key
    that has leaked, forgets it at once: everybody signs in again.
    """
    actor.scope(Right.INSTALLATION_OPERATE)
    key_id = new_id()
    async with db.transaction(Scope(OPERATOR_ORG_ID)) as tx:
        former_id = await tables.rotate_signing_key(tx, key_id, ends_sessions=ends_sessions, at=now)
        await tables.tell_authenticators(tx)
        if former_id is not None:
            action = "withdrawn" if ends_sessions else "retired"
            history.note(tx, actor.author, subject=("signing_key", former_id), action=action, at=now)
        history.note(tx, actor.author, subject=("signing_key", key_id), action="created", at=now)
    return key_id
