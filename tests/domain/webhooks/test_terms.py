"""Another API's subscriptions need terms of their own and nothing else: limits, signature, ladder, secret, topic."""

import base64
import hashlib
import hmac
from datetime import timedelta

import pytest
from tests.adapters.outgoing.receivers import answering

from backhaul.domain import webhooks
from backhaul.domain.webhooks import Catalog, DeliveryStatus, EndpointStatus, Terms
from backhaul.domain.webhooks.sending import Sender
from backhaul.kernel.errors import InvalidInput

KEY = "0123456789abcdef"


def sign(delivery, secrets, at, body):
    digest = hmac.digest(secrets[0].encode(), body, hashlib.sha256)
    return [
        ("x-hmac", base64.b64encode(digest).decode()),
        ("x-topic", delivery.topic),
        ("user-agent", "Other/1.0"),
    ]


TERMS = Terms(
    wording="parcels",
    family="parcels",
    max_endpoints=None,
    sign=sign,
    retry_seconds=(60, 900),
    disable_after=4,
)


@pytest.fixture
def other(office):
    """The office with one more dialect wired."""
    ports = {**office.ports, Catalog: Catalog({**office.ports[Catalog].terms, "parcels": TERMS})}
    office.sender = Sender(office.db, clock=office.clock, ports=ports)
    return office


async def subscribe(office, url, *, topic=None, secret=KEY):
    endpoint, _ = await webhooks.add_endpoint(
        office.db, actor=office.actor, url=url, terms=TERMS, policy=office.policy, now=office.now, topic=topic,
        secret=secret,
    )  # fmt: skip
    return endpoint


async def listening(office, topic):
    async with office.db.transaction(office.scope) as tx:
        return [one.id for one in await webhooks.list_listening(tx, family="parcels", topic=topic)]


async def test_requests_are_signed_in_its_own_way_with_the_clients_key(other, start):
    receiver = await start()
    endpoint = await subscribe(other, f"http://127.0.0.1:{receiver.port}/")
    await other.deliver(endpoint, topic="labels")
    await other.send()
    [(_, headers, body)] = receiver.requests
    assert headers["x-hmac"] == base64.b64encode(hmac.digest(KEY.encode(), body, hashlib.sha256)).decode()
    assert (headers["x-topic"], headers["user-agent"]) == ("labels", "Other/1.0")
    assert "webhook-id" not in headers


async def test_its_own_ladder_ends_sooner_and_failures_in_a_row_disable_the_endpoint(other, start):
    receiver = await start(answering(500))
    endpoint = await subscribe(other, f"http://127.0.0.1:{receiver.port}/")
    first = await other.deliver(endpoint)
    for pause in (0, 66, 990):
        other.clock.advance(timedelta(seconds=pause))
        assert await other.send() == 1
    assert (await other.delivery(first)).status is DeliveryStatus.EXHAUSTED
    assert (await other.find(endpoint)).status is EndpointStatus.ACTIVE
    second, waiting = [await other.deliver(endpoint) for _ in range(2)]
    await other.send()
    disabled = await other.find(endpoint)
    assert (disabled.status, disabled.consecutive_failures >= 4) == (EndpointStatus.DISABLED, True)
    assert {(await other.delivery(one)).status for one in (second, waiting)} == {DeliveryStatus.CANCELLED}
    assert await other.events(endpoint.id) == ["webhooks.endpoint_added", "webhooks.endpoint_disabled"]


async def test_an_endpoint_with_a_topic_is_told_that_alone_and_the_same_url_may_have_several(other):
    url = "https://example.com/"
    everything = await subscribe(other, url)
    labels, statuses = [await subscribe(other, url, topic=topic) for topic in ("labels", "statuses")]
    assert await listening(other, "labels") == [everything.id, labels.id]
    assert await listening(other, "statuses") == [everything.id, statuses.id]
    for topic in (None, "labels"):
        with pytest.raises(webhooks.EndpointTaken):
            await subscribe(other, url, topic=topic)
    for number in range(5):
        await subscribe(other, f"{url}{number}")  # any number of them


async def test_a_secret_of_a_wrong_length_is_refused_without_repeating_it(other):
    before = await other.traces()
    for secret in ("s" * 15, "s" * 201):
        with pytest.raises(InvalidInput) as refused:
            await subscribe(other, "https://example.com/", secret=secret)
        assert [problem.code for problem in refused.value.problems] == ["webhook.secret_length"]
        assert secret not in str(refused.value)
    assert await other.traces() == before
