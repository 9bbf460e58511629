"""Reminders on day 3, 6 and 9 after the box arrived, and the end of waiting on day 30 (contract §1.8)."""

from datetime import timedelta

import msgspec
from tests.domain.transfers.world import DAY

from backhaul.domain.shipping.model import Tracking
from backhaul.domain.transfers.model import Policy, Status
from backhaul.domain.transfers.operations import (
    give_up,
    mark_not_returned,
    mute_reminders,
    remind,
    schedule_pickup,
)
from backhaul.settings import Settings, TransferSettings

PERSON, OFFICE_MAIL = "christopher@home.example", "it@maas.example"


async def waiting(world, **changes):
    """A transfer whose sender has had the box since this moment and keeps the device."""
    order = await world.order(ticket_reference="sim-device-kept", **changes)
    await world.live_until(order, Status.PENDING_DEVICE)
    return order


async def reminded_on(world, order):
    """After how many days each reminder was written."""
    since = (await world.reload(order)).sender_ready_at
    messages = await world.messages(order)
    return [(m.decided_at - since) / DAY for m in messages if m.template == "transfers/reminder"]


async def test_the_sender_is_reminded_on_day_3_6_and_9_and_never_again(world):
    order = await waiting(world)
    ready_at = world.now
    await world.live(days=29)

    assert await reminded_on(world, order) == [3, 6, 9]
    assert [reader for letter, reader in await world.letters(order) if letter == "reminder"] == [PERSON] * 3
    waited = await world.reload(order)
    assert (waited.reminders_due, waited.next_reminder_at) == (3, None)
    assert waited.give_up_at == ready_at + 30 * DAY
    assert await world.history(waited) == ["placed", "ship_box", "deliver_box", *["reminded"] * 3]


async def test_a_reminder_comes_not_a_second_early(world):
    order = await waiting(world)
    world.clock.advance(3 * DAY - timedelta(seconds=1))
    await world.settle()
    assert await reminded_on(world, order) == []
    world.clock.advance(timedelta(seconds=1))
    await world.settle()
    assert await reminded_on(world, order) == [3]
    await world.settle()
    assert await reminded_on(world, order) == [3]


async def test_reminding_twice_at_once_writes_one_letter(world):
    order = await waiting(world)
    world.clock.advance(3 * DAY)
    for _ in range(2):
        await remind(world.db, scope=world.scope, transfer_id=order.id, policy=world.policy, now=world.now)
    assert await reminded_on(world, order) == [3]
    assert (await world.reload(order)).reminders_due == 1


async def test_steps_missed_while_no_worker_ran_are_one_reminder(world):
    order = await waiting(world)
    world.clock.advance(7 * DAY)
    await world.settle()
    assert await reminded_on(world, order) == [7]
    assert (await world.reload(order)).reminders_due == 2
    await world.live(days=3)
    assert await reminded_on(world, order) == [7, 9]


async def test_a_muted_transfer_is_passed_over_and_steps_missed_stay_missed(world):
    order = await waiting(world)
    muted = await mute_reminders(
        world.db, actor=world.actor, transfer_id=order.id, is_muted=True, now=world.now
    )
    assert muted.is_muted
    await world.live(days=7)
    assert await reminded_on(world, order) == []
    await mute_reminders(world.db, actor=world.actor, transfer_id=order.id, is_muted=False, now=world.now)
    await world.live(days=7)
    assert await reminded_on(world, order) == [9]
    history = await world.history(order)
    assert history[3:] == ["muted", "reminder_passed_over", "reminder_passed_over", "unmuted", "reminded"]
    assert [line["actor_kind"] for line in await world.changes("transfer", order.id)][3:] == [
        "user", "system", "system", "user", "system",
    ]  # fmt: skip


async def test_muting_what_is_muted_leaves_no_trace(world):
    order = await waiting(world)
    await mute_reminders(world.db, actor=world.actor, transfer_id=order.id, is_muted=True, now=world.now)
    before = await world.traces()
    await mute_reminders(world.db, actor=world.actor, transfer_id=order.id, is_muted=True, now=world.now)
    assert await world.traces() == before


async def test_nobody_is_reminded_while_a_pickup_is_pending(world):
    order = await waiting(world)
    on = next_weekday(world.now.date() + timedelta(days=6))
    await schedule_pickup(
        world.db, actor=world.actor, transfer_id=order.id, on_date=on, instructions=None, now=world.now
    )
    await world.live(days=6)
    assert await reminded_on(world, order) == []
    assert (await world.history(order))[-2:] == ["reminder_passed_over"] * 2


async def test_a_pickup_that_did_not_happen_does_not_silence_the_reminders_for_ever(world):
    order = await waiting(world)
    on = next_weekday(world.now.date() + timedelta(days=1))
    await schedule_pickup(
        world.db, actor=world.actor, transfer_id=order.id, on_date=on, instructions=None, now=world.now
    )
    await world.live(days=10)
    assert (await reminded_on(world, order))[-2:] == [6, 9]


async def test_nobody_is_reminded_of_a_device_that_moves(world):
    order = await waiting(world)
    await world.live(days=4)
    await world.report(await world.device(order), Tracking.IN_TRANSIT)
    await world.live(days=30)
    assert await reminded_on(world, order) == [3]
    moving = await world.reload(order)
    assert (moving.status, moving.next_reminder_at, moving.give_up_at) == (
        Status.DEVICE_IN_TRANSIT,
        None,
        None,
    )


