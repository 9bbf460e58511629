"""On the start day every case that waits begins, exactly once, whoever looks and whoever is killed."""

import asyncio
import contextlib
from datetime import UTC, datetime

from tests.domain.recovery.starting.dawn import DAY, HOUR, SECOND, START

from backhaul.domain.recovery.starting import begin_cases, tables
from backhaul.domain.recovery.starting.jobs import PUT_OFF_FOR
from backhaul.domain.recovery.starting.operations.begin import AT_ONCE
from backhaul.jobqueue import PERIODICS
from backhaul.storage import leases
from backhaul.storage.database import OutcomeUnknown

MIDNIGHT = datetime(2026, 5, 11, 7, tzinfo=UTC)  # in Arizona


async def test_the_day_begins_where_things_are_returned_to(dawn):
    case = await dawn.add()
    assert case.begins_at == MIDNIGHT
    await dawn.passes(until=MIDNIGHT - SECOND)
    assert await dawn.reached() == {}
    await dawn.passes(seconds=1)
    assert await dawn.invited() == {case.email: MIDNIGHT}
    assert [t.employee_address.city for t in await dawn.desk.transfers(case)] == ["Pittsburgh"]
    began = (await dawn.desk.look(case)).case
    assert (began.begins_at, began.begun_at, began.opened_at) == (None, MIDNIGHT, MIDNIGHT)
    assert began.version == 2
    assert (await dawn.past(case))[:2] == ["added", "begun"]


async def test_reminders_are_counted_from_the_beginning(dawn):
    await dawn.campaign(
        ladder=(await dawn.bell.ladder(("at once", "case_opened", 0), ("later", "case_opened", 2))).name
    )
    case = await dawn.add()
    await dawn.passes(until=MIDNIGHT)
    await dawn.bell.live(days=4)
    at = [(one.step, one.anchor_at, one.planned_at) for one in await dawn.bell.contacts(case)]
    nine = MIDNIGHT + 6 * HOUR  # in Pittsburgh
    assert at == [("at once", MIDNIGHT, nine), ("later", MIDNIGHT, nine + 2 * DAY)]


async def test_several_processes_at_once_begin_each_case_once(dawn):
    cases = [await dawn.add() for _ in range(30)]
    dawn.world.clock.advance(MIDNIGHT - dawn.now)
    given = {"scope": dawn.world.scope, "campaign_id": dawn.made.id, "now": dawn.now, "limit": 7}
    begun = await asyncio.gather(
        *(begin_cases(dawn.db, **given) for _ in range(8)),
        *(PERIODICS["recovery.begin_due"](dawn.world.run) for _ in range(3)),
    )
    await dawn.begins()
    assert sum(count for count in begun if count is not None) <= len(cases)
    assert await dawn.opened() == sorted(str(case.id) for case in cases)
    await dawn.works()
    assert set(await dawn.invited()) == {case.email for case in cases}
    assert (await dawn.reached())["transfers"] == len(cases)
    assert [await dawn.past(case) for case in cases] == [["added", "begun"]] * len(cases)


async def test_more_than_one_transaction_takes_begin_in_one_round(dawn):
    cases = [await dawn.add() for _ in range(AT_ONCE + 1)]
    dawn.world.clock.advance(MIDNIGHT - dawn.now)
    await dawn.begins()
    assert await dawn.opened() == sorted(str(case.id) for case in cases)


async def test_a_commit_of_which_nobody_knows_is_repeated_without_harm(dawn, monkeypatch):
    case = await dawn.add()
    dawn.world.clock.advance(MIDNIGHT - dawn.now)
    commit = leases.Transaction._commit

    async def lost(self):
        await commit(self)
        raise OutcomeUnknown

    given = {"scope": dawn.world.scope, "campaign_id": dawn.made.id, "now": dawn.now}
    with monkeypatch.context() as broken:
        broken.setattr(leases.Transaction, "_commit", lost)
        with contextlib.suppress(OutcomeUnknown):
            await begin_cases(dawn.db, **given)
    assert await begin_cases(dawn.db, **given) == 0
    assert await dawn.opened() == [str(case.id)]


async def test_a_campaign_that_fails_keeps_no_other_waiting(dawn, monkeypatch):
    broken, case = dawn.made, await dawn.add()
    await dawn.campaign(starts_on=START + DAY)
    other = await dawn.add()

    async def fails_for_one(db, *, campaign_id, **given):
        if campaign_id == broken.id:
            raise RuntimeError
        return await begin_cases(db, campaign_id=campaign_id, **given)

    dawn.world.expects_failures = True
    dawn.world.clock.advance(8 * DAY)
    with monkeypatch.context() as patched:
        patched.setattr("backhaul.domain.recovery.starting.jobs.begin_cases", fails_for_one)
        await dawn.begins()
    assert await dawn.opened() == [str(other.id)]
    await dawn.passes(seconds=PUT_OFF_FOR.total_seconds())
    assert await dawn.opened() == sorted([str(case.id), str(other.id)])


async def test_a_case_that_fails_is_put_off_and_keeps_its_campaign_not_waiting(dawn, monkeypatch):
    good, bad, last = [await dawn.add() for _ in range(3)]
    begin = tables.begin

    def fails_for_one(tx, case):
        if case.id == bad.id:
            raise RuntimeError
        begin(tx, case)

    dawn.world.expects_failures = True
    dawn.world.clock.advance(MIDNIGHT - dawn.now)
    with monkeypatch.context() as patched:
        patched.setattr(tables, "begin", fails_for_one)
        await dawn.begins()
        assert await dawn.opened() == sorted([str(good.id), str(last.id)])
        async with dawn.db.system() as reader:
            assert await tables.due(reader, now=dawn.now, limit=1) == []
    waiting = (await dawn.desk.look(bad)).case
    assert (waiting.begins_at, waiting.version) == (MIDNIGHT + PUT_OFF_FOR, bad.version)
    assert await dawn.past(bad) == ["added"]
    await dawn.passes(until=MIDNIGHT + PUT_OFF_FOR)
    assert await dawn.opened() == sorted(str(case.id) for case in (good, bad, last))


async def test_more_than_one_transaction_takes_begin_one_by_one_too(dawn, monkeypatch):
    cases = [await dawn.add() for _ in range(AT_ONCE + 1)]

    async def fails_together(db, *, only=None, **given):
        if only is None:
            raise RuntimeError
        return await begin_cases(db, only=only, **given)

    dawn.world.expects_failures = True
    dawn.world.clock.advance(MIDNIGHT - dawn.now)
    monkeypatch.setattr("backhaul.domain.recovery.starting.jobs.begin_cases", fails_together)
    await dawn.begins()
    assert await dawn.opened() == sorted(str(case.id) for case in cases)
