"""What a reshipment does with returns."""

import asyncio
from uuid import UUID

import pytest

from backhaul.domain import returns
from backhaul.kernel.errors import DomainError
from backhaul.storage.database import Scope

FIRST, SECOND = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize("status", ["processed", "verifying", "verified"])
async def test_taken_and_given_back_a_return_is_as_it_was(depot, status):
    one = await depot.parcel(status=status)
    (taken,) = await depot.take([one.number], FIRST)
    assert (taken.status, taken.reshipment_id) == ("reshipping", FIRST)
    assert await depot.reload(one) == taken
    (back,) = await depot.give_back(FIRST)
    assert (back.status, back.reshipment_id, back.status_before_reshipping) == (status, None, None)
    assert await depot.give_back(FIRST) == []


async def test_what_is_sent_stays_with_its_reshipment(depot):
    one = await depot.parcel(status="reshipped", reshipment_id=FIRST)
    assert (one.status, one.reshipment_id) == ("reshipped", FIRST)
    for step in (returns.give_back, returns.mark_reshipped):
        with pytest.raises(DomainError) as refused:
            async with depot.db.transaction(Scope(one.org_id)) as tx:
                await step(tx, FIRST, depot.now)
        assert refused.value.code == "returns.not_reshipping"
    assert await depot.reload(one) == one


@pytest.mark.parametrize("status", ["received", "reshipping", "reshipped", "discarded"])
async def test_one_that_cannot_go_keeps_all_of_them(depot, status):
    free = await depot.parcel()
    other = await depot.parcel(status=status, reshipment_id=SECOND)
    async with depot.refused("returns.not_reshippable"):
        await depot.take([free.number, other.number], FIRST)
    assert await depot.reload(free) == free


async def test_two_reshipments_want_the_same_returns_and_one_gets_them(depot):
    for _ in range(4):
        numbers = [(await depot.parcel()).number for _ in range(3)]
        results = await asyncio.gather(
            depot.take(numbers, FIRST), depot.take(numbers[::-1], SECOND), return_exceptions=True
        )
        assert sorted(type(one).__name__ for one in results) == ["NotReshippable", "list"]
        held = {(await depot.any_detail(number)).one.reshipment_id for number in numbers}
        assert len(held) == 1
        await depot.give_back(held.pop())


async def test_what_there_is_not_is_not_locked(depot):
    one = await depot.parcel()
    async with depot.db.transaction(Scope(depot.customer.org_id)) as tx:
        found = await returns.lock_many(tx, [one.number, one.number + 100])
    assert [each.number for each in found] == [one.number]
