"""What a client sees while a device comes home: the same object, filled in step by step."""

import httpx2
import pytest

from backhaul.settings import RereadySettings, ShippingSettings, TransferSettings
from tests.dialects.installation import installed
from tests.dialects.mounting import mounted, small
from tests.dialects.replaying import changed, differences
from tests.dialects.reready.replay import reference
from tests.dialects.working import DAY_SECONDS, Worker

TRANSFERS, RETURNS = "/api/v1/device_transfers", "/api/v1/device_returns"


def brisk(database_url, **groups):
    return small(
        database_url,
        shipping=ShippingSettings(day_seconds=DAY_SECONDS),
        transfers=TransferSettings(day_seconds=DAY_SECONDS),
        **groups,
    )


class Journey:
    """One transfer, seen through the API while the worker works."""

    def __init__(self, installation, worker, path, body):
        self.installation, self.worker, self.path = installation, worker, path
        self.created = body
        self.id = body["id"]

    async def view(self, base=None, app=None):
        path = f"{base or self.path}/{self.id}"
        headers = {"authorization": f"Token {self.installation.keys['owner']}"}
        answer = await (app or self.installation.app).request("GET", path, headers=headers)
        assert answer.status_code == 200
        return answer.json()

    async def reaches(self, state):
        async def is_there():
            return (await self.view())["state"] == state

        await self.worker.live_until(is_there)
        return await self.view()


@pytest.fixture
async def living(database_url, tmp_path, clock):
    """An installation with a worker; `begin` creates a transfer."""
    settings = brisk(database_url)
    async with installed(database_url, tmp_path, clock=clock, settings=settings) as installation:
        worker = Worker(installation.db, clock=clock, settings=settings, data_dir=tmp_path)

        async def begin(path=TRANSFERS, **changes):
            base = reference("older_request" if path == RETURNS else "request")
            answer = await installation.call("POST", path, json=changed(base, changes))
            assert answer.status_code == 201
            return Journey(installation, worker, path, answer.json())

        yield begin


async def test_before_any_work_the_view_is_the_created_object(living):
    journey = await living()
    assert await journey.view() == journey.created


async def test_as_soon_as_labels_are_bought_both_shipments_show(living, described):
    journey = await living()
    await journey.worker.settle()
    seen = await journey.view()
    changes = {
        "box_shipment.shipped_at": None,
        "box_shipment.state": "pre_transit",
        "state": "pending_box_shipment",
    }
    assert list(differences(changed(reference("viewed"), changes), seen, {})) == []
    described("GET", f"{TRANSFERS}/{journey.id}", 200, seen)


async def test_the_view_example_comes_true_when_the_box_has_left(living, described):
    journey = await living()
    seen = await journey.reaches("pending_box_shipment_delivery")
    assert list(differences(reference("viewed"), seen, {})) == []
    described("GET", f"{TRANSFERS}/{journey.id}", 200, seen)
    box, device = seen["box_shipment"], seen["device_shipment"]
    assert httpx2.URL(box["tracking_url"]).params["tLabels"] == box["tracking_id"]
    assert httpx2.URL(device["tracking_url"]).params["trackingnumber"] == device["tracking_id"]
    assert box["shipped_at"] > seen["created_at"]


async def test_a_device_comes_home_through_every_state(living, described):
    journey = await living()
    seen = await journey.reaches("pending_device_shipment")
    assert (seen["box_shipment"]["state"], seen["device_shipment"]["state"]) == ("delivered", "pre_transit")
    assert seen["box_shipment"]["delivered_at"] > seen["box_shipment"]["shipped_at"]
    seen = await journey.reaches("pending_device_shipment_delivery")
    assert seen["device_shipment"]["state"] in {"in_transit", "out_for_delivery", "available_for_pickup"}
    seen = await journey.reaches("complete")
    described("GET", f"{TRANSFERS}/{journey.id}", 200, seen)
    for leg in ("box_shipment", "device_shipment"):
        assert seen[leg]["state"] == "delivered"
        assert seen["created_at"] < seen[leg]["shipped_at"] < seen[leg]["delivered_at"]
    assert [payment["amount_cents"] for payment in seen["payments"]] == [8500]
    assert seen["created_at"] == journey.created["created_at"]


