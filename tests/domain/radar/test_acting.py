"""Taking care of an exception: acknowledged it is quiet, assigned it is somebody else's, and both can be looked up."""

import msgspec
import pytest
from tests.domain.radar.tower import DAY, HOUR

from backhaul.domain import radar
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import RIGHTS, Right, Role
from backhaul.domain.identity.queries import get_organization
from backhaul.domain.radar import ExceptionKind
from backhaul.domain.shipping.model import Fault, Tracking
from backhaul.domain.transfers.model import Status
from backhaul.domain.transfers.queries import list_recent
from backhaul.kernel.errors import InvalidInput


@pytest.fixture
async def stalled(tower):
    """An exception whose transfer goes on: a label that nobody used."""
    _, device = await tower.kept()
    return await tower.opens_at(device.ready_at + 7 * DAY)


@pytest.fixture
async def failed(tower):
    """One whose transfer is over: a box that was lost."""
    transfer = await tower.world.order(ticket_reference="sim-box-lost")
    await tower.world.live_until(transfer, Status.FAILED)
    await tower.look()
    return await tower.only()


async def acknowledge(tower, exception, note=None, actor=None):
    return await radar.acknowledge(
        tower.db, actor=actor or tower.actor, exception=exception.number, note=note, now=tower.now
    )


async def assign(tower, exception, owner, actor=None):
    return await radar.assign(
        tower.db, actor=actor or tower.actor, exception=exception.number, owner=owner, now=tower.now
    )


async def colleague(tower):
    async with tower.db.read(tower.world.scope) as reader:
        return await tower.world.make.member(await get_organization(reader, tower.world.scope))


async def test_an_acknowledged_exception_is_quiet_until_its_cause_goes(tower, stalled):
    after = await acknowledge(tower, stalled, "  Called them. ")
    assert (after.note, after.acknowledged_at) == ("Called them.", tower.now)
    assert after.acknowledged_by == f"user {tower.actor.user_id}"
    await tower.look_at(tower.now + DAY)
    assert await tower.open() == [after]
    assert await tower.open(is_acknowledged=False) == []
    assert await tower.open(is_acknowledged=True) == [after]
    await tower.report(await tower.world.device(await _transfer(tower)), Tracking.IN_TRANSIT)
    await tower.look()
    assert (await tower.ending(stalled))[1] == "gone"
    story = ["opened", "acknowledged", "closed"]
    assert await tower.story(stalled) == (story, [f"exception_{one}" for one in story])
    again = await tower.opens_at(tower.now + 5 * DAY)  # it changed, so it is nobody's yet
    assert again.acknowledged_at is None


async def _transfer(tower):
    (transfer,) = await list_recent(tower.db, actor=tower.actor)
    return transfer


async def test_acknowledging_it_twice_changes_nothing_and_another_note_does(tower, stalled):
    await acknowledge(tower, stalled, "Called.")
    before = await tower.traces()
    tower.world.clock.advance(DAY)
    await acknowledge(tower, stalled, "Called.")
    assert await tower.traces() == before
    assert (await acknowledge(tower, stalled, "Called again.")).note == "Called again."


async def test_what_cannot_go_by_itself_is_closed_by_whoever_took_care_of_it(tower, failed):
    after = await acknowledge(tower, failed, "Ordered again.")
    assert (after.closed_at, after.closed_because.value) == (tower.now, "acknowledged")
    assert await tower.story(failed) == (
        ["opened", "acknowledged"],
        ["exception_opened", "exception_closed"],
    )
    await tower.look_at(tower.now + DAY)
    assert await tower.open() == []
    before = await tower.traces()
    with pytest.raises(radar.ExceptionOver, match=r"was closed on \d{4}-\d\d-\d\d \(acknowledged\)"):
        await acknowledge(tower, failed, "Once more.")
    with pytest.raises(radar.ExceptionOver):
        await assign(tower, failed, tower.actor.user_email)
    assert await tower.traces() == before


async def test_it_is_opened_anew_when_the_parcel_changes(tower, failed):
    await acknowledge(tower, failed)
    box = await tower.world.box(await _transfer(tower))
    tower.world.clock.advance(HOUR)
    await tower.report(box, Tracking.IN_TRANSIT)  # it turned up …
    await tower.look()
    assert await tower.open() == []
    tower.world.clock.advance(HOUR)
    await tower.report(box, Tracking.FAILURE, fault=Fault.LOST)  # … and is lost again
    await tower.look()
    assert (await tower.only()).number > failed.number


