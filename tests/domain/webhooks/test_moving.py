"""An endpoint moves: what waits for it follows, and its old address gets nothing signed with the new one's secret."""

import asyncio
from datetime import timedelta

import pytest
from standardwebhooks import WebhookVerificationError
from tests.adapters.outgoing.receivers import answering
from tests.domain.webhooks.receiving import url, verify

from backhaul.domain import webhooks
from backhaul.domain.webhooks import DeliveryStatus, EndpointStatus
from backhaul.domain.webhooks.model import new_secret_text

NEW = new_secret_text(b"n" * 32)


async def move(office, endpoint, to, **changes):
    return await webhooks.change_endpoint(
        office.db,
        actor=office.actor,
        endpoint_id=endpoint.id,
        policy=office.policy,
        now=office.now,
        url=to,
        **changes,
    )


async def test_between_two_attempts_address_and_key_change_together(office, start, monkeypatch):
    old, new = await start(answering(500)), await start(answering(204))
    endpoint, secret = await office.endpoint(url(old))
    delivery_id = await office.deliver(endpoint)
    await office.send()
    await move(office, endpoint, url(new, "/moved"), secret=NEW)
    moved = await office.delivery(delivery_id)
    assert (moved.url, moved.host) == (url(new, "/moved"), f"127.0.0.1:{new.port}")
    assert (moved.status, moved.attempts, moved.tries) == (DeliveryStatus.PENDING, 1, 1)
    office.clock.advance(timedelta(seconds=5))
    assert await office.send() == 1
    assert (await office.delivery(delivery_id)).status is DeliveryStatus.DELIVERED
    assert [len(old.requests), len(new.requests)] == [1, 1]
    assert verify(NEW, new.requests[0], monkeypatch, at=office.now)
    with pytest.raises(WebhookVerificationError):
        verify(secret, new.requests[0], monkeypatch, at=office.now)
    assert await office.history("webhook_delivery", delivery_id) == ["redirected", "delivered"]


async def test_what_is_under_way_to_the_old_address_decides_nothing(office, start):
    hold = asyncio.Semaphore(0)
    old, new = await start(answering(410), hold=hold), await start(answering(204))
    endpoint, _ = await office.endpoint(url(old))
    delivery_id = await office.deliver(endpoint)
    sending = asyncio.create_task(office.send())
    async with asyncio.timeout(10):
        while not old.requests:  # noqa: ASYNC110 -- the receiver tells nobody
            await asyncio.sleep(0.01)
    await move(office, endpoint, url(new), secret=NEW)
    hold.release()
    assert await sending == 1
    found = await office.detail(delivery_id)
    assert (found.delivery.status, found.delivery.url) == (DeliveryStatus.PENDING, url(new))
    assert [attempt.http_status for attempt in found.attempts] == [410]
    kept = await office.find(endpoint)
    assert (kept.status, kept.consecutive_failures) == (EndpointStatus.ACTIVE, 0)
    office.clock.advance(timedelta(minutes=2))  # the claim of the first attempt runs out
    assert await office.send() == 1
    assert (await office.delivery(delivery_id)).status is DeliveryStatus.DELIVERED
    assert len(new.requests) == 1


async def test_what_is_replayed_goes_to_the_present_address(office, start):
    old, new = await start(answering(204)), await start(answering(204))
    endpoint, _ = await office.endpoint(url(old))
    delivery_id = await office.deliver(endpoint)
    await office.send()
    await move(office, endpoint, url(new))
    assert (await office.delivery(delivery_id)).url == url(old)  # what was delivered says where to
    await webhooks.replay_delivery(office.db, actor=office.actor, delivery_id=delivery_id, now=office.now)
    await office.send()
    assert [len(old.requests), len(new.requests)] == [1, 1]


async def test_other_endpoints_callbacks_and_organizations_stay_where_they_are(office, start):
    old, new = await start(), await start()
    endpoint, _ = await office.endpoint(url(old))
    other, _ = await office.endpoint(url(old, "/other"))
    elsewhere = await office.elsewhere()
    theirs, _ = await elsewhere.endpoint(url(old))
    staying = [await office.deliver(other), await office.deliver(url(old))]
    foreign = await elsewhere.deliver(theirs)
    await move(office, endpoint, url(new))
    assert [(await office.delivery(one)).url for one in staying] == [url(old, "/other"), url(old)]
    assert (await elsewhere.delivery(foreign)).url == url(old)


async def test_what_waits_for_an_endpoint_that_is_moved_and_silenced_is_cancelled(office, start):
    old, new = await start(), await start()
    endpoint, _ = await office.endpoint(url(old))
    delivery_id = await office.deliver(endpoint)
    await move(office, endpoint, url(new), is_active=False)
    assert (await office.delivery(delivery_id)).status is DeliveryStatus.CANCELLED
    assert await office.send() == 0
