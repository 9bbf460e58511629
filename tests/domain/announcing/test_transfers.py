"""Every status a transfer enters is told to every endpoint, in its version's words; test events say that they are."""

import itertools
import json

import pytest
from tests.adapters.outgoing.conftest import start

from backhaul.dialects.reready.views import STATES
from backhaul.domain import announcing, webhooks
from backhaul.domain.announcing import Wordings
from backhaul.domain.identity import operator_actor, set_plan
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import Plan, Role
from backhaul.domain.identity.queries import get_organization
from backhaul.domain.shipping.model import Tracking
from backhaul.domain.transfers.model import Direction, Status
from backhaul.domain.transfers.operations import cancel_transfer
from backhaul.domain.webhooks import DeliveryStatus
from backhaul.domain.webhooks.sending import Sender
from backhaul.main import make_ports
from backhaul.settings import Settings, WebhookSettings

__all__ = ["start"]

NUMBERS = itertools.count(1)


async def listen(world, version="device_transfers", *, url=None):
    endpoint, _ = await webhooks.add_endpoint(
        world.db,
        actor=world.actor,
        url=url or f"https://hooks.example.com/{next(NUMBERS)}",
        terms=world.ports[Wordings].catalog().get(version),
        policy=world.ports[webhooks.Policy],
        now=world.now,
    )
    return endpoint


async def told(world, endpoint):
    """The bodies an endpoint was told, oldest first."""
    found = await webhooks.list_deliveries(world.db, actor=world.actor, endpoint_id=endpoint.id, limit=200)
    details = [
        await webhooks.get_delivery(world.db, actor=world.actor, delivery_id=one.id)
        for one in reversed(found)
    ]
    return [json.loads(detail.body) for detail in details]


async def states(world, endpoint):
    return [body["state"] for body in await told(world, endpoint)]


async def test_a_whole_journey_is_told_status_by_status_in_both_versions(world):
    newer, older = await listen(world), await listen(world, "device_returns")
    order = await world.order(device_serial_number="SN-1", ticket_reference="https://desk.example/7")
    await world.live_until(order, Status.COMPLETE)
    assert await states(world, newer) == [
        "pending_box_shipment",
        "pending_box_shipment_delivery",
        "pending_device_shipment",
        "pending_device_shipment_delivery",
        "complete",
    ]
    assert await states(world, older) == [
        "pending_outbound_shipment",
        "pending_outbound_shipment_delivery",
        "pending_return_shipment",
        "pending_return_shipment_delivery",
        "complete",
    ]
    assert (await told(world, newer))[0] == {
        "device_transfer_id": str(order.id),
        "serial_number": "SN-1",
        "state": "pending_box_shipment",
        "test": False,
        "ticket_reference": "https://desk.example/7",
        "url": f"http://127.0.0.1:8000/api/v1/device_transfers/{order.id}",
    }
    assert (await told(world, older))[4] == {
        "device_return_id": str(order.id),
        "serial_number": "SN-1",
        "state": "complete",
        "test": False,
        "ticket_url": "https://desk.example/7",
        "url": f"http://127.0.0.1:8000/api/v1/device_returns/{order.id}",
    }


async def test_a_waived_box_and_a_deployment_begin_where_they_begin(world):
    endpoint = await listen(world)
    await world.order(is_box_waived=True)
    await world.order(direction=Direction.DEPLOYMENT)
    assert await states(world, endpoint) == ["pending_device_shipment", "pending_box_shipment"]


async def test_the_status_told_is_the_one_that_was_entered_even_if_it_has_been_left_since(world):
    endpoint = await listen(world)
    order = await world.order()
    box = await world.box(order)
    await world.report(box, Tracking.IN_TRANSIT)
    await world.relay()
    await world.report(box, Tracking.DELIVERED)
    await world.relay()
    assert await states(world, endpoint) == [
        "pending_box_shipment",
        "pending_box_shipment_delivery",
        "pending_device_shipment",
    ]
    placed = await world.place()
    await cancel_transfer(world.db, actor=world.actor, transfer_id=placed.id, reason=None, now=world.now)
    await world.settle()
    # Placed and cancelled before anybody was told: both are told, in order.
    assert (await states(world, endpoint))[3:] == ["pending_box_shipment", STATES[Status.CANCELLED]]


