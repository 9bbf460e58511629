"""A delivery is sent until it arrives: signed, with the same bytes and id, by the ladder."""

import json
from datetime import timedelta

import pytest
from standardwebhooks import WebhookVerificationError
from tests.adapters.outgoing.receivers import answering
from tests.domain.webhooks.receiving import HOUR, live, url, verify

from backhaul.domain import webhooks
from backhaul.domain.webhooks import DeliveryStatus, EndpointStatus
from backhaul.domain.webhooks.model import RETRY_SECONDS, Outcome

from .office import BODY


async def test_an_accepted_delivery_is_sent_once_and_verified_by_the_reference_library(
    office, start, monkeypatch
):
    receiver = await start()
    endpoint, secret = await office.endpoint(url(receiver))
    delivery_id = await office.deliver(endpoint)
    assert await office.send() == 1
    assert await office.send() == 0
    [request] = receiver.requests
    line, headers, body = request
    assert (line, body, headers["content-type"]) == ("POST /hook HTTP/1.1", BODY, "application/json")
    assert headers["webhook-id"] == str(delivery_id)
    assert verify(secret, request, monkeypatch, at=office.now) == json.loads(BODY)
    with pytest.raises(WebhookVerificationError):
        verify("whsec_" + "A" * 44, request, monkeypatch, at=office.now)
    with pytest.raises(WebhookVerificationError):
        verify(secret, (line, headers, body + b" "), monkeypatch, at=office.now)
    found = await office.detail(delivery_id)
    assert (found.delivery.status, found.delivery.attempts, found.delivery.ended_at) == (
        DeliveryStatus.DELIVERED,
        1,
        office.now,
    )
    [attempt] = found.attempts
    assert (attempt.number, attempt.outcome, attempt.http_status, attempt.error, attempt.excerpt) == (
        1,
        Outcome.ACCEPTED,
        200,
        None,
        "ok",
    )
    assert await office.history("webhook_delivery", delivery_id) == ["delivered"]
    assert await office.events(delivery_id) == []


async def test_a_callback_is_signed_with_the_organizations_own_secret(office, start, monkeypatch):
    receiver = await start()
    await office.deliver(url(receiver))
    await office.send()
    secret = await webhooks.show_secret(office.db, actor=office.actor, endpoint_id=None, now=office.now)
    assert verify(secret, receiver.requests[0], monkeypatch, at=office.now) == json.loads(BODY)


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 409, 500, 502, 504])
async def test_an_answer_that_is_no_acceptance_is_a_failure_that_is_repeated(office, start, status):
    receiver = await start(
        answering(status, headers=[("location", "http://127.0.0.1:1/")], body=b"no \x00\xff")
    )
    delivery_id = await office.deliver(url(receiver))
    await office.send()
    found = await office.detail(delivery_id)
    assert (found.delivery.status, found.delivery.failure) == (DeliveryStatus.PENDING, f"answered {status}")
    assert found.delivery.next_attempt_at == office.now + timedelta(seconds=5)
    assert [(a.http_status, a.outcome, a.excerpt) for a in found.attempts] == [
        (status, Outcome.REJECTED, "no \N{REPLACEMENT CHARACTER}")
    ]


async def test_a_receiver_that_never_answers_is_tried_ten_times_and_then_given_up(office, start, monkeypatch):
    receiver = await start(answering(500))
    endpoint, secret = await office.endpoint(url(receiver))
    delivery_id = await office.deliver(endpoint)
    began = office.now
    times = await live(office, timedelta(days=5))
    assert len(times) == len(receiver.requests) == 10
    assert times[:2] == [began, began + timedelta(seconds=5)]
    for earlier, later, rung in zip(times, times[1:], RETRY_SECONDS, strict=False):
        assert timedelta(seconds=rung) <= later - earlier <= timedelta(seconds=rung * 1.1)
    assert {(headers["webhook-id"], body) for _, headers, body in receiver.requests} == {
        (str(delivery_id), BODY)
    }
    stamps = [int(headers["webhook-timestamp"]) for _, headers, _ in receiver.requests]
    assert stamps == [int(at.timestamp()) for at in times]
    for at, request in zip(times, receiver.requests, strict=True):
        assert verify(secret, request, monkeypatch, at=at)
    found = await office.detail(delivery_id)
    assert found.delivery.status is DeliveryStatus.EXHAUSTED
    assert [attempt.number for attempt in found.attempts] == list(range(1, 11))
    assert await office.history("webhook_delivery", delivery_id) == ["exhausted"]
    assert await office.events(delivery_id) == ["webhooks.delivery_failed"]
    assert (await office.find(endpoint)).consecutive_failures == 10


