"""What ended is let go in time, with its attempts, however it ended; until then it can be replayed."""

from datetime import timedelta

import asyncpg
import pytest
from tests.adapters.outgoing.receivers import answering
from tests.domain.webhooks.receiving import live, url

from backhaul.domain.webhooks import DeliveryStatus
from backhaul.domain.webhooks.errors import DeliveryUnknown
from backhaul.jobqueue import PERIODICS, Run

DAY = timedelta(days=1)
COUNTS = "SELECT (SELECT count(*) FROM webhook_deliveries), (SELECT count(*) FROM webhook_attempts)"
MANY = """
INSERT INTO webhook_deliveries (org_id, id, url, host, topic, content_type, body, status, attempts, tries, decided_at,
    ended_at, version)
SELECT $1, gen_random_uuid(), 'https://a.example/', 'a.example', 'test', 'text/plain', '', 'delivered', 1, 1, $2, $2, 2
FROM generate_series(1, 2500)
"""
THEIR_ATTEMPTS = """
INSERT INTO webhook_attempts (org_id, id, delivery_id, number, at, duration_ms, outcome, http_status, excerpt)
SELECT org_id, gen_random_uuid(), id, 1, decided_at, 1, 'accepted', 200, 'ok' FROM webhook_deliveries
"""


async def forget(office):
    await PERIODICS["webhooks.forget_ended"](Run(office.db, office.clock, office.ports))


async def counts(office):
    async with office.db.system() as system:
        return tuple(await system.fetchrow(COUNTS))


async def test_an_accepted_delivery_goes_after_ninety_days_and_its_attempts_with_it(office, start):
    receiver = await start(lambda receiver: answering(200 if len(receiver.requests) > 1 else 500))
    delivery_id = await office.deliver(url(receiver))
    await live(office, timedelta(minutes=1))
    assert await counts(office) == (1, 2)
    ended_at = (await office.delivery(delivery_id)).ended_at
    office.clock.advance(ended_at + 90 * DAY - office.now)
    await forget(office)
    assert await counts(office) == (1, 2)
    office.clock.advance(timedelta(seconds=1))
    await forget(office)
    assert await counts(office) == (0, 0)
    with pytest.raises(DeliveryUnknown):
        await office.detail(delivery_id)
    assert await office.history("webhook_delivery", delivery_id) == ["delivered"]


async def test_what_was_never_accepted_goes_as_well_and_what_is_pending_stays(office, start):
    gone, failing = await start(answering(410)), await start(answering(500))
    endpoint, _ = await office.endpoint(url(gone))
    ids = [await office.deliver(endpoint), await office.deliver(endpoint)]
    await office.send()
    ids.append(await office.deliver(url(failing)))
    await live(office, 5 * DAY)
    found = [await office.delivery(one) for one in ids]
    assert {one.status for one in found} == {
        DeliveryStatus.GONE,
        DeliveryStatus.CANCELLED,
        DeliveryStatus.EXHAUSTED,
    }
    waiting = await office.deliver(url(failing))
    office.clock.advance(max(one.ended_at for one in found) + 90 * DAY - office.now)
    await forget(office)
    assert (await office.delivery(ids[-1])).status is DeliveryStatus.EXHAUSTED
    assert (await counts(office))[0] == 2
    office.clock.advance(timedelta(seconds=1))
    await forget(office)
    assert await counts(office) == (1, 0)
    assert (await office.delivery(waiting)).status is DeliveryStatus.PENDING


async def test_a_backlog_goes_in_one_turn_and_in_batches(office):
    async with office.db.transaction(office.scope) as tx:
        await tx.execute(MANY, office.scope.org_id, office.now)
        await tx.execute(THEIR_ATTEMPTS)
    office.clock.advance(91 * DAY)
    assert await counts(office) == (2500, 2500)
    await forget(office)
    assert await counts(office) == (0, 0)


async def test_a_delivery_that_is_being_replayed_is_left_for_the_next_turn(office, start):
    receiver = await start()
    delivery_id = await office.deliver(url(receiver))
    await office.send()
    office.clock.advance(91 * DAY)
    async with office.db.transaction(office.scope) as tx:
        await tx.execute(
            "SELECT FROM webhook_deliveries WHERE org_id = $1 AND id = $2 FOR UPDATE",
            office.scope.org_id,
            delivery_id,
        )
        await forget(office)
        assert await counts(office) == (1, 1)
    await forget(office)
    assert await counts(office) == (0, 0)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE webhook_attempts SET excerpt = ''",
        "DELETE FROM webhook_attempts",
        "DELETE FROM webhook_deliveries",
    ],
)
async def test_requests_neither_change_attempts_nor_drop_anything(office, start, change):
    receiver = await start()
    await office.deliver(url(receiver))
    await office.send()
    with pytest.raises(asyncpg.PostgresError):
        async with office.db.transaction(office.scope) as tx:
            await tx.execute(f"{change} WHERE org_id = $1", office.scope.org_id)
    assert await counts(office) == (1, 1)