async def test_a_status_that_is_entered_twice_is_told_twice(world):
    endpoint = await listen(world)
    order = await world.order()
    device = await world.device(order)
    for status in (Tracking.IN_TRANSIT, Tracking.FAILURE, Tracking.IN_TRANSIT, Tracking.FAILURE):
        await world.report(device, status, at=world.now)
        world.clock.advance(world.run.now() - world.now)
        await world.settle()
    entered = [told["after"] for name, told in await world.events(order) if name == "transfers.moved"]
    assert await states(world, endpoint) == [
        "pending_box_shipment",
        *(STATES[Status(one)] for one in entered),
    ]
    assert len(entered) >= 2


async def test_without_endpoints_nothing_is_decided(world):
    await world.order()
    assert await webhooks.list_deliveries(world.db, actor=world.actor) == []


async def test_other_organizations_and_removed_endpoints_are_told_nothing(world):
    other = await world.elsewhere()
    theirs, removed = await listen(other), await listen(world)
    await webhooks.remove_endpoint(world.db, actor=world.actor, endpoint_id=removed.id, now=world.now)
    await world.order()
    assert (await told(other, theirs), await told(world, removed)) == ([], [])


async def test_an_organization_that_left_its_plan_is_told_nothing_until_it_returns(world):
    endpoint = await listen(world)
    async with world.db.read(world.scope) as reader:
        operator = operator_actor(await get_organization(reader, world.scope))
    await set_plan(world.db, actor=operator, plan=Plan.FREE, now=world.now)
    await world.order()
    assert await told(world, endpoint) == []
    await set_plan(world.db, actor=operator, plan=Plan.CUSTOM, now=world.now)
    await world.order()
    assert await states(world, endpoint) == ["pending_box_shipment"]


async def test_an_event_that_is_told_again_after_a_failure_is_decided_once(world, monkeypatch):
    world.expects_failures = True
    endpoint = await listen(world)
    failing = [True]
    from backhaul.domain.announcing import reactions

    real = reactions.deliver

    async def deliver_and_fail(tx, **named):
        made = await real(tx, **named)
        if failing.pop() if failing else False:
            raise RuntimeError("the process had a defect here")
        return made

    monkeypatch.setattr(reactions, "deliver", deliver_and_fail)
    await world.place()
    await world.relay()
    assert await told(world, endpoint) == []
    await world.live(days=0.01)
    assert await states(world, endpoint) == ["pending_box_shipment"]


@pytest.mark.parametrize("version", ["device_transfers", "device_returns"])
async def test_a_test_event_says_that_it_is_one_and_arrives(world, start, version):
    receiver = await start()
    world.ports = make_ports(
        Settings(webhooks=WebhookSettings(allowed_private_networks=("127.0.0.0/8",))), world.db, world.folder
    )
    endpoint = await listen(world, version, url=f"http://127.0.0.1:{receiver.port}/hook")
    delivery_id = await announcing.send_test(
        world.db, actor=world.actor, endpoint_id=endpoint.id, wordings=world.ports[Wordings], now=world.now
    )
    assert await Sender(world.db, clock=world.clock, ports=world.ports).send_due() == 1
    [(_, _, body)] = receiver.requests
    noun = version.removesuffix("s")
    nobody = "00000000-0000-0000-0000-000000000000"
    first = "pending_box_shipment" if version == "device_transfers" else "pending_outbound_shipment"
    assert json.loads(body) == {
        f"{noun}_id": nobody,
        "serial_number": None,
        "state": first,
        "test": True,
        "ticket_reference" if version == "device_transfers" else "ticket_url": None,
        "url": f"http://127.0.0.1:8000/api/v1/{version}/{nobody}",
    }
    found = await webhooks.get_delivery(world.db, actor=world.actor, delivery_id=delivery_id)
    assert found.delivery.status is DeliveryStatus.DELIVERED


async def test_a_test_is_refused_for_what_is_removed_another_organizations_or_without_the_right(world, make):
    endpoint = await listen(world)
    named = {"endpoint_id": endpoint.id, "wordings": world.ports[Wordings], "now": world.now}
    other = await make.organization()
    with pytest.raises(webhooks.EndpointUnknown):
        await announcing.send_test(world.db, actor=other, **named)
    with pytest.raises(RightMissing):
        await announcing.send_test(world.db, actor=await make.organization(role=Role.VIEWER), **named)
    await webhooks.remove_endpoint(world.db, actor=world.actor, endpoint_id=endpoint.id, now=world.now)
    with pytest.raises(webhooks.EndpointMoveRefused):
        await announcing.send_test(world.db, actor=world.actor, **named)
    assert await told(world, endpoint) == []
