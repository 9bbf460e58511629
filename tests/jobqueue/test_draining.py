import asyncio
from datetime import timedelta
from itertools import pairwise
from typing import Protocol

import pytest

from backhaul.jobqueue import Backoff, Retry, Run, declare, job, list_parked, periodic
from backhaul.jobqueue.draining import drain, run_periodics
from backhaul.kernel.errors import DomainError, Kind, Unavailable
from backhaul.kernel.ids import OrgId
from backhaul.storage.scope import Scope

DAY = timedelta(days=1)


class Refused(DomainError):
    code = "test.job_refused"
    kind = Kind.CONFLICT
    message = "It is {state}."


class Scale(Protocol):
    def grams(self) -> int: ...


class Kitchen:
    def grams(self) -> int:
        return 250


async def test_a_job_for_later_runs_when_the_clock_says_so(db, clock, scope, rows):
    ran = []

    @job("test.remind")
    async def remind(run: Run, *, org_id: OrgId, day: int) -> None:
        ran.append((day, run.now()))

    start = clock.now()
    async with db.transaction(scope) as tx:
        for day in (9, 3, 6):
            remind.enqueue(tx, day=day, at=start + day * DAY)
        remind.enqueue(tx, day=0)
    for _ in range(10):
        await drain(db, clock=clock, ports={})
        clock.advance(DAY)
    assert ran == [(day, start + day * DAY) for day in (0, 3, 6, 9)]
    assert await rows() == []


async def test_a_failing_job_is_retried_with_growing_delays_and_then_parked(db, clock, scope):
    ran = []

    @job("test.fail", retry=Backoff(attempts=4, first_seconds=60))
    async def fail(run: Run, *, org_id: OrgId) -> None:
        ran.append((run.attempt, run.now()))
        if run.attempt == 2:
            raise Unavailable(what="The carrier")
        raise RuntimeError("no luck")

    async with db.transaction(scope) as tx:
        fail.enqueue(tx)
    first = await drain(db, clock=clock, ports={})
    assert (first.retry, first.runs) == (1, 1)
    assert (await drain(db, clock=clock, ports={})).runs == 0, "its delay has not passed"
    for _ in range(20):
        clock.advance(timedelta(seconds=30))
        await drain(db, clock=clock, ports={})
    assert [attempt for attempt, _ in ran] == [1, 2, 3, 4]
    waits = [(later - sooner).total_seconds() for (_, sooner), (_, later) in pairwise(ran)]
    for wait, doubled in zip(waits, [60, 120, 240], strict=True):
        assert doubled * 0.75 <= wait <= doubled
    (parked,) = await list_parked(db)
    assert (parked.name, parked.attempts, parked.crashes) == ("test.fail", 4, 0)
    assert parked.reason == "RuntimeError: no luck"
    assert parked.arguments == {"org_id": str(scope.org_id)}


async def test_a_refusal_is_parked_at_once(db, clock, scope):
    @job("test.refuse")
    async def refuse(run: Run, *, org_id: OrgId) -> None:
        raise Refused(state="closed")

    async with db.transaction(scope) as tx:
        refuse.enqueue(tx)
    assert (await drain(db, clock=clock, ports={})).parked == 1
    (parked,) = await list_parked(db)
    assert parked.reason == "test.job_refused: It is closed."


async def test_a_job_may_say_itself_when_to_be_tried_again(db, clock, scope):
    ran = []

    @job("test.ask_later", retry=Backoff(attempts=3, first_seconds=9999))
    async def ask(run: Run, *, org_id: OrgId) -> None:
        ran.append(run.attempt)
        if run.attempt < 3:
            raise Retry(after_seconds=5, reason="not ready")

    async with db.transaction(scope) as tx:
        ask.enqueue(tx)
    for _ in range(3):
        await drain(db, clock=clock, ports={})
        clock.advance(timedelta(seconds=5))
    assert ran == [1, 2, 3]
    assert await list_parked(db) == []


async def test_a_cancellation_from_within_counts_as_a_failure(db, clock, scope):
    @job("test.cancel_itself", retry=Backoff(attempts=1))
    async def cancel_itself(run: Run, *, org_id: OrgId) -> None:
        raise asyncio.CancelledError

    async with db.transaction(scope) as tx:
        cancel_itself.enqueue(tx)
    assert (await drain(db, clock=clock, ports={})).parked == 1


async def test_arguments_that_no_longer_fit_park_the_job(db, clock, scope):
    @job("test.older")
    async def older(run: Run, *, org_id: OrgId, count: int) -> None: ...

    async with db.transaction(scope) as tx:
        older.enqueue(tx, count=1)
    async with db.system() as reader:
        await reader.execute("UPDATE jobs.pgqueuer SET payload = convert_to($1, 'UTF8')", '{"count": "x"}')
    assert (await drain(db, clock=clock, ports={})).parked == 1
    (parked,) = await list_parked(db)
    assert parked.reason.startswith("its arguments cannot be read")


async def test_a_job_reaches_what_was_wired_for_a_port(db, clock, scope):
    weighed = []

    @job("test.weigh")
    async def weigh(run: Run, *, org_id: OrgId) -> None:
        weighed.append(run.port(Scale).grams())

    async with db.transaction(scope) as tx:
        weigh.enqueue(tx)
    await drain(db, clock=clock, ports={Scale: Kitchen()})
    assert weighed == [250]


async def test_jobs_enqueued_by_jobs_run_too_unless_only_the_present_ones_are_wanted(db, clock, scope):
    ran = []

    @job("test.count_down")
    async def count_down(run: Run, *, org_id: OrgId, left: int) -> None:
        ran.append(left)
        if left:
            async with run.db.transaction(Scope(org_id)) as tx:
                count_down.enqueue(tx, left=left - 1)

    async with db.transaction(scope) as tx:
        count_down.enqueue(tx, left=3)
    await drain(db, clock=clock, ports={}, until_idle=False)
    assert ran == [3]
    await drain(db, clock=clock, ports={})
    assert ran == [3, 2, 1, 0]


async def test_jobs_that_enqueue_each_other_for_ever_are_stopped(db, clock, scope):
    @job("test.for_ever")
    async def for_ever(run: Run, *, org_id: OrgId) -> None:
        async with run.db.transaction(Scope(org_id)) as tx:
            for_ever.enqueue(tx)

    async with db.transaction(scope) as tx:
        for_ever.enqueue(tx)
    with pytest.raises(RuntimeError, match=r"still busy after 5 jobs; the last one was test\.for_ever"):
        await drain(db, clock=clock, ports={}, limit=5)


async def test_a_job_without_a_handler_in_this_process_waits_for_another(db, clock, scope, rows):
    elsewhere = declare("test.elsewhere")
    async with db.transaction(scope) as tx:
        elsewhere.enqueue(tx, anything=1)
    assert (await drain(db, clock=clock, ports={})).runs == 0
    (waiting,) = await rows()
    assert waiting["status"] == "queued"


async def test_periodic_jobs_can_be_run_by_hand(db, clock):
    ran = []

    @periodic("test.tick", every=DAY)
    async def tick(run: Run) -> None:
        ran.append(run.now())

    @periodic("test.fail_tick", every=DAY)
    async def fail(run: Run) -> None:
        raise RuntimeError("told, and the others go on")

    await run_periodics(db, clock=clock, ports={})
    assert ran == [clock.now()]
