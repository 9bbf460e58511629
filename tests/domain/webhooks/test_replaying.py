"""Sent again: with the same id and bytes, by whoever comes first, signed with what holds by then."""

from datetime import timedelta

import pytest
from standardwebhooks import WebhookVerificationError
from tests.adapters.outgoing.receivers import answering
from tests.domain.webhooks.receiving import live, url, verify

from backhaul.domain import webhooks
from backhaul.domain.webhooks import DeliveryStatus, EndpointStatus
from backhaul.domain.webhooks.model import RETRY_SECONDS

from .office import BODY


async def test_what_was_given_up_is_replayed_with_the_same_id_and_bytes(office, start):
    receiver = await start(answering(500))
    delivery_id = await office.deliver(url(receiver))
    await live(office, timedelta(days=5))
    receiver.answer = answering(204)
    after = await webhooks.replay_delivery(
        office.db, actor=office.actor, delivery_id=delivery_id, now=office.now
    )
    assert (after.status, after.tries, after.attempts) == (DeliveryStatus.PENDING, 0, 10)
    await office.send()
    found = await office.detail(delivery_id)
    assert (found.delivery.status, len(found.attempts)) == (DeliveryStatus.DELIVERED, 11)
    assert {(headers["webhook-id"], body) for _, headers, body in receiver.requests} == {
        (str(delivery_id), BODY)
    }
    assert await office.history("webhook_delivery", delivery_id) == ["exhausted", "replayed", "delivered"]


async def test_an_attempt_that_was_overtaken_is_kept_and_moves_nothing(office, start):
    receiver = await start(answering(500))
    delivery_id = await office.deliver(url(receiver))
    sent = await office.delivery(delivery_id)
    await office.send()
    moved = await office.delivery(delivery_id)
    from backhaul.domain.webhooks.operations import record_attempt
    from backhaul.domain.webhooks.ports import Reply

    await record_attempt(
        office.db,
        sent=sent,
        reply=Reply(status=500),
        ladder=RETRY_SECONDS,
        at=office.now,
        duration_ms=1,
        now=office.now,
    )
    found = await office.detail(delivery_id)
    assert (found.delivery.next_attempt_at, found.delivery.tries) == (moved.next_attempt_at, 1)
    assert [attempt.number for attempt in found.attempts] == [1, 2]


async def test_what_was_replaced_meanwhile_is_signed_twice(office, start, monkeypatch):
    receiver = await start()
    endpoint, old = await office.endpoint(url(receiver))
    new = await webhooks.rotate_secret(office.db, actor=office.actor, endpoint_id=endpoint.id, now=office.now)
    await office.deliver(endpoint)
    await office.send()
    assert old != new
    for secret in (old, new):
        assert verify(secret, receiver.requests[0], monkeypatch, at=office.now)
    assert receiver.requests[0][1]["webhook-signature"].count("v1,") == 2
    office.clock.advance(timedelta(hours=24))
    await office.deliver(endpoint)
    await office.send()
    assert verify(new, receiver.requests[1], monkeypatch, at=office.now)
    with pytest.raises(WebhookVerificationError):
        verify(old, receiver.requests[1], monkeypatch, at=office.now)


async def test_what_went_to_an_endpoint_that_is_gone_is_replayed_after_it_was_enabled(office, start):
    receiver = await start(answering(410))
    endpoint, _ = await office.endpoint(url(receiver))
    delivery_id = await office.deliver(endpoint)
    await office.send()
    before = await office.traces()
    replay = {"actor": office.actor, "delivery_id": delivery_id, "now": office.now}
    with pytest.raises(webhooks.EndpointMoveRefused):
        await webhooks.replay_delivery(office.db, **replay)
    assert await office.traces() == before
    receiver.answer = answering(200)
    enabled = await webhooks.enable_endpoint(
        office.db, actor=office.actor, endpoint_id=endpoint.id, now=office.now
    )
    assert (enabled.status, enabled.consecutive_failures) == (EndpointStatus.ACTIVE, 0)
    await webhooks.replay_delivery(office.db, **replay)
    await office.send()
    assert (await office.delivery(delivery_id)).status is DeliveryStatus.DELIVERED
    await webhooks.remove_endpoint(office.db, actor=office.actor, endpoint_id=endpoint.id, now=office.now)
    with pytest.raises(webhooks.EndpointMoveRefused):
        await webhooks.replay_delivery(office.db, **replay)
