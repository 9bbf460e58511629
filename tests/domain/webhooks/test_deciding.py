"""A delivery is decided once, with the change that is the reason for it."""

import asyncio

import asyncpg
import pytest

from backhaul.domain import webhooks
from backhaul.domain.webhooks import DeliveryStatus, Message

from .office import BODY

URL = "https://Hooks.Example.com:8443/a?b=c"


async def test_a_delivery_waits_with_its_exact_bytes(office):
    delivery_id = await office.deliver(URL, once_key="label 1")
    found = await office.detail(delivery_id)
    assert (found.body, found.content_type, found.attempts) == (BODY, "application/json", ())
    decided = found.delivery
    assert (decided.status, decided.url, decided.host) == (
        DeliveryStatus.PENDING,
        URL,
        "hooks.example.com:8443",
    )
    assert (decided.next_attempt_at, decided.attempts, decided.topic) == (office.now, 0, "test.topic")


async def test_what_is_decided_again_is_written_once(office):
    first = await office.deliver(URL, once_key="label 1")
    before = await office.traces()
    assert await office.deliver(URL, once_key="label 1", body=b"other") is None
    assert await office.deliver("https://elsewhere.example", once_key="label 1") is None
    assert await office.traces() == before
    assert [found.id for found in await office.deliveries()] == [first]
    assert await office.deliver(URL, once_key="label 2") is not None
    assert await office.deliver(URL) is not None
    assert await office.deliver(URL) is not None  # without a key each call is a decision
    other = await office.elsewhere()
    assert await other.deliver(URL, once_key="label 1") is not None


async def test_a_key_is_each_endpoints_own(office):
    endpoints = [(await office.endpoint(f"https://example.com/{n}"))[0] for n in range(2)]
    made = [await office.deliver(to, once_key="news") for to in [*endpoints, URL, *endpoints, URL]]
    assert [one is None for one in made] == [False, False, False, True, True, True]


async def test_of_equal_decisions_at_once_one_is_kept(office):
    made = await asyncio.gather(*(office.deliver(URL, once_key="label 1") for _ in range(8)))
    assert sum(one is not None for one in made) == 1


async def test_a_decision_goes_with_the_transaction_that_made_it(office):
    async def fail():
        async with office.db.transaction(office.scope) as tx:
            await webhooks.deliver(tx, to=URL, message=Message(topic="t", body=b"{}"), at=office.now)
            raise RuntimeError

    before = await office.traces()
    with pytest.raises(RuntimeError):
        await fail()
    assert await office.traces() == before


async def test_a_message_that_is_too_large_is_a_defect(office):
    with pytest.raises(AssertionError):
        await office.deliver(URL, body=b"x" * 1_048_577)


async def test_deliveries_are_listed_newest_first_by_status_endpoint_and_page(office):
    endpoint, _ = await office.endpoint("https://example.com/")
    first, second, third = [await office.deliver(to) for to in (URL, endpoint, URL)]
    assert [found.id for found in await office.deliveries()] == [third, second, first]
    assert [found.id for found in await office.deliveries(endpoint_id=endpoint.id)] == [second]
    assert [found.id for found in await office.deliveries(before=third, limit=1)] == [second]
    assert await office.deliveries(status=DeliveryStatus.DELIVERED) == []


SENSELESS = [
    "status = 'lost'", "status = 'delivered'", "next_attempt_at = NULL", "ended_at = now()", "attempts = -1",
    "tries = 1",
    "url = 'ftp://example.com'", "host = ''", "once_key = ''", "body = decode(repeat('00', 1048577), 'hex')",
]  # fmt: skip


async def test_the_database_refuses_what_makes_no_sense(office, subtests):
    await office.deliver(URL)
    for assignment in SENSELESS:
        with subtests.test(assignment), pytest.raises(asyncpg.CheckViolationError):
            async with office.db.transaction(office.scope) as tx:
                await tx.execute(
                    f"UPDATE webhook_deliveries SET {assignment} WHERE org_id = $1", office.scope.org_id
                )


async def test_attempts_cannot_be_changed(office):
    for statement in ("UPDATE webhook_attempts SET excerpt = ''", "DELETE FROM webhook_attempts"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with office.db.transaction(office.scope) as tx:
                await tx.execute(statement)


async def test_whoever_removes_an_endpoint_cancels_what_it_is_being_told_at_that_moment(office):
    endpoint, _ = await office.endpoint("https://example.com/")
    async with office.db.transaction(office.scope) as tx:
        [listening] = await webhooks.list_listening(tx, family="transfers", topic="t")
        removing = asyncio.create_task(
            webhooks.remove_endpoint(office.db, actor=office.actor, endpoint_id=endpoint.id, now=office.now)
        )
        await asyncio.wait({removing}, timeout=0.3)
        delivery_id = await webhooks.deliver(
            tx, to=listening, message=Message(topic="t", body=b"{}"), at=office.now
        )
    await removing
    assert (await office.delivery(delivery_id)).status is DeliveryStatus.CANCELLED
