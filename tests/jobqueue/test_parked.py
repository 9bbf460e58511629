import pytest

from backhaul.jobqueue import (
    Backoff,
    Count,
    JobNotParked,
    Run,
    counts,
    discard_parked,
    job,
    list_parked,
    release,
)
from backhaul.jobqueue.draining import drain
from backhaul.kernel.ids import OrgId, new_id
from backhaul.storage.scope import Scope


@pytest.fixture
def fragile():
    """A job that fails its only attempt as long as `is_broken` is set."""

    class State:
        is_broken = True
        runs = 0

    state = State()

    @job("test.fragile", retry=Backoff(attempts=1))
    async def fragile(run: Run, *, org_id: OrgId) -> None:
        state.runs += 1
        if state.is_broken:
            raise RuntimeError("broken")

    state.job = fragile
    return state


async def park(db, clock, scope, fragile, key=None):
    async with db.transaction(scope) as tx:
        fragile.job.enqueue(tx, key=key)
    await drain(db, clock=clock, ports={})
    return (await list_parked(db))[0]


async def test_a_released_job_runs_again_with_all_its_attempts(db, clock, scope, fragile, rows):
    parked = await park(db, clock, scope, fragile)
    fragile.is_broken = False
    await release(db, parked.id)
    assert await list_parked(db) == []
    await drain(db, clock=clock, ports={})
    assert fragile.runs == 2
    assert await rows() == []


async def test_a_job_can_be_released_although_another_one_of_its_key_waits(db, clock, scope, fragile):
    parked = await park(db, clock, scope, fragile, key="same")
    async with db.transaction(scope) as tx:
        fragile.job.enqueue(tx, key="same")
    await release(db, parked.id)
    fragile.is_broken = False
    await drain(db, clock=clock, ports={})
    assert fragile.runs == 3


async def test_parked_jobs_are_listed_by_organization(db, clock, scope, fragile):
    other = Scope(OrgId(new_id()))
    mine = await park(db, clock, scope, fragile)
    theirs = await park(db, clock, other, fragile)
    assert [found.id for found in await list_parked(db)] == [theirs.id, mine.id]
    assert [found.id for found in await list_parked(db, scope.org_id)] == [mine.id]


async def test_a_discarded_job_is_gone(db, clock, scope, fragile, rows):
    parked = await park(db, clock, scope, fragile)
    await discard_parked(db, parked.id)
    assert await rows() == []


async def test_what_is_not_parked_is_neither_released_nor_discarded(db, scope, fragile, rows):
    async with db.transaction(scope) as tx:
        fragile.job.enqueue(tx)
    (waiting,) = await rows()
    for change in (release, discard_parked):
        with pytest.raises(JobNotParked):
            await change(db, waiting["id"])
    assert await rows() == [waiting]


async def test_jobs_are_counted_by_name(db, clock, scope, fragile):
    await park(db, clock, scope, fragile)
    async with db.transaction(scope) as tx:
        fragile.job.enqueue(tx)
        fragile.job.enqueue(tx)
    assert await counts(db) == [Count(name="test.fragile", waiting=2, running=0, parked=1)]