async def test_a_receiver_that_is_down_for_an_hour_gets_each_delivery_and_none_is_decided_twice(
    office, start
):
    receiver = await start()
    port = receiver.port
    await receiver.stop()
    ids = []
    for number in range(20):
        body = json.dumps({"n": number}).encode()
        ids.append(await office.deliver(f"http://127.0.0.1:{port}/", body=body, once_key=f"label {number}"))
        assert (
            await office.deliver(f"http://127.0.0.1:{port}/", body=body, once_key=f"label {number}") is None
        )
    await live(office, HOUR)
    pending = await office.deliveries(status=DeliveryStatus.PENDING)
    assert {found.id for found in pending} == set(ids)
    assert {found.failure.split(":")[0] for found in pending} == {"connect_failed"}
    receiver.server = await _again(receiver, port)
    await live(office, timedelta(hours=4))
    got = [json.loads(body)["n"] for _, _, body in receiver.requests]
    assert sorted(got) == list(range(20))
    assert [found.status for found in await office.deliveries()] == [DeliveryStatus.DELIVERED] * 20


async def _again(receiver, port):
    import asyncio

    return await asyncio.start_server(receiver._serve, "127.0.0.1", port)


async def test_gone_disables_the_endpoint_and_cancels_what_waits_for_it(office, start):
    receiver = await start(answering(500))
    endpoint, _ = await office.endpoint(url(receiver))
    waiting = await office.deliver(endpoint)
    await office.send()
    receiver.answer = answering(410)
    gone = await office.deliver(endpoint)
    await office.send()
    assert (await office.delivery(gone)).status is DeliveryStatus.GONE
    assert (await office.delivery(waiting)).status is DeliveryStatus.CANCELLED
    after = await office.find(endpoint)
    assert (after.status, after.consecutive_failures, after.version) == (EndpointStatus.DISABLED, 2, 2)
    assert await office.history("webhook_endpoint", endpoint.id) == ["added", "disabled"]
    assert await office.events(endpoint.id) == ["webhooks.endpoint_added", "webhooks.endpoint_disabled"]
    assert await live(office, timedelta(days=2)) == []
    assert len(receiver.requests) == 2


async def test_a_gone_callback_ends_alone(office, start):
    receiver = await start(answering(410))
    ids = [await office.deliver(url(receiver)) for _ in range(2)]
    await office.send()
    assert [(await office.delivery(one)).status for one in ids] == [DeliveryStatus.GONE] * 2
    assert await office.events(ids[0]) == ["webhooks.delivery_failed"]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7200", 7200), ("Mon, 04 May 2026 13:00:00 GMT", 3600), ("1", 5), ("999999", 86400)],
)
async def test_a_busy_receiver_says_when_to_come_back(office, start, header, seconds):
    receiver = await start(answering(429, headers=[("Retry-After", header)]))
    delivery_id = await office.deliver(url(receiver))
    await office.send()
    assert (await office.delivery(delivery_id)).next_attempt_at == office.now + timedelta(seconds=seconds)


async def test_names_are_checked_at_every_delivery(office, start):
    """What was taken by its name may lead elsewhere by now: nothing is connected to, and it is tried again."""
    inside = await start()
    office.ports[webhooks.Courier]._caller._pool._network_backend._allowed = ()
    delivery_id = await office.deliver(f"http://localhost:{inside.port}/")
    await office.send()
    found = await office.detail(delivery_id)
    assert (found.delivery.status, inside.connections) == (DeliveryStatus.PENDING, 0)
    assert [(a.error, a.http_status) for a in found.attempts] == [("address_refused", None)]


async def test_a_success_forgives_the_failures_before_it(office, start):
    receiver = await start(answering(500))
    endpoint, _ = await office.endpoint(url(receiver))
    await office.deliver(endpoint)
    await office.send()
    assert (await office.find(endpoint)).consecutive_failures == 1
    receiver.answer = answering(200)
    office.clock.advance(timedelta(seconds=5))
    await office.send()
    after = await office.find(endpoint)
    assert (after.consecutive_failures, after.version) == (0, 1)


async def test_no_secret_stands_in_a_log(office, start):
    receiver = await start(answering(500))
    endpoint, secret = await office.endpoint(url(receiver))
    await office.deliver(endpoint)
    await office.send()
    assert [line["event"] for line in office.logs] == ["webhook_attempted"]
    assert secret.removeprefix("whsec_") not in str(office.logs)
