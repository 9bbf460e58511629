import asyncio
from datetime import timedelta

from backhaul.jobqueue import Run, periodic


async def test_two_workers_run_each_turn_once(working, until):
    started, overlaps, now_running = [], 0, 0

    @periodic("test.turn", every=timedelta(seconds=0.2))
    async def turn(run: Run) -> None:
        nonlocal overlaps, now_running
        overlaps += now_running
        now_running += 1
        started.append(asyncio.get_running_loop().time())
        await asyncio.sleep(0.02)
        now_running -= 1

    async with working(), working():
        await until(lambda: len(started) >= 8)
    assert overlaps == 0
    # Two workers that each ran every turn would have run twice as many; a slow machine can only run fewer.
    assert len(started) <= (started[-1] - started[0]) / 0.2 + 2


async def test_a_turn_longer_than_the_interval_and_the_lease_is_not_run_beside_itself(working, until):
    turns, overlaps, now_running = 0, 0, 0

    @periodic("test.long_turn", every=timedelta(seconds=0.1))
    async def long_turn(run: Run) -> None:
        nonlocal turns, overlaps, now_running
        overlaps += now_running
        now_running += 1
        await asyncio.sleep(1.0)
        now_running -= 1
        turns += 1

    settings = {"heartbeat_timeout_seconds": 0.4}
    async with working(**settings), working(**settings):
        await until(lambda: turns == 2)
    assert overlaps == 0


async def test_a_failed_turn_is_followed_by_the_next(working, until):
    turns = 0

    @periodic("test.failing_turn", every=timedelta(seconds=0.05))
    async def failing(run: Run) -> None:
        nonlocal turns
        turns += 1
        raise RuntimeError("bad luck")

    async with working():
        await until(lambda: turns >= 3)


async def test_the_turn_of_a_dead_worker_is_taken_over_when_its_lease_has_run_out(db, working, until):
    ran = []

    @periodic("test.orphan_turn", every=timedelta(minutes=1))
    async def orphan(run: Run) -> None:
        ran.append(1)

    async with db.system() as reader:
        await reader.execute(
            "INSERT INTO jobs.periodic (name, next_at, holder, held_until) "
            "VALUES ('test.orphan_turn', now(), gen_random_uuid(), now() + $1::interval)",
            timedelta(seconds=0.5),
        )
    async with working():
        assert 0.3 < await until(lambda: ran) < 2
