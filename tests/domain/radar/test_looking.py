"""The periodic job: bounded, for every organization, on any number of workers."""

import asyncio
from datetime import timedelta

from structlog.testing import capture_logs
from tests.domain.radar.tower import DAY, Tower

from backhaul.domain.radar import jobs, look_at
from backhaul.domain.transfers.operations import cancel_transfer
from backhaul.settings import Settings, TransferSettings

STALLED = "sim-box-kept"


async def stall(tower, count):
    """Boxes that nobody hands over."""
    return [await tower.world.order(ticket_reference=STALLED) for _ in range(count)]


async def numbers(tower):
    return [one.number for one in await tower.open()]


async def test_two_workers_that_look_at_once_open_and_close_each_exception_once(tower):
    transfers = await stall(tower, 5)
    tower.world.clock.advance(7 * DAY)
    parcels = [(await tower.world.box(transfer)).id for transfer in transfers]

    async def look():
        await look_at(
            tower.db, scope=tower.world.scope, shipment_ids=parcels, policy=tower.policy, now=tower.now
        )

    await asyncio.gather(*(look() for _ in range(6)))
    opened = await tower.open()
    assert len(opened) == 5
    for transfer in transfers:
        await cancel_transfer(
            tower.db, actor=tower.actor, transfer_id=transfer.id, reason=None, now=tower.now
        )
    await asyncio.gather(*(look() for _ in range(6)))
    assert await tower.open() == []
    for exception in opened:
        assert await tower.story(exception) == (
            ["opened", "closed"],
            ["exception_opened", "exception_closed"],
        )


async def test_an_organization_that_fails_keeps_no_other_waiting(tower, monkeypatch):
    world, other = tower.world, Tower(await tower.world.elsewhere())
    await stall(tower, 1)
    await stall(other, 1)
    world.clock.advance(7 * DAY)

    async def fail_for_one(db, *, scope, **how):
        if scope == world.scope:
            raise RuntimeError("a defect")
        await look_at(db, scope=scope, **how)

    monkeypatch.setattr(jobs, "look_at", fail_for_one)
    with capture_logs() as logs:
        await tower.look()
    assert [line["event"] for line in logs] == ["look failed"]
    assert len(await other.open()) == 1
    assert await tower.open() == []
    monkeypatch.undo()
    await tower.look()
    assert len(await tower.open()) == 1


async def test_a_round_is_bounded_and_takes_some_of_everybodys(tower, monkeypatch):
    other = Tower(await tower.world.elsewhere())
    await stall(tower, 3)
    await stall(other, 1)
    tower.world.clock.advance(7 * DAY)
    monkeypatch.setattr(jobs, "PER_ROUND", 2)
    await tower.look()
    assert (len(await numbers(tower)), len(await numbers(other))) == (1, 1)
    await tower.look()
    assert (len(await numbers(tower)), len(await numbers(other))) == (3, 1)


async def test_nothing_to_look_at_writes_nothing(tower):
    await tower.world.order()
    before = await tower.traces()
    await tower.look()
    assert await tower.traces() == before


async def test_a_demonstrations_days_are_as_short_as_its_reminders(world):
    tower = Tower(await world.elsewhere(Settings(transfers=TransferSettings(day_seconds=2.0))))
    await stall(tower, 1)
    await tower.look_at(tower.now + timedelta(seconds=13))
    assert await tower.open() == []
    await tower.look_at(tower.now + timedelta(seconds=1))
    found = await tower.only()
    assert found.due_at == found.opened_at + timedelta(seconds=4)
