"""Signing secrets: one for each endpoint, and one of the organization for callbacks."""

import secrets as randomness
from datetime import datetime, timedelta

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.identity.tables import lock_organization
from backhaul.domain.webhooks import tables
from backhaul.domain.webhooks.events import SecretRotated
from backhaul.domain.webhooks.model import SECRET_BYTES, EndpointId, Secret, SecretId, new_secret_text
from backhaul.kernel.ids import new_id
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Tx

OVERLAP = timedelta(hours=24)  # how long a replaced secret still signs, beside the new one


async def ensure_secret(
    tx: Tx, endpoint_id: EndpointId | None, *, at: datetime, text: str | None = None
) -> Secret | None:
    """Make a secret, or take the one that is given, unless there is one; return it when it is new."""
    secret = Secret(
        id=SecretId(new_id()),
        endpoint_id=endpoint_id,
        text=text or new_secret_text(randomness.token_bytes(SECRET_BYTES)),
        created_at=at,
        expires_at=None,
    )
    if not await tables.add_secret(tx, secret):
        return None
    _note(tx, history.SYSTEM, endpoint_id, "made", at=at)
    return secret


async def show_secret(db: Database, *, actor: Actor, endpoint_id: EndpointId | None, now: datetime) -> str:
    """Return the present secret of an endpoint, or of the organization's callbacks (None), made if there is none."""
    scope = actor.scope(Right.WEBHOOKS_WRITE)
    async with db.transaction(scope) as tx:
        if endpoint_id is None:
            await ensure_secret(tx, None, at=now)
        else:
            await tables.lock_endpoint(tx, endpoint_id)
        secret = await tables.lock_secret(tx, endpoint_id)
        assert secret is not None, "an endpoint is added together with its secret"
        _note(tx, actor.author, endpoint_id, "shown", at=now)
    return secret.text


async def rotate_secret(
    db: Database, *, actor: Actor, endpoint_id: EndpointId | None, now: datetime, overlap: timedelta = OVERLAP
) -> str:
    """Replace a secret and return the new one; for a day requests carry a signature of each."""
    scope = actor.scope(Right.WEBHOOKS_WRITE)
    async with db.transaction(scope) as tx:
        if endpoint_id is None:
            await lock_organization(tx, scope.org_id)
        else:
            await tables.lock_endpoint(tx, endpoint_id)
        await tables.expire_secrets(tx, endpoint_id, at=now + overlap)
        secret = await ensure_secret(tx, endpoint_id, at=now)
        assert secret is not None, "the lock keeps others from making one"
        _note(tx, actor.author, endpoint_id, "rotated", at=now)
        outbox.record(tx, SecretRotated(subject_id=endpoint_id or scope.org_id), at=now)
    return secret.text


async def replace_secret(
    tx: Tx, author: history.Author, endpoint_id: EndpointId, text: str, *, at: datetime
) -> None:
    """Sign a locked endpoint's requests with a secret its owner brought, and with no older one."""
    await tables.expire_secrets(tx, endpoint_id, at=at)
    made = await ensure_secret(tx, endpoint_id, at=at, text=text)
    assert made is not None, "the lock keeps others from making one"
    _note(tx, author, endpoint_id, "replaced", at=at)
    outbox.record(tx, SecretRotated(subject_id=endpoint_id), at=at)


def _note(
    tx: Tx, author: history.Author, endpoint_id: EndpointId | None, action: str, *, at: datetime
) -> None:
    """Note what was done to a secret, never the secret; the organization's own stands under its id."""
    history.note(tx, author, subject=("webhook_secret", endpoint_id or tx.org_id), action=action, at=at)
