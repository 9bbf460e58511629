"""Decide a delivery, and send an old one again."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.webhooks import lifecycle, tables
from backhaul.domain.webhooks.errors import EndpointMoveRefused
from backhaul.domain.webhooks.lifecycle import Action
from backhaul.domain.webhooks.model import (
    MAX_BODY_BYTES,
    Delivery,
    DeliveryId,
    DeliveryStatus,
    Endpoint,
    EndpointStatus,
    Message,
)
from backhaul.domain.webhooks.operations.secrets import ensure_secret
from backhaul.domain.webhooks.urls import host_of
from backhaul.kernel.ids import new_id
from backhaul.storage import history
from backhaul.storage.database import Database, Tx


async def deliver(
    tx: Tx, *, to: Endpoint | str, message: Message, at: datetime, once_key: str | None = None
) -> DeliveryId | None:
    """Have bytes sent to an endpoint, or to a callback URL that `check_url` has passed.

    Returns the id, which is also the request's `webhook-id`. With `once_key` a delivery is decided once by
    (organization, key, endpoint): deciding it again writes nothing and returns None. A callback is signed with the
    organization's own secret, which is made here when there is none.
    """
    assert len(message.body) <= MAX_BODY_BYTES, "a message of this size is a defect of its wording"
    endpoint = to if isinstance(to, Endpoint) else None
    url = to.url if isinstance(to, Endpoint) else to
    delivery = Delivery(
        id=DeliveryId(new_id()),
        org_id=tx.org_id,
        endpoint_id=None if endpoint is None else endpoint.id,
        url=url,
        host=host_of(url),
        wording=None if endpoint is None else endpoint.wording,
        topic=message.topic,
        once_key=once_key,
        status=DeliveryStatus.PENDING,
        attempts=0,
        tries=0,
        next_attempt_at=at,
        decided_at=at,
        ended_at=None,
        failure=None,
        version=1,
        account_number=None if endpoint is None else endpoint.account_number,
    )
    if not await tables.add_delivery(tx, delivery, message):
        return None
    if endpoint is None:
        await ensure_secret(tx, None, at=at)
    tx.facts.wakes.add(tables.CHANNEL)
    return delivery.id


async def replay_delivery(db: Database, *, actor: Actor, delivery_id: DeliveryId, now: datetime) -> Delivery:
    """Send a delivery again, the same bytes under the same id, with a whole ladder before it.

    An endpoint is told at the URL it has by now. Refused while its endpoint is disabled or removed.
    """
    scope = actor.scope(Right.WEBHOOKS_WRITE)
    async with db.transaction(scope) as tx:
        endpoint = await tables.lock_endpoint_of(tx, delivery_id)
        if endpoint is not None and endpoint.status is not EndpointStatus.ACTIVE:
            raise EndpointMoveRefused(
                endpoint_id=endpoint.id, status=endpoint.status.value, action="be told anything"
            )
        before = await tables.lock_delivery(tx, delivery_id)
        after = lifecycle.advance(before, Action.REPLAY, at=now, next_attempt_at=now)
        if endpoint is not None:
            after = msgspec.structs.replace(after, url=endpoint.url, host=host_of(endpoint.url))
        await tables.save_delivery(tx, after)
        history.note(
            tx,
            actor.author,
            subject=("webhook_delivery", delivery_id),
            action="replayed",
            at=now,
            before=before,
            after=after,
        )
        tx.facts.wakes.add(tables.CHANNEL)
    return after