async def test_the_older_view_tells_the_same_in_its_own_words(living, described):
    journey = await living(RETURNS)
    assert journey.created["state"] == "pending_outbound_shipment"
    for older, newer in (
        ("pending_outbound_shipment_delivery", "pending_box_shipment_delivery"),
        ("pending_return_shipment", "pending_device_shipment"),
        ("pending_return_shipment_delivery", "pending_device_shipment_delivery"),
        ("complete", "complete"),
    ):
        seen = await journey.reaches(older)
        described("GET", f"{RETURNS}/{journey.id}", 200, seen)
        other = await journey.view(TRANSFERS)
        assert list(seen) == list(reference("older_answer"))
        assert other["state"] == newer
        assert seen["outbound_shipment"] == other["box_shipment"]
        assert seen["return_shipment"] == other["device_shipment"]
        assert seen["payments"] == other["payments"]


async def test_with_the_switch_the_states_follow_the_example(living):
    """R2: the example shows a travelling box under "pending_box_shipment"."""
    journey = await living()
    url = journey.installation.database_url
    settings = brisk(url, reready=RereadySettings(state_follows_example=True))
    place = journey.installation.app.place
    async with mounted(url, place.data_dir, clock=journey.installation.clock, settings=settings) as switched:
        for state, shown in (
            ("pending_box_shipment_delivery", "pending_box_shipment"),
            ("pending_device_shipment", "pending_device_shipment"),
            ("pending_device_shipment_delivery", "pending_device_shipment"),
            ("complete", "complete"),
        ):
            usual = await journey.reaches(state)
            assert await journey.view(app=switched) == {**usual, "state": shown}
        older = await journey.view(RETURNS, app=switched)
        assert older["state"] == "complete"


async def test_a_required_carrier_stays_what_was_asked_for(living):
    """What is used and what was required are two things, also when they differ or nothing was required."""
    journey = await living(
        box_shipment_carrier_code_required="UPS", device_shipment_carrier_code_required="DHLExpress"
    )
    await journey.worker.settle()
    seen = await journey.view()
    assert seen["box_shipment_carrier_code_required"] == "UPS"
    assert seen["device_shipment_carrier_code_required"] == "DHLExpress"
    assert seen["box_shipment"]["carrier_code"] == "UPS"
    assert seen["device_shipment"]["carrier_code"] == "DHLExpress"


async def test_a_waived_box_has_no_box_shipment_at_any_time(living):
    journey = await living(box_shipment_waived=True)
    assert journey.created["state"] == "pending_device_shipment"
    await journey.worker.settle()
    seen = await journey.view()
    assert (seen["box_shipment"], seen["device_shipment"]["state"]) == (None, "pre_transit")
    seen = await journey.reaches("complete")
    assert seen["box_shipment"] is None
    assert seen["device_shipment"]["state"] == "delivered"
    assert [payment["amount_cents"] for payment in seen["payments"]] == [6000]


async def test_a_deployment_runs_to_its_end(living):
    journey = await living(type="deployment")
    seen = await journey.reaches("complete")
    assert seen["type"] == "deployment"
    assert (seen["box_shipment"]["state"], seen["device_shipment"]["state"]) == ("delivered", "delivered")


async def test_options_are_on_the_bill(living):
    journey = await living(
        box_shipment_carrier_code_required="UPS",
        box_shipment_rush=True,
        device_shipment_rush=True,
        device_shipment_insured_amount=1500,
        device_shipment_pickup_scheduling="Ring twice",
    )
    await journey.worker.settle()
    flat, carrier, rush, insurance, pickup = 8500, 1500, 2 * 2500, 2250, 1000
    seen = await journey.view()
    assert [payment["amount_cents"] for payment in seen["payments"]] == [
        flat + carrier + rush + insurance + pickup
    ]


async def test_a_lost_box_fails_the_transfer_and_gives_the_money_back(living):
    journey = await living(ticket_reference="sim-box-lost")
    seen = await journey.reaches("failed")
    assert seen["box_shipment"]["state"] == "failure"
    await journey.worker.live(DAY_SECONDS)
    seen = await journey.view()
    assert seen["device_shipment"]["state"] == "cancelled"
    assert [(p["amount_cents"], p["refunded_amount_cents"], p["state"]) for p in seen["payments"]] == [
        (8500, 8500, "refunded")
    ]


async def test_a_device_nobody_sends_is_not_returned(living):
    journey = await living(ticket_reference="sim-device-kept")
    seen = await journey.reaches("not_returned")
    assert (seen["box_shipment"]["state"], seen["device_shipment"]["state"]) == ("delivered", "pre_transit")
