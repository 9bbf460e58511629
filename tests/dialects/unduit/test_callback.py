"""The label's callback from the route to the receiver: what is told, to whom, how often, and to whom never.

That a slow receiver delays nobody else is shown in tests/domain/webhooks/test_sharing.py.
"""

import asyncio
import json
from datetime import timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from backhaul.domain import webhooks
from backhaul.domain.recovery import NewCampaign, create_campaign
from backhaul.domain.webhooks import DeliveryStatus
from backhaul.domain.webhooks.sending import Sender
from backhaul.settings import Settings, WebhookSettings
from tests.adapters.labels.reading import codes, draw_pdf
from tests.adapters.outgoing.conftest import start
from tests.adapters.outgoing.receivers import FakeResolver, RecordingBackend
from tests.dialects.installation import installed
from tests.dialects.mounting import small
from tests.dialects.unduit.furnishing import furnish
from tests.dialects.unduit.replay import reference
from tests.dialects.working import Worker
from tests.kernel.test_internet import LOCAL_NAMES, LOOPBACK, NOT_GLOBAL

__all__ = ["start"]  # a fixture

ADD = "/api/v1/recover/user/add"
HERE = ("127.0.0.0/8",)
WRITTEN = (
    "recovery_cases",
    "recovery_items",
    "transfers",
    "webhook_deliveries",
    "history",
    "outbox",
)


def _bracketed(address):
    return f"[{address}]" if ":" in address else address


NOT_PUBLIC = "must lead to the public internet, not to this machine or a private network"
HOSTILE = {
    NOT_PUBLIC: [
        *(f"http://{host}/" for host in (*LOCAL_NAMES, *LOOPBACK) if host.isprintable()),
        *(f"https://{_bracketed(one)}:8443/hook" for one in NOT_GLOBAL if "%" not in one),
        "http://2130706433/",  # 127.0.0.1 in one decimal, hexadecimal and octal number, and in parts
        "http://0x7f000001/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://0x7f.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://192.168.0.1/",
        "http://[fd00::1]/",
        "http://100.64.0.1/",  # carrier-grade NAT
        "http://[64:ff9b::7f00:1]/",  # NAT64
        "http://[2002:7f00:1::]/",  # 6to4
    ],
    "must not hold a user name or password": [
        "https://me:you@example.com/",
        "https://example.com@127.0.0.1/",
    ],
    "must begin with https:// or http://": [
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_x",
        "javascript:alert(1)",
        "//example.com/",
        "unix:///run/docker.sock",
    ],
    "must not hold blanks, line ends, control characters or backslashes": [
        "https://example.com\\@127.0.0.1/"
    ],
}


def wish(office, n=0, **changes):
    """The documented body, for a label."""
    return {
        **reference("recovery"),
        "campaign_number": int(office.ids["campaign"]),
        "email": f"label{n}@company.com",
        "items": [{"item": "Laptop"}],
        "shipping_option": "create_prepaid_shipping_label",
        **changes,
    }


class Machine:
    """An installation whose work this test does: what serves, what works, what sends."""

    def __init__(self, office, folder, settings):
        self.office, self.clock = office, office.clock
        self.worker = Worker(office.db, clock=office.clock, settings=settings, data_dir=folder)
        self.sender = Sender(office.db, clock=office.clock, ports=self.worker.ports)

    @property
    def backend(self):
        """Where the courier connects through."""
        return self.worker.ports[webhooks.Courier]._caller._pool._network_backend

    async def add(self, n, url, **changes):
        body = wish(self.office, n, callback_url=url, **changes)
        answer = await self.office.call_as("owner", "POST", ADD, json=body)
        assert (answer.status_code, answer.json()) == (
            200,
            {"success": True, "message": "Employee added successfully"},
        )

    async def send(self):
        await self.worker.settle()
        return await self.sender.send_due()

    async def live(self, span):
        """Let time pass from one due attempt to the next."""
        end = self.clock.now() + span
        while self.clock.now() < end:
            await self.send()
            due = [one.next_attempt_at for one in await self.deliveries() if one.next_attempt_at is not None]
            following = min((at for at in due if at > self.clock.now()), default=end)
            self.clock.advance(min(following, end) - self.clock.now())
        await self.send()

    async def deliveries(self):
        return await webhooks.list_deliveries(self.office.db, actor=self.office.actors["owner"])

    async def verified(self, request, monkeypatch):
        """A request's body, checked with the reference library, which reads the machine's clock."""
        at = self.clock.now()

        class Then:
            @classmethod
            def now(cls, tz=None):
                return at.astimezone(tz)

            @classmethod
            def fromtimestamp(cls, *arguments, **named):
                return type(at).fromtimestamp(*arguments, **named)

        monkeypatch.setattr("standardwebhooks.webhooks.datetime", Then)
        _, headers, body = request
        secret = await webhooks.show_secret(
            self.office.db, actor=self.office.actors["owner"], endpoint_id=None, now=at
        )
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body + b" ", headers)
        return Webhook(secret).verify(body, headers)


@pytest.fixture
async def machine(database_url, tmp_path, clock):
    """One that may call back to this machine."""
    settings = small(database_url, webhooks=WebhookSettings(allowed_private_networks=HERE))
    async with installed(database_url, tmp_path, clock=clock, settings=settings) as made:
        yield Machine(await furnish(made), tmp_path, settings)