async def test_nobody_is_reminded_of_a_device_whose_first_scan_is_not_told_yet(world):
    order = await waiting(world)
    world.clock.advance(3 * DAY)
    await world.report(await world.device(order), Tracking.IN_TRANSIT)
    await remind(world.db, scope=world.scope, transfer_id=order.id, policy=world.policy, now=world.now)
    assert await reminded_on(world, order) == []


async def test_after_30_days_the_device_counts_as_not_returned(world):
    order = await waiting(world)
    ready_at = world.now
    ended = await world.live_until(order, Status.NOT_RETURNED)
    assert world.now == ready_at + 30 * DAY
    assert (ended.give_up_at, ended.next_reminder_at) == (None, None)
    assert (await world.history(ended))[-1] == "given_up"
    assert (await world.letters(order))[-2:] == [
        ("failed", OFFICE_MAIL),
        ("failed", world.actor.user_email),
    ]
    assert "the time to send it is over" in await world.letter_text(order, "failed")
    assert await world.payments(order) == [("captured", 8500, 0)]


async def test_a_device_that_comes_after_all_completes_the_transfer(world):
    order = await waiting(world)
    await world.live_until(order, Status.NOT_RETURNED)
    device = await world.device(order)
    world.clock.advance(3 * DAY)
    await world.report(device, Tracking.IN_TRANSIT)
    await world.settle()
    world.clock.advance(DAY)
    await world.report(device, Tracking.DELIVERED)
    await world.settle()
    done = await world.reload(order)
    assert done.status is Status.COMPLETE
    assert (await world.history(done))[-3:] == ["given_up", "ship_device", "deliver_device"]
    assert [letter for letter, _ in await world.letters(order)][-4:] == [
        "device_shipped", "device_received_employee",
        "device_received_organization", "device_received_organization",
    ]  # fmt: skip


async def test_a_late_device_that_is_then_lost_is_told_of(world):
    order = await waiting(world)
    await world.live_until(order, Status.NOT_RETURNED)
    device = await world.device(order)
    for status in (Tracking.IN_TRANSIT, Tracking.FAILURE):
        world.clock.advance(DAY)
        await world.report(device, status)
        await world.settle()
    assert (await world.reload(order)).status is Status.FAILED
    assert [letter for letter, _ in await world.letters(order)].count("failed") == 4


async def test_giving_up_before_the_time_or_twice_changes_nothing(world):
    order = await waiting(world)
    world.clock.advance(30 * DAY - timedelta(seconds=1))
    await world.settle()
    before = await world.traces()
    await give_up(world.db, scope=world.scope, transfer_id=order.id, now=world.now)
    assert await world.traces() == before
    world.clock.advance(timedelta(seconds=1))
    for _ in range(2):
        await give_up(world.db, scope=world.scope, transfer_id=order.id, now=world.now)
    assert (await world.history(order)).count("given_up") == 1


async def test_a_person_may_give_up_earlier(world):
    order = await waiting(world)
    ended = await mark_not_returned(
        world.db, actor=world.actor, transfer_id=order.id, reason="the laptop was stolen", now=world.now
    )
    await world.settle()
    assert ended.status is Status.NOT_RETURNED
    assert "the laptop was stolen" in await world.letter_text(order, "failed")
    assert (await world.changes("transfer", order.id))[-1]["actor_kind"] == "user"


async def test_the_ladder_is_a_setting(world):
    settings = Settings(transfers=TransferSettings(reminder_days=(1, 2), give_up_days=4))
    world = await world.elsewhere(settings)
    order = await waiting(world)
    ready_at = world.now
    await world.live_until(order, Status.NOT_RETURNED)
    assert await reminded_on(world, order) == [1, 2]
    assert world.now == ready_at + 4 * DAY


async def test_a_ladder_that_was_shortened_meanwhile_ends_and_stops_nobody(world):
    order = await waiting(world)
    other = await waiting(world)
    await world.live(days=4)
    reminded = await reminded_on(world, other)
    shorter = msgspec.structs.replace(world.policy, reminder_days=())
    world.ports = {**world.ports, Policy: shorter}
    world.run = msgspec.structs.replace(world.run, ports=world.ports)
    await world.live(days=10)
    for transfer in (order, other):
        assert (await world.reload(transfer)).next_reminder_at is None
    assert await reminded_on(world, other) == reminded


async def test_what_one_transfer_cannot_have_the_others_still_get(world, monkeypatch):
    from backhaul.domain.transfers import jobs

    world.expects_failures = True
    broken, whole = await waiting(world), await waiting(world)

    def failing(take_step):
        async def step(db, *, transfer_id, **arguments):
            if transfer_id == broken.id:
                raise RuntimeError("no way")
            await take_step(db, transfer_id=transfer_id, **arguments)

        return step

    monkeypatch.setattr(jobs, "remind", failing(jobs.remind))
    monkeypatch.setattr(jobs, "give_up", failing(jobs.give_up))
    world.clock.advance(31 * DAY)
    await world.settle()
    assert (await world.reload(whole)).status is Status.NOT_RETURNED
    assert len(await reminded_on(world, whole)) > 0
    assert (await world.reload(broken)).status is Status.PENDING_DEVICE


def next_weekday(day):
    """The first possible pickup day from here; 25 May 2026 is a holiday no test reaches."""
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day
