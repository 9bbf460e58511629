"""Leaky buckets that every process shares: so many at once, so many for long."""

import asyncio
from datetime import timedelta

import pytest

from backhaul.storage import rate_limits
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database
from backhaul.storage.rate_limits import Bucket, RateLimited, take

FIVE = Bucket("five", 5, 0.5)


async def taken(db, clock, *buckets, times):
    """How many of so many requests found room."""
    passed = 0
    for _ in range(times):
        try:
            await take(db, *(buckets or (FIVE,)), now=clock.now())
            passed += 1
        except RateLimited:
            pass
    return passed


async def test_so_many_at_once_and_not_one_more(db, clock):
    assert await taken(db, clock, times=9) == 5
    with pytest.raises(RateLimited) as refused:
        await take(db, FIVE, now=clock.now())
    assert refused.value.data == {"retry_after_seconds": 2}


async def test_it_leaks_at_its_rate_and_refused_requests_add_nothing(db, clock):
    assert await taken(db, clock, times=50) == 5
    clock.advance(timedelta(seconds=4))
    assert await taken(db, clock, times=9) == 2
    clock.advance(timedelta(days=1))
    assert await taken(db, clock, times=9) == 5


async def test_who_waits_as_long_as_told_is_let_in(db, clock):
    await taken(db, clock, times=5)
    with pytest.raises(RateLimited) as refused:
        await take(db, FIVE, now=clock.now())
    clock.advance(timedelta(seconds=refused.value.data["retry_after_seconds"]))
    await take(db, FIVE, now=clock.now())


async def test_buckets_are_apart_and_the_fullest_decides(db, clock):
    other = Bucket("other", 2, 1)
    assert await taken(db, clock, FIVE, other, times=9) == 2
    assert await taken(db, clock, other, times=1) == 0
    assert await taken(db, clock, Bucket("third", 1, 1), times=3) == 1


async def test_a_clock_that_is_behind_lets_nothing_leak(db, clock):
    await taken(db, clock, times=5)
    with pytest.raises(RateLimited):
        await take(db, FIVE, now=clock.now() - timedelta(hours=1))
    with pytest.raises(RateLimited):
        await take(db, FIVE, now=clock.now())


async def test_processes_count_together_at_the_same_moment(db, database_url, clock):
    other = await Database.open(DatabaseUrls.single(database_url), Session(worker_connections=4))
    try:
        asked = [
            take(one, Bucket("a", 5, 0.5), Bucket("b", 50, 1), now=clock.now())
            for one in (db, other) for _ in range(10)
        ]  # fmt: skip
        done = await asyncio.gather(*asked, return_exceptions=True)
    finally:
        await other.close()
    assert [type(what) for what in done if isinstance(what, Exception)] == [RateLimited] * 15


async def test_buckets_that_are_empty_again_are_swept(db, clock):
    await taken(db, clock, times=5)
    await taken(db, clock, Bucket("slow", 5, 0.001), times=5)

    async def sweep():
        async with db.system_transaction() as tx:
            return await rate_limits.sweep(tx, now=clock.now())

    assert await sweep() == 0
    clock.advance(timedelta(seconds=11))
    assert await sweep() == 1
    clock.advance(timedelta(hours=2))
    assert await sweep() == 1