async def test_an_exception_is_given_to_another_member(tower, stalled):
    other = await colleague(tower)
    after = await assign(tower, stalled, f" {other.user_email.upper()} ")
    assert (after.owner_id, after.owner_email) == (other.user_id, other.user_email)
    before = await tower.traces()
    await assign(tower, stalled, other.user_email)
    await tower.look_at(tower.now + DAY)
    assert await tower.traces() == before
    assert await tower.open(owner=other.user_email.upper()) == [after]
    assert await tower.open(owner=tower.actor.user_email) == []
    story = ["opened", "assigned"]
    assert await tower.story(stalled) == (story, [f"exception_{one}" for one in story])


async def test_a_stranger_is_no_owner(tower, stalled):
    stranger = (await tower.world.elsewhere()).actor
    before = await tower.traces()
    with pytest.raises(InvalidInput) as refused:
        await assign(tower, stalled, stranger.user_email)
    assert [(one.path, one.code) for one in refused.value.problems] == [("owner", "identity.not_a_member")]
    assert await tower.traces() == before


async def test_a_note_has_a_length(tower, stalled):
    before = await tower.traces()
    with pytest.raises(InvalidInput) as refused:
        await acknowledge(tower, stalled, "x" * 2001)
    assert [one.path for one in refused.value.problems] == ["note"]
    assert await tower.traces() == before
    assert len((await acknowledge(tower, stalled, "x" * 2000)).note) == 2000


async def test_who_may_only_read_sees_and_changes_nothing(tower, stalled):
    viewer = msgspec.structs.replace(tower.actor, rights=RIGHTS[Role.VIEWER])
    assert (await radar.get_exception(tower.db, actor=viewer, exception=stalled.number)).exception == stalled
    before = await tower.traces()
    with pytest.raises(RightMissing):
        await acknowledge(tower, stalled, actor=viewer)
    with pytest.raises(RightMissing):
        await assign(tower, stalled, tower.actor.user_email, actor=viewer)
    nobody = msgspec.structs.replace(tower.actor, rights=frozenset(Right) - {Right.TRANSFERS_READ})
    for asked in (
        radar.list_exceptions(tower.db, actor=nobody),
        radar.get_exception(tower.db, actor=nobody, exception=stalled.number),
        radar.count_open(tower.db, actor=nobody),
    ):
        with pytest.raises(RightMissing):
            await asked
    assert await tower.traces() == before


async def test_another_organization_neither_sees_nor_changes_it(tower, stalled):
    other = (await tower.world.elsewhere()).actor
    assert await radar.list_exceptions(tower.db, actor=other, is_open=None) == []
    assert set((await radar.count_open(tower.db, actor=other)).values()) == {0}
    before = await tower.traces()
    for refused in (
        radar.get_exception(tower.db, actor=other, exception=stalled.number),
        acknowledge(tower, stalled, actor=other),
        assign(tower, stalled, other.user_email, actor=other),
    ):
        with pytest.raises(radar.ExceptionUnknown):
            await refused
    assert await tower.traces() == before


@pytest.mark.parametrize("number", [0, -1, 2**63, 987_654_321])
async def test_a_number_that_nothing_has_is_unknown(tower, stalled, number):
    with pytest.raises(radar.ExceptionUnknown):
        await radar.get_exception(tower.db, actor=tower.actor, exception=number)
    with pytest.raises(radar.ExceptionUnknown):
        await acknowledge(tower, msgspec.structs.replace(stalled, number=number))


@pytest.mark.parametrize(("before", "count"), [(0, 0), (-(2**70), 0), (2**70, 1), (None, 1)])
async def test_a_list_begins_below_whatever_number_is_said(tower, stalled, before, count):
    assert stalled
    assert len(await radar.list_exceptions(tower.db, actor=tower.actor, before=before)) == count


