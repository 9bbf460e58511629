"""What subscribers of this dialect receive: the signed news of returns and reshipments, on BoxC's terms."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from backhaul.dialects.boxc.webhooks import DISABLE_AFTER, RETRY_SECONDS, TIMEOUTS, WORDING
from backhaul.domain import reshipping, webhooks
from backhaul.domain.shipping.events import ParcelMoved
from backhaul.domain.shipping.model import Fault, Leg, Tracking
from backhaul.domain.webhooks import Catalog, Courier, Reply
from backhaul.domain.webhooks.lifecycle import JITTER
from backhaul.domain.webhooks.sending import Sender
from backhaul.storage import outbox
from backhaul.storage.database import Scope
from tests.dialects.boxc.desk import Desk
from tests.dialects.working import Worker

KEY = "a key of the shop's own"


class Recording:
    """Answers every request and keeps it."""

    def __init__(self, status=200):
        self.status, self.requests = status, []

    async def post(self, **request):
        self.requests.append(request)
        return Reply(status=self.status)


@pytest.fixture
async def desk(made):
    desk = await Desk(made).open()
    await desk.fund()
    return desk


@pytest.fixture
async def worker(made):
    worker = Worker(made.db, clock=made.clock, settings=made.app.settings, data_dir=made.app.place.data_dir)
    await worker.settle()
    return worker


@pytest.fixture
async def subscribe(made):
    """Subscribes an address to a topic, and unsubscribes everything at the end."""
    subscribed = []

    async def subscribe(topic, address="https://shop.example/news"):
        webhook = {"address": address, "topic": topic, "key": KEY}
        answer = await made.call_by_client("owner", "POST", "/v1/webhooks", json={"webhook": webhook})
        assert answer.status_code == 201, answer.text
        assert KEY not in answer.text
        subscribed.append(answer.json()["webhook"]["id"])
        return subscribed[-1]

    yield subscribe
    for number in subscribed:
        answer = await made.call_by_client("owner", "DELETE", f"/v1/webhooks/{number}")
        assert answer.status_code == 200


async def sent(made, worker, courier=None):
    """What goes out now."""
    await worker.settle()
    courier = courier or Recording()
    await Sender(made.db, clock=made.clock, ports={**worker.ports, Courier: courier}).send_due()
    return courier.requests


async def test_every_status_of_a_return_is_told_and_signed(made, desk, worker, subscribe):
    await subscribe("returns_status")
    await subscribe("reshipments_status", "https://shop.example/other")
    number = await desk.parcel()
    (request,) = await sent(made, worker)
    shown = (await made.call_by_client("owner", "GET", f"/v1/returns/{number}")).json()["return"]
    assert json.loads(request["body"]) == {
        "return": {"id": number, "status": "Processed", "tracking_number": shown["tracking_number"]}
    }
    digest = hmac.new(KEY.encode(), request["body"], hashlib.sha256).digest()
    me = (await made.call_by_client("owner", "GET", "/v1/users/me")).json()
    assert dict(request["headers"]) == {
        "content-type": "application/json",
        "user-agent": "BoxC/1.0 Webhook",
        "x-boxc-hmac-sha256": base64.b64encode(digest).decode(),
        "x-boxc-topic": "returns_status",
        "x-boxc-account": str(me["user"]["id"]),
    }
    assert (request["url"], request["timeouts"]) == ("https://shop.example/news", TIMEOUTS)


async def test_a_reshipment_is_told_from_its_estimate_to_its_dispatch(made, desk, worker, subscribe):
    parcels = [await desk.parcel(), await desk.parcel()]
    await worker.settle()
    await subscribe("reshipments_status")
    number = await desk.reship(*parcels)
    assert await sent(made, worker) == []  # there is nothing to answer yet
    again = await desk.reship(await desk.parcel())
    await desk.answer(again)
    await desk.dispatch(again, grams=900)
    shown = (await made.call_by_client("owner", "GET", f"/v1/reshipments/{again}")).json()["reshipment"]
    names = ("estimated_reship_fee", "id", "reship_fee", "status", "tracking_number")
    dispatched = {name: shown[name] for name in names}
    assert dispatched["status"] == "Approved"
    assert dispatched["reship_fee"] == 14.37
    # All was told after all had happened, and requests arrive in any order: each says how it stood at its event.
    approved = {**dispatched, "reship_fee": 0, "tracking_number": None}
    pending = {**approved, "status": "Pending"}
    told = [json.loads(request["body"])["reshipment"] for request in await sent(made, worker)]
    assert sorted(told, key=str) == sorted([pending, approved, dispatched], key=str)
    actor = made.actors["owner"]
    await reshipping.delete_reshipment(made.db, actor=actor, number=number, now=desk.now)
    assert await sent(made, worker) == []  # what is deleted is no news


async def test_how_a_carrier_moves_a_reshipment_is_told_from_its_dispatch_on(
    made, desk, worker, subscribe, description
):
    await subscribe("shipments_status")
    number = await desk.reship(await desk.parcel())
    await desk.answer(number)
    assert await sent(made, worker) == []
    await desk.dispatch(number, grams=900)
    one = await reshipping.get_reshipment(made.db, actor=made.actors["owner"], number=number)
    moves = [
        (Tracking.PRE_TRANSIT, None, None),  # the label alone is no news
        (Tracking.IN_TRANSIT, None, 150),
        (Tracking.OUT_FOR_DELIVERY, None, 198),
        (Tracking.AVAILABLE_FOR_PICKUP, None, 220),
        (Tracking.DELIVERED, None, 200),
        (Tracking.RETURN_TO_SENDER, None, 315),
        (Tracking.FAILURE, Fault.LOST, 325),
        (Tracking.FAILURE, Fault.REFUSED, 310),
        (Tracking.FAILURE, Fault.DAMAGED, 300),
        (Tracking.FAILURE, None, 300),
    ]
    for leg in (Leg.ONWARD, Leg.DEVICE):
        for after, fault, _ in moves:
            await say_moved(made, one, leg=leg, after=after, fault=fault)
    told = [json.loads(request["body"]) for request in await sent(made, worker)]
    expected = {"carrier": "Sendle", "reshipment_id": number, "time": "2026-05-03 11:59:58"}
    expected |= {"tracking_number": one.tracking_number}
    codes = [code for _, _, code in moves if code is not None]
    assert sorted(body["shipment"]["code"] for body in told) == sorted(codes)
    schema = description.document["webhooks"]["shipments_status"]["post"]["requestBody"]["content"]
    for body in told:
        assert body == {"shipment": {**expected, "code": body["shipment"]["code"]}}
        assert description.problems(schema["application/json"]["schema"], body) == []


async def say_moved(made, one, *, leg, after, fault):
    """The event of a parcel that its carrier has moved."""
    moved = ParcelMoved(
        subject_id=one.hold_id,
        shipment_id=one.shipment_id,
        leg=leg,
        before=Tracking.PRE_TRANSIT,
        after=after,
        fault=fault,
        moved_at=made.clock.now() - timedelta(days=1, seconds=2),
    )
    async with made.db.transaction(Scope(one.org_id)) as tx:
        outbox.record(tx, moved, at=made.clock.now())


async def test_other_organizations_are_told_nothing(made, desk, worker, subscribe):
    await subscribe("returns_status")
    await desk.parcel(caller="stranger")
    assert await sent(made, worker) == []


async def test_a_test_event_arrives_under_its_topic(made, worker, subscribe):
    number = await subscribe("shipments_status")
    answer = await made.call_by_client("owner", "POST", f"/v1/webhooks/{number}/queue")
    assert answer.status_code == 201
    (request,) = await sent(made, worker)
    assert json.loads(request["body"]) == {"test": True, "topic": "shipments_status"}
    assert dict(request["headers"])["x-boxc-topic"] == "shipments_status"


async def test_a_new_key_signs_at_once_and_alone(made, desk, worker, subscribe):
    number = await subscribe("returns_status")
    changed = {"webhook": {"key": "another key of theirs"}}
    await made.call_by_client("owner", "PUT", f"/v1/webhooks/{number}", json=changed)
    await desk.parcel()
    (request,) = await sent(made, worker)
    digest = hmac.new(b"another key of theirs", request["body"], hashlib.sha256).digest()
    assert dict(request["headers"])["x-boxc-hmac-sha256"] == base64.b64encode(digest).decode()


async def test_a_webhook_that_was_switched_off_is_told_nothing(made, desk, worker, subscribe):
    number = await subscribe("returns_status")
    await desk.parcel()
    await worker.settle()
    off = {"webhook": {"active": False}}
    await made.call_by_client("owner", "PUT", f"/v1/webhooks/{number}", json=off)
    await desk.parcel()
    assert await sent(made, worker) == []


def test_three_more_tries_within_an_hour_with_growing_gaps():
    assert len(RETRY_SECONDS) == 3
    assert sorted(set(RETRY_SECONDS)) == list(RETRY_SECONDS)
    longest = sum(RETRY_SECONDS) * (1 + JITTER) + 4 * TIMEOUTS.total_seconds
    assert timedelta(seconds=longest) < timedelta(hours=1)
    assert TIMEOUTS.connect_seconds == 2.0


async def test_a_thousand_failures_in_a_row_switch_a_webhook_off(made, desk, worker, subscribe):
    number = await subscribe("returns_status")
    assert worker.ports[Catalog].get(WORDING).disable_after == DISABLE_AFTER == 1000
    actor = made.actors["owner"]
    endpoint = await webhooks.get_endpoint_by_number(made.db, actor=actor, number=number, wording=WORDING)
    await made.owner.execute(
        "UPDATE webhook_endpoints SET consecutive_failures = 998 WHERE id = $1", endpoint.id
    )
    for is_active in (True, False):
        await desk.parcel()
        assert len(await sent(made, worker, Recording(status=500))) == 1
        shown = await made.call_by_client("owner", "GET", f"/v1/webhooks/{number}")
        assert shown.json()["webhook"]["active"] is is_active
    changed = {"webhook": {"active": True}}
    await made.call_by_client("owner", "PUT", f"/v1/webhooks/{number}", json=changed)
    await desk.parcel()
    assert len(await sent(made, worker)) == 1
