"""Placing writes the order and nothing else; a repeated request is recognised; rows that make no sense are not kept."""

import asyncio

import asyncpg
import msgspec
import pytest

from backhaul.domain.identity.model import system_actor
from backhaul.domain.transfers.errors import TransferUnknown
from backhaul.domain.transfers.model import Direction, Status
from backhaul.domain.transfers.operations import Repeatable, place_transfer
from backhaul.domain.transfers.queries import get_detail, list_recent
from backhaul.kernel.errors import InvalidInput
from backhaul.storage import idempotency

MARK = idempotency.fingerprint(b"POST", b"/device_transfers", b"{}")


async def place(world, *, actor=None, repeatable=None, **changes):
    return await place_transfer(
        world.db,
        actor=actor or world.actor,
        order=world.make.order(**changes),
        now=world.now,
        repeatable=repeatable,
    )


def repeatable(key="key-1"):
    return Repeatable(key, MARK, lambda transfer: idempotency.Answer(200, str(transfer.id).encode()))


async def test_placing_writes_the_order_its_history_and_one_event(world):
    order = await place(world, device_serial_number="SN-1", insured_minor=5, pickup_wish="2026-05-06")
    assert (order.status, order.version, order.user_email) == (
        Status.PENDING_BOX,
        1,
        world.actor.user_email,
    )
    assert await world.reload(order) == order
    assert await world.history(order) == ["placed"]
    assert [name for name, _ in await world.events(order)] == ["transfers.placed"]
    assert (await world.jobs(), await world.parcels(order), await world.charges(order)) == ([], {}, [])


async def test_another_member_may_be_named_in_any_letter_case(world):
    from backhaul.domain.identity import Organization

    organization = Organization(
        id=world.actor.org_id, number=1, name="", slug="", plan=world.actor.plan, parent_id=None,
        is_operator=False, default_address=None, created_at=world.now, version=1,
    )  # fmt: skip
    colleague = await world.make.member(organization)
    order = await place(world, user_email=colleague.user_email.upper())
    assert (order.user_id, order.user_email) == (colleague.user_id, colleague.user_email)
    (line,) = await world.changes("transfer", order.id)
    assert line["change"]["user_email"] == [None, colleague.user_email]


async def test_a_stranger_cannot_be_named_and_nothing_is_kept(world, subtests):
    before = await world.traces()
    for email in ("stranger@example.com", "", "not an address"):
        with subtests.test(email=email):
            with pytest.raises(InvalidInput) as refused:
                await place(world, user_email=email)
            assert [problem.path for problem in refused.value.problems] == ["user_email"]
            assert await world.traces() == before


async def test_a_member_of_another_organization_cannot_be_named(world):
    other = await world.make.organization()
    with pytest.raises(InvalidInput):
        await place(world, user_email=other.user_email)


async def test_a_caller_that_is_no_user_must_name_one(world):
    robot = system_actor(world.actor.org_id)
    with pytest.raises(InvalidInput):
        await place(world, actor=robot)
    order = await place(world, actor=robot, user_email=world.actor.user_email)
    assert order.user_id == world.actor.user_id


async def test_an_answer_is_kept_with_the_order(world):
    order = await place(world, repeatable=repeatable())
    async with world.db.read(world.scope) as reader:
        kept = await idempotency.find(reader, world.scope, key="key-1", mark=MARK)
    assert kept == idempotency.Answer(200, str(order.id).encode())


async def test_of_equal_requests_at_once_one_order_is_made(world):
    before = await world.traces()
    answers = await asyncio.gather(
        *(place(world, repeatable=repeatable()) for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(answer, idempotency.RaceLost) for answer in answers) == 4
    assert len(await list_recent(world.db, actor=world.actor)) == 1
    after = await world.traces()
    assert [len(after[name]) - len(before[name]) for name in ("history", "outbox")] == [1, 1]


async def test_an_order_is_read_in_its_own_organization_alone(world):
    order = await world.order()
    other = await world.make.organization()
    with pytest.raises(TransferUnknown):
        await get_detail(world.db, actor=other, transfer_id=order.id)
    assert await list_recent(world.db, actor=other) == []


async def test_orders_are_listed_newest_first_by_status_and_page(world):
    first, second = await place(world), await place(world, is_box_waived=True)
    newest_first = sorted((first.id, second.id), reverse=True)
    assert [found.id for found in await list_recent(world.db, actor=world.actor)] == newest_first
    (older,) = await list_recent(world.db, actor=world.actor, before=newest_first[0])
    assert older.id == newest_first[1]
    (waived,) = await list_recent(world.db, actor=world.actor, status=Status.PENDING_DEVICE)
    assert waived.id == second.id
    assert len(await list_recent(world.db, actor=world.actor, limit=1)) == 1


SENSELESS = [
    ("status = 'lost_in_thought'", False),
    ("status = 'pending_box'", True),
    ("status = 'box_in_transit'", True),
    ("direction = 'sideways'", False),
    ("box_carrier = 'USPS'", False),
    ("device_carrier = 'Pigeon'", False),
    ("insured_minor = -1", False),
    ("reminders_due = -1", False),
]


async def test_the_database_refuses_what_makes_no_sense(world, subtests):
    orders = {is_waived: await place(world, is_box_waived=is_waived) for is_waived in (False, True)}
    for assignment, is_box_waived in SENSELESS:
        with subtests.test(assignment, is_box_waived=is_box_waived):
            order = orders[is_box_waived]
            with pytest.raises(asyncpg.CheckViolationError):
                await assign(world, order, assignment)
            assert await world.reload(order) == order


async def test_the_database_takes_every_status_there_is(world, subtests):
    order = await place(world)
    for status in Status:
        with subtests.test(str(status)):
            await assign(world, order, f"status = '{status}'")
            assert (await world.reload(order)).status is status


async def assign(world, order, assignment):
    statement = f"UPDATE transfers SET {assignment} WHERE org_id = $1 AND id = $2"
    async with world.db.transaction(world.scope) as tx:
        await tx.execute(statement, world.scope.org_id, order.id)


async def test_every_field_survives_the_way_through_the_database(world):
    order = await place(
        world,
        direction=Direction.DEPLOYMENT,
        device_make="Ono-Sendai",
        device_model="Cyberspace 7",
        device_condition="scratched\nlid",
        device_carrier="UPS",
        is_device_rush=True,
        pickup_wish=True,
        plan_code="gold",
        ticket_reference="Ü-1",
    )
    assert await world.reload(order) == order
    assert msgspec.structs.asdict(order)["pickup_wish"] is True
