"""A step is decided once: by two workers at once, after a failure, late, and when the ladder changes."""

import asyncio
from collections import Counter

import pytest
from tests.domain.recovery.reminding.bell import DAY, step

from backhaul.domain import ladders
from backhaul.domain.recovery.reminding import jobs
from backhaul.domain.recovery.reminding.operations import remind as reminding
from backhaul.jobqueue import PERIODICS
from backhaul.storage import leases
from backhaul.storage.database import OutcomeUnknown

STEPS = (("one", "case_opened", 1), ("two", "case_opened", 2), ("three", "case_opened", 3))


async def test_two_workers_at_once_write_one_message(bell):
    cases = [await bell.add(campaign=await bell.campaign(STEPS[0]))]
    cases += [await bell.add(campaign=await bell.desk.create(ladder="ours")) for _ in range(7)]
    await bell.look()
    bell.world.clock.advance(2 * DAY)
    await asyncio.gather(*(PERIODICS["recovery.remind_due"](bell.world.run) for _ in range(4)))
    messages = await bell.messages()
    assert Counter(m["subject_id"] for m in messages) == {case.id: 1 for case in cases}
    for case in cases:
        assert await bell.told(case) == [("one", "sent")]


async def test_looking_again_at_the_same_moment_changes_nothing(bell):
    case = await bell.add(campaign=await bell.campaign(STEPS[0]))
    await bell.live(days=1.5)
    before = await bell.desk.traces()
    await bell.remind(case)
    await bell.look()
    assert await bell.desk.traces() == before
    assert await bell.told(case) == [("one", "sent")]


async def test_steps_missed_together_are_one_message_and_the_others_are_kept_as_missed(bell):
    case = await bell.add(campaign=await bell.campaign(*STEPS))
    await bell.look()
    bell.world.clock.advance(10 * DAY)
    await bell.look()
    assert await bell.told(case) == [("one", "missed"), ("two", "missed"), ("three", "sent")]
    assert len(await bell.messages()) == 1


async def test_a_worker_that_comes_back_at_night_waits_for_the_morning(bell):
    rules = {
        "quiet_hours": ladders.QuietHours(start=step(STEPS[0]).at.replace(hour=20), end=step(STEPS[0]).at)
    }
    case = await bell.add(campaign=await bell.campaign(*STEPS, rules=rules))
    await bell.look()
    bell.world.clock.advance(1.5 * DAY)  # midnight in London, eight in the evening in Pittsburgh
    await bell.look()
    assert await bell.told(case) == []
    await bell.live(days=1)
    assert (await bell.told(case))[:2] == [("one", "missed"), ("two", "sent")]


async def test_a_failure_puts_one_case_off_and_the_others_are_served(bell, monkeypatch):
    bell.world.expects_failures = True
    campaign = await bell.campaign(STEPS[0])
    broken, whole = await bell.add(campaign=campaign), await bell.add(campaign=campaign)
    await bell.look()

    async def failing(tx, *, about, **letter):
        if about[1] == broken.id:
            raise RuntimeError("no way")
        return await decide(tx, about=about, **letter)

    decide = reminding.notify.decide
    monkeypatch.setattr(reminding.notify, "decide", failing)
    bell.world.clock.advance(2 * DAY)
    await bell.look()
    assert await bell.told(whole) == [("one", "sent")]
    assert await bell.told(broken) == []
    assert await bell.next_at(broken) == bell.now + jobs.PUT_OFF_FOR
    monkeypatch.undo()
    await bell.live(days=1)
    assert await bell.told(broken) == [("one", "sent")]


async def test_a_commit_whose_answer_was_lost_is_not_repeated(bell, monkeypatch):
    case = await bell.add(campaign=await bell.campaign(STEPS[0]))
    await bell.look()
    bell.world.clock.advance(2 * DAY)
    commit = leases.Transaction._commit

    async def lost(self):
        await commit(self)
        raise OutcomeUnknown

    monkeypatch.setattr(leases.Transaction, "_commit", lost)
    with pytest.raises(OutcomeUnknown):
        await bell.remind(case)
    monkeypatch.undo()
    await bell.look()
    assert await bell.told(case) == [("one", "sent")]
    assert len(await bell.messages()) == 1


async def test_what_happens_while_a_case_is_looked_at_is_not_forgotten(bell, monkeypatch):
    case = await bell.add(campaign=await bell.campaign(("one", "box_delivered", 1)))
    gather = reminding.tables.gather

    async def slow(tx, found):
        facts = await gather(tx, found)
        monkeypatch.undo()
        await bell.box(case)  # told by another worker after everything was read
        return facts

    monkeypatch.setattr(reminding.tables, "gather", slow)
    await bell.look()
    assert await bell.next_at(case) == bell.now
    await bell.live(days=2)
    assert await bell.told(case) == [("one", "sent")]


async def change(bell, *steps, version=1, **rules):
    policy = ladders.Policy(steps=tuple(map(step, steps)), **rules)
    return await ladders.change_ladder(
        bell.db, actor=bell.actor, name="ours", version=version, policy=policy, now=bell.now
    )


async def test_a_changed_ladder_is_followed_from_then_on(bell):
    case = await bell.add(campaign=await bell.campaign(*STEPS))
    await bell.live(days=1.5)
    await change(bell, ("one", "case_opened", 4), ("two", "case_opened", 5))
    await bell.live(days=10)
    told = [(c.step, (c.planned_at.date() - case.created_at.date()).days) for c in await bell.contacts(case)]
    assert told == [("one", 1), ("two", 5)]


async def test_a_step_that_comes_into_a_ladder_earlier_than_what_was_planned_is_taken_in_time(bell):
    case = await bell.add(campaign=await bell.campaign(("late", "case_opened", 20)))
    await bell.live(days=1)
    await change(bell, ("soon", "case_opened", 3), ("late", "case_opened", 20))
    await bell.live(days=5)
    assert await bell.told(case) == [("soon", "sent")]


async def test_campaigns_follow_the_ladder_they_were_made_with(bell):
    await bell.ladder(STEPS[0], name="first")
    await bell.ladder(STEPS[1], name="second")
    plain = await bell.add(campaign=await bell.desk.create())
    await ladders.choose_default(bell.db, actor=bell.actor, name="first", now=bell.now)
    by_default = await bell.add(campaign=await bell.desk.create())
    await ladders.choose_default(bell.db, actor=bell.actor, name="second", now=bell.now)
    by_name = await bell.add(campaign=await bell.desk.create(ladder="SECOND"))
    built_in = await bell.add(campaign=await bell.desk.create(ladder="built-in"))
    await bell.live(days=5)
    told = [await bell.told(case) for case in (plain, by_default, by_name, built_in)]
    assert told == [[], [("one", "sent")], [("two", "sent")], []]


async def test_a_campaign_with_an_unknown_ladder_is_not_made(bell):
    async with bell.desk.refuses(ladders.LadderUnknown):
        await bell.desk.create(ladder="nobody's")
