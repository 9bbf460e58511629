"""A bucket says how full it is, to whoever is let through."""

import asyncio
from datetime import timedelta

import pytest

from backhaul.storage.rate_limits import Bucket, RateLimited, take

SMALL = Bucket(key="small", capacity=3, per_second=0.5)


async def test_every_request_is_told_the_level_it_made(db, clock):
    assert [await take(db, SMALL, now=clock.now()) for _ in range(3)] == [{"small": n} for n in (1, 2, 3)]
    with pytest.raises(RateLimited) as refused:
        await take(db, SMALL, now=clock.now())
    assert refused.value.data == {"retry_after_seconds": 2}
    clock.advance(timedelta(seconds=3))
    assert await take(db, SMALL, now=clock.now()) == {"small": 2.5}


async def test_a_refused_request_adds_nothing(db, clock):
    for _ in range(10):
        await asyncio.gather(*(take(db, SMALL, now=clock.now()) for _ in range(4)), return_exceptions=True)
    clock.advance(timedelta(seconds=2))
    assert await take(db, SMALL, now=clock.now()) == {"small": 3}


async def test_many_at_once_are_never_more_than_it_holds(db, clock):
    big = Bucket(key="big", capacity=30, per_second=2)
    results = await asyncio.gather(
        *(take(db, big, now=clock.now()) for _ in range(80)), return_exceptions=True
    )
    levels = sorted(result["big"] for result in results if isinstance(result, dict))
    assert levels == list(range(1, 31))
    assert sum(isinstance(result, RateLimited) for result in results) == 50


async def test_a_clock_that_is_behind_lets_nothing_leak(db, clock):
    await take(db, SMALL, now=clock.now())
    assert await take(db, SMALL, now=clock.now() - timedelta(hours=1)) == {"small": 2}
    assert await take(db, SMALL, now=clock.now()) == {"small": 3}
