"""What waits for the warehouse's estimate, of all its customers."""

from datetime import timedelta

import pytest

from backhaul.domain import reshipping
from backhaul.domain.identity import system_actor
from backhaul.domain.identity.errors import RightMissing


async def waiting(bench, **how):
    found = await reshipping.list_waiting(bench.db, actor=bench.operator, **how)
    return [one.number for one in found]


async def test_what_has_no_estimate_waits_until_it_is_quoted_deleted_or_expired(bench):
    await bench.fund()
    first = await bench.create(*await bench.lying(2))
    bench.world.clock.advance(timedelta(hours=1))
    second = await bench.create(*await bench.lying(2))
    third = await bench.create(*await bench.lying(3))
    await bench.create(*await bench.lying(1))  # quoted at once
    assert await waiting(bench) == [first.number, second.number, third.number]
    assert await waiting(bench, limit=1) == [first.number]
    await bench.quote(second.number, fee_minor=1420)
    await bench.delete(third.number)
    assert await waiting(bench) == [first.number]
    bench.world.clock.advance(first.expires_at - bench.now)
    await bench.expire()
    assert await waiting(bench) == []


async def test_the_list_is_the_operators_alone(bench):
    await bench.fund()
    await bench.create(*await bench.lying(2))
    for actor in (bench.customer, system_actor(bench.customer.org_id)):
        with pytest.raises(RightMissing):
            await reshipping.list_waiting(bench.db, actor=actor)
