"""When the machine switches an endpoint off, those who may repair it get one letter: in English, or in German."""

import msgspec
import pytest
from tests.making import OFFICE

from backhaul.domain import webhooks
from backhaul.domain.announcing import Wordings
from backhaul.domain.identity import Role, operator_actor, set_default_address
from backhaul.domain.identity.queries import get_organization
from backhaul.domain.webhooks import DeliveryStatus, EndpointStatus, Message
from backhaul.domain.webhooks.operations import record_attempt
from backhaul.domain.webhooks.ports import Reply

MESSAGES = """
SELECT recipient, locale, subject, status, text FROM messages
WHERE org_id = $1 AND template = 'webhooks/disabled' ORDER BY recipient, decided_at
"""


@pytest.fixture
async def endpoint(world):
    found, _ = await webhooks.add_endpoint(
        world.db,
        actor=world.actor,
        url="https://hooks.example.com/backhaul?key=1",
        terms=world.ports[Wordings].catalog().get("device_transfers"),
        policy=world.ports[webhooks.Policy],
        now=world.now,
    )
    return found


async def answer(world, endpoint, status, *, disable_after=None):
    """One delivery that is answered so."""
    async with world.db.transaction(world.scope) as tx:
        message = Message(topic="test", body=b"{}")
        delivery_id = await webhooks.deliver(tx, to=endpoint, message=message, at=world.now)
    detail = await webhooks.get_delivery(world.db, actor=world.actor, delivery_id=delivery_id)
    return await record_attempt(
        world.db,
        sent=detail.delivery,
        reply=Reply(status=status, text=""),
        ladder=(5, 300),
        disable_after=disable_after,
        at=world.now,
        duration_ms=1,
        now=world.now,
    )


async def letters(world):
    await world.settle()
    async with world.db.read(world.scope) as reader:
        return [dict(row) for row in await reader.fetch(MESSAGES, world.scope.org_id)]


async def look(world, endpoint):
    return await webhooks.get_endpoint(world.db, actor=world.actor, endpoint_id=endpoint.id)


async def test_owners_and_admins_are_written_to_once_when_an_endpoint_is_gone(world, endpoint):
    async with world.db.read(world.scope) as reader:
        organization = await get_organization(reader, world.scope)
    admin, _, _ = [
        await world.make.member(organization, role=role) for role in (Role.ADMIN, Role.MEMBER, Role.VIEWER)
    ]
    assert (await answer(world, endpoint, 410)).status is DeliveryStatus.GONE
    written = await letters(world)
    assert [one["recipient"] for one in written] == sorted([world.actor.user_email, admin.user_email])
    assert {one["locale"] for one in written} == {"en"}
    assert {one["status"] for one in written} == {"sent"}
    text = " ".join(written[0]["text"].split())
    assert "an endpoint answered that it is gone (410). It was switched off" in text
    assert "Endpoint: https://hooks.example.com/backhaul?key=1" in text
    await answer(world, endpoint, 410)
    assert await letters(world) == written


async def test_an_endpoint_that_fails_too_often_is_told_with_its_count(world, endpoint):
    for _ in range(2):
        await answer(world, endpoint, 500, disable_after=3)
    assert await letters(world) == []
    await answer(world, endpoint, 500, disable_after=3)
    assert (await look(world, endpoint)).status is EndpointStatus.DISABLED
    [letter] = await letters(world)
    text = " ".join(letter["text"].split())
    assert "an endpoint did not accept 3 attempts in a row. It was switched off" in text
    assert "Deliveries cancelled: 3" in text


async def test_what_is_switched_off_a_second_time_is_told_a_second_time(world, endpoint):
    await answer(world, endpoint, 410)
    assert len(await letters(world)) == 1
    await webhooks.enable_endpoint(world.db, actor=world.actor, endpoint_id=endpoint.id, now=world.now)
    assert len(await letters(world)) == 1
    await answer(world, endpoint, 410)
    assert len(await letters(world)) == 2


async def test_who_switches_an_endpoint_off_by_hand_needs_no_letter(world, endpoint):
    await webhooks.change_endpoint(
        world.db,
        actor=world.actor,
        endpoint_id=endpoint.id,
        policy=world.ports[webhooks.Policy],
        is_active=False,
        now=world.now,
    )
    assert await letters(world) == []


async def test_what_was_repaired_before_the_letter_was_written_is_no_news(world, endpoint):
    await answer(world, endpoint, 410)
    await webhooks.enable_endpoint(world.db, actor=world.actor, endpoint_id=endpoint.id, now=world.now)
    assert await letters(world) == []


async def test_an_organization_in_germany_is_written_to_in_german(world, endpoint):
    async with world.db.read(world.scope) as reader:
        operator = operator_actor(await get_organization(reader, world.scope))
    berlin = msgspec.structs.replace(
        OFFICE, city="Berlin", state_code=None, postal_code="10115", country_code="DE"
    )
    await set_default_address(world.db, actor=operator, address=berlin, now=world.now)
    await answer(world, endpoint, 410)
    [letter] = await letters(world)
    assert letter["locale"] == "de"
    assert letter["subject"].startswith("Ein Webhook-Endpunkt von ")
    assert "dass es ihn nicht mehr gibt (410)" in " ".join(letter["text"].split())