async def test_lists_go_from_the_latest_and_by_kind(tower, failed):
    _, device = await tower.moving()
    tower.world.clock.advance(HOUR)
    await tower.report(device, Tracking.IN_TRANSIT, fault=Fault.BAD_ADDRESS)
    await tower.look()
    second, first = await tower.open()
    assert (first.number, second.kind) == (failed.number, ExceptionKind.ADDRESS_EXCEPTION)
    assert await tower.open(limit=1) == [second]
    assert await tower.open(limit=1, before=second.number) == [first]
    assert await tower.open(limit=1, before=first.number) == []
    assert await tower.open(kind=ExceptionKind.BOX_UNDELIVERABLE) == [first]
    counted = await radar.count_open(tower.db, actor=tower.actor)
    assert counted == dict.fromkeys(ExceptionKind, 0) | {first.kind: 1, second.kind: 1}
    closed = await acknowledge(tower, first)
    assert await tower.open() == [second]
    assert await tower.listed(is_open=False) == [closed]
    assert await tower.listed(is_open=None) == [second, closed]


async def snooze(tower, exception, until, actor=None):
    return await radar.snooze(
        tower.db, actor=actor or tower.actor, exception=exception.number, until=until, now=tower.now
    )


async def wake(tower, exception, actor=None):
    return await radar.wake(tower.db, actor=actor or tower.actor, exception=exception.number, now=tower.now)


async def needing(tower):
    return await tower.open(is_acknowledged=False, is_snoozed=False, now=tower.now)


async def test_a_snoozed_exception_comes_back_when_its_time_has_come(tower, stalled):
    await acknowledge(tower, stalled, "Called.")
    after = await snooze(tower, stalled, tower.now + 3 * DAY)
    assert (after.snoozed_until, after.snoozed_by) == (tower.now + 3 * DAY, f"user {tower.actor.user_id}")
    assert (after.acknowledged_at, after.acknowledged_by, after.note) == (None, None, "Called.")
    before = await tower.traces()
    assert await snooze(tower, stalled, tower.now + 3 * DAY) == after
    assert await tower.traces() == before
    await tower.look_at(tower.now + 2 * DAY)
    assert await needing(tower) == []
    assert await tower.open(is_snoozed=True, now=tower.now) == [after]
    await tower.look_at(tower.now + DAY)
    assert await needing(tower) == [after]
    assert await tower.open(is_snoozed=True, now=tower.now) == []


async def test_a_snoozed_exception_is_woken_or_taken_up_and_closes_when_its_cause_goes(tower, stalled):
    await snooze(tower, stalled, tower.now + 3 * DAY)
    woken = await wake(tower, stalled)
    assert (woken.snoozed_until, woken.snoozed_by) == (None, None)
    assert await needing(tower) == [woken]
    before = await tower.traces()
    assert await wake(tower, stalled) == woken
    assert await tower.traces() == before
    await snooze(tower, stalled, tower.now + 3 * DAY)
    assert (await acknowledge(tower, stalled)).snoozed_until is None
    await snooze(tower, stalled, tower.now + 3 * DAY)
    await tower.report(await tower.world.device(await _transfer(tower)), Tracking.IN_TRANSIT)
    await tower.look()
    assert (await tower.ending(stalled))[1] == "gone"
    story = ["opened", "snoozed", "woken", "snoozed", "acknowledged", "snoozed", "closed"]
    assert await tower.story(stalled) == (story, [f"exception_{one}" for one in story])
    for verb in (wake(tower, stalled), snooze(tower, stalled, tower.now + DAY)):
        with pytest.raises(radar.ExceptionOver):
            await verb


@pytest.mark.parametrize("days", [0, -1, 91])
async def test_an_exception_is_put_off_to_a_day_to_come_and_not_for_ever(tower, stalled, days):
    before = await tower.traces()
    with pytest.raises(InvalidInput):
        await snooze(tower, stalled, tower.now + days * DAY)
    assert await tower.traces() == before


async def test_only_who_may_change_transfers_puts_exceptions_off(tower, stalled):
    viewer = msgspec.structs.replace(tower.actor, rights=RIGHTS[Role.VIEWER])
    stranger = await tower.world.make.organization()
    before = await tower.traces()
    for actor, kind in ((viewer, RightMissing), (stranger, radar.ExceptionUnknown)):
        for verb in (
            snooze(tower, stalled, tower.now + DAY, actor=actor),
            wake(tower, stalled, actor=actor),
        ):
            with pytest.raises(kind):
                await verb
    assert await tower.traces() == before
