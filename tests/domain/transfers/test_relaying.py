"""Events reach the transfer once, in order, and a reaction that fails holds up its own transfer alone."""

import asyncio
from datetime import timedelta

import pytest

from backhaul.domain.shipping.model import Leg, Tracking
from backhaul.domain.transfers.model import Status
from backhaul.storage import outbox, relay
from backhaul.storage.database import Database


@pytest.fixture
def broken(monkeypatch):
    """Reactions to parcels fail for as long as this holds the transfer's id; it counts the tries."""

    class Broken(set):
        tries = 0

    holding = Broken()
    reactions = outbox.reactions_to("shipping.parcel_moved")

    async def failing(tx, moved, then):
        for reaction in reactions:
            await reaction(tx, moved, then)
        if moved.subject_id in holding:
            holding.tries += 1
            raise RuntimeError("the reaction is broken")

    monkeypatch.setitem(outbox._REACTIONS, "shipping.parcel_moved", [failing])
    return holding


async def waiting_events(world):
    async with world.db.system() as reader:
        return [
            tuple(row)
            for row in await reader.fetch(
                "SELECT type, attempts, failure FROM outbox WHERE processed_at IS NULL ORDER BY id"
            )
        ]


async def test_relaying_at_the_same_time_does_everything_once(world):
    order = await world.place()
    await asyncio.gather(*(world.relay() for _ in range(4)))
    assert sorted(await world.jobs()) == [
        "billing.collect", "notify.send", "shipping.buy_label", "shipping.buy_label",
    ]  # fmt: skip
    assert len(await world.parcels(order)) == 2
    assert len(await world.charges(order)) == 1


async def test_an_event_told_again_changes_nothing_it_may_not(world):
    order = await world.order()
    await world.live_until(order, Status.PENDING_DEVICE)
    before = await world.traces()
    async with world.db.system_transaction() as tx:
        await tx.execute("UPDATE outbox SET processed_at = NULL WHERE type = 'shipping.parcel_moved'")
    await world.relay()
    after = await world.traces()
    for name in ("transfers", "shipments", "charges", "messages", "history", "jobs"):
        assert after[name] == before[name], name


async def test_a_reaction_that_fails_once_succeeds_later_and_leaves_nothing_of_the_first_try(world, broken):
    world.expects_failures = True
    order = await world.order()
    broken.add(order.id)
    await world.report(await world.box(order), Tracking.IN_TRANSIT)
    await world.settle()
    assert await waiting_events(world) == [
        ("shipping.parcel_moved", 1, "RuntimeError: the reaction is broken")
    ]
    assert (await world.reload(order)).status is Status.PENDING_BOX
    assert [letter for letter, _ in await world.letters(order)] == ["placed"]
    assert await world.history(order) == ["placed"]

    broken.clear()
    await world.settle()
    assert (await world.reload(order)).status is Status.PENDING_BOX  # not before its time
    world.clock.advance(timedelta(seconds=1))
    await world.settle()
    assert await waiting_events(world) == []
    assert await world.history(order) == ["placed", "ship_box"]
    assert [letter for letter, _ in await world.letters(order)] == ["placed", "box_shipped"]


async def test_later_events_of_the_transfer_wait_and_those_of_others_do_not(world, broken):
    world.expects_failures = True
    held, free = await world.order(), await world.order()
    broken.add(held.id)
    for order in (held, free):
        box = await world.box(order)
        await world.report(box, Tracking.IN_TRANSIT)
        await world.report(box, Tracking.DELIVERED, at=world.now + timedelta(minutes=1))
    await world.settle()
    assert (await world.reload(free)).status is Status.PENDING_DEVICE
    assert (await world.reload(held)).status is Status.PENDING_BOX
    assert broken.tries == 1
    broken.clear()
    world.clock.advance(timedelta(seconds=1))
    await world.settle()
    assert await world.history(held) == ["placed", "ship_box", "deliver_box"]


async def test_an_event_that_keeps_failing_is_parked_until_it_is_released(world, broken):
    world.expects_failures = True
    order = await world.order()
    broken.add(order.id)
    await world.report(await world.box(order), Tracking.IN_TRANSIT)
    started = world.now
    await world.live(days=2)

    assert broken.tries == relay.MAX_ATTEMPTS
    (parked,) = await relay.list_parked_events(world.db)
    assert (parked.type, parked.attempts, parked.failure) == (
        "shipping.parcel_moved",
        12,
        "RuntimeError: the reaction is broken",
    )
    assert (parked.subject_id, parked.org_id, parked.at) == (order.id, world.scope.org_id, started)
    assert (await world.reload(order)).status is Status.PENDING_BOX

    broken.clear()
    await world.settle()
    assert (await world.reload(order)).status is Status.PENDING_BOX
    await relay.release_event(world.db, parked.id)
    await world.settle()
    assert await relay.list_parked_events(world.db) == []
    assert (await world.history(order))[:2] == ["placed", "ship_box"]
    for event_id in (parked.id, 10**9):
        with pytest.raises(relay.EventNotParked):
            await relay.release_event(world.db, event_id)


async def test_the_pause_between_tries_doubles_up_to_ten_minutes(world, broken):
    world.expects_failures = True
    order = await world.order()
    broken.add(order.id)
    await world.report(await world.box(order), Tracking.IN_TRANSIT)
    pauses = []
    for _ in range(relay.MAX_ATTEMPTS):
        await world.relay()
        async with world.db.system() as reader:
            again_at = await reader.fetchval("SELECT max(next_attempt_at) FROM outbox")
        pauses.append(round((again_at - world.now).total_seconds()))
        world.clock.advance(again_at - world.now)
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]


async def test_two_processes_relay_a_busy_day_once(world):
    from backhaul.storage.connecting import DatabaseUrls, Session

    orders = [await world.place() for _ in range(12)]
    other = await Database.open(DatabaseUrls.single(world.url), Session(app_connections=4))
    try:
        rounds = [
            relay.relay_waiting(db, ports=world.ports, clock=world.clock)
            for _ in range(4)
            for db in (world.db, other)
        ]
        told = await asyncio.gather(*rounds)
    finally:
        await other.close()
    assert sum(told) == 12
    for order in orders:
        assert list(await world.parcels(order)) == [Leg.BOX, Leg.DEVICE]
    assert sorted(set(await world.jobs())) == ["billing.collect", "notify.send", "shipping.buy_label"]
    assert len(await world.jobs()) == 48