async def test_a_label_reaches_its_callback_verified_and_scans(machine, start, monkeypatch):
    receiver = await start()
    await machine.add(1, f"http://127.0.0.1:{receiver.port}/labels?key=1")
    assert await machine.send() == 1
    assert await machine.send() == 0
    [request] = receiver.requests
    line, headers, _ = request
    assert (line, headers["content-type"]) == ("POST /labels?key=1 HTTP/1.1", "application/json")
    told = await machine.verified(request, monkeypatch)
    assert list(told) == [
        "campaign_number",
        "recovery_id",
        "recovery_code",
        "email",
        "carrier_name",
        "tracking_number",
        "tracking_link",
        "label_url",
        "label_format",
    ]
    office = machine.office
    detail = await office.call_as("owner", "GET", f"/api/v1/recover/campaign/{office.ids['campaign']}")
    person = detail.json()["employees"][0]
    back = person["tracking"][0]["return_shipping"]
    assert (told["campaign_number"], told["recovery_id"], told["email"], told["label_format"]) == (
        office.ids["campaign"],
        person["recovery_id"],
        "label1@company.com",
        "pdf",
    )
    assert (told["tracking_number"], told["tracking_link"]) == (
        back["return_tracking_number"],
        back["return_tracking_link"],
    )
    assert person["status"] == "Label Created"
    path = told["label_url"].removeprefix("http://127.0.0.1:8000")
    label = await office.app.request("GET", path, address=office.address())
    assert (label.status_code, label.headers["content-type"]) == (200, "application/pdf")
    assert told["tracking_number"] in "".join(codes(draw_pdf(label.content)).values())


async def test_a_receiver_that_is_down_for_an_hour_gets_every_label(machine, start, monkeypatch):
    receiver = await start()
    port = receiver.port
    await receiver.stop()
    for n in range(3):
        await machine.add(n, f"http://127.0.0.1:{port}/", items=[{"item": "Laptop"}] * (n + 1))
    await machine.live(timedelta(hours=1))
    found = await machine.deliveries()
    assert [one.status for one in found] == [DeliveryStatus.PENDING] * 6  # a label a parcel
    assert {one.attempts for one in found} == {4}
    receiver.server = await asyncio.start_server(receiver._serve, "127.0.0.1", port)
    await machine.live(timedelta(hours=3))
    assert [one.status for one in await machine.deliveries()] == [DeliveryStatus.DELIVERED] * 6
    got = [json.loads(body) for _, _, body in receiver.requests]
    office = machine.office
    detail = await office.call_as("owner", "GET", f"/api/v1/recover/campaign/{office.ids['campaign']}")
    numbers = {
        parcel["return_shipping"]["return_tracking_number"]
        for person in detail.json()["employees"]
        for parcel in person["tracking"]
    }
    assert len(numbers) == 6
    assert {one["tracking_number"] for one in got} == numbers
    ids = {headers["webhook-id"] for _, headers, _ in receiver.requests}
    assert ids == {str(one.id) for one in found}


async def test_a_name_that_leads_inside_is_never_connected_to_and_the_label_stays(machine):
    inner = RecordingBackend()
    turns = [["127.0.0.1"], ["10.0.0.1"], ["8.8.8.8", "169.254.169.254"], ["64:ff9b::7f00:1"]]
    resolver = FakeResolver({"rebinding.example": turns})
    machine.backend._resolver, machine.backend._inner, machine.backend._allowed = resolver, inner, ()
    await machine.add(1, "http://rebinding.example/labels")
    await machine.live(timedelta(hours=1))
    assert (len(resolver.asked), inner.connected) == (4, [])
    [delivery] = await machine.deliveries()
    assert (delivery.status, delivery.failure.split(":")[0]) == (DeliveryStatus.PENDING, "address_refused")
    detail = await webhooks.get_delivery(
        machine.office.db, actor=machine.office.actors["owner"], delivery_id=delivery.id
    )
    path = json.loads(detail.body)["label_url"].removeprefix("http://127.0.0.1:8000")
    label = await machine.office.app.request("GET", path, address=machine.office.address())
    assert label.content.startswith(b"%PDF")


async def test_a_hostile_url_is_refused_and_leaves_no_trace(office):
    await office.token("owner")
    before = await office.traces(WRITTEN)
    asked = 0
    for says, urls in HOSTILE.items():
        for url in urls:
            answer = await office.call_as("owner", "POST", ADD, json=wish(office, callback_url=url))
            listed = f"Some values were refused: callback_url {says}"
            assert (answer.status_code, answer.json()) == (
                422,
                {
                    "message": listed,
                    "success": False,
                    "error": {
                        "code": "INPUT_INVALID",
                        "message": listed,
                        "details": [{"field": "callback_url", "message": says}],
                    },
                },
            ), url
            asked += 1
    assert asked >= 60
    assert await office.traces(WRITTEN) == before


def test_nothing_private_is_allowed_unless_it_is_named():
    assert Settings().webhooks.allowed_private_networks == ()


async def test_whoever_is_added_before_the_campaigns_start_gets_the_label_after_it(machine, start):
    office, receiver = machine.office, await start()
    starts_on = machine.clock.now().date() + timedelta(days=30)
    campaign = await create_campaign(
        office.db,
        actor=office.actors["owner"],
        new=NewCampaign(name="Next month", starts_on=starts_on),
        now=machine.clock.now(),
    )
    number = campaign.public_number
    await machine.add(1, f"http://127.0.0.1:{receiver.port}/", campaign_number=int(number))
    await machine.worker.live(5)
    detail = await office.call_as("owner", "GET", f"/api/v1/recover/campaign/{number}")
    person = detail.json()["employees"][0]
    assert (person["status"], person["tracking"]) == ("Order Received", [])
    await machine.worker.live(28 * 86_400)
    assert (await machine.send(), receiver.requests) == (0, [])
    await machine.worker.live(2 * 86_400)
    assert (await machine.send(), len(receiver.requests)) == (1, 1)
