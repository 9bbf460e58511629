"""The start may be moved, or come now, until its day; afterwards it stays."""

from datetime import date

import pytest
from tests.domain.recovery.starting.dawn import DAY, START

from backhaul.domain.identity import Role, find_organization
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.recovery.errors import CampaignMoveRefused, CampaignUnknown
from backhaul.domain.recovery.operations import complete_campaign
from backhaul.domain.recovery.starting import CampaignBegun, start_campaign
from backhaul.kernel.errors import InvalidInput

TODAY = date(2026, 5, 4)


async def test_now_is_today_where_things_are_returned_to_and_asks_whoever_waits(dawn):
    case = await dawn.add()
    after = await dawn.starts()
    assert (after.starts_on, after.version) == (TODAY, 2)
    assert await dawn.reached() == {}
    await dawn.works()
    assert await dawn.invited() == {case.email: dawn.now}
    changes = await dawn.world.changes("recovery_campaign", dawn.made.id)
    (line,) = [one for one in changes if one["action"] == "start_changed"]
    assert (line["actor_kind"], line["change"]["starts_on"]) == (
        dawn.actor.author.kind, [START.isoformat(), TODAY.isoformat()],
    )  # fmt: skip


async def test_an_earlier_day_is_obeyed(dawn):
    case = await dawn.add()
    await dawn.starts(START - 4 * DAY)
    await dawn.passes(days=3)
    assert await dawn.invited() == {case.email: dawn.now}


async def test_a_later_day_is_obeyed_by_whoever_waits_and_whoever_is_added_then(dawn):
    before = await dawn.add()
    await dawn.starts(START + 10 * DAY)
    after = await dawn.add()
    await dawn.passes(days=16)
    assert await dawn.reached() == {}
    await dawn.passes(days=1)
    assert set(await dawn.invited()) == {before.email, after.email}


async def test_the_day_it_has_already_changes_nothing(dawn):
    before = await dawn.desk.traces()
    assert await dawn.starts(START) == dawn.made
    assert await dawn.desk.traces() == before


async def test_once_it_has_begun_the_start_stays(dawn):
    await dawn.passes(days=8)
    async with dawn.desk.refuses(CampaignBegun) as refused:
        await dawn.starts(START + 30 * DAY)
    assert refused.value.text.startswith(f"Campaign {dawn.made.name} began on {START}, so its start stays")
    async with dawn.desk.refuses(CampaignBegun):
        await dawn.starts()


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (TODAY - DAY, "recovery.start_over"),
        (date(2026, 6, 2), "recovery.deadline_order"),
        (date(9999, 12, 31), "recovery.start_too_late"),
    ],
)
async def test_a_day_that_cannot_be_is_refused(dawn, on, code):
    await dawn.campaign(deadline_on=date(2026, 6, 1))
    async with dawn.desk.refuses(InvalidInput) as refused:
        await dawn.starts(on)
    assert [(one.path, one.code) for one in refused.value.problems] == [
        ("deadline_on" if code == "recovery.deadline_order" else "starts_on", code)
    ]


async def test_a_start_no_calendar_reaches_is_refused_from_the_first(dawn):
    async with dawn.desk.refuses(InvalidInput) as refused:
        await dawn.campaign(starts_on=date(9999, 12, 31))
    assert [one.code for one in refused.value.problems] == ["recovery.start_too_late"]


async def test_a_completed_and_an_unknown_campaign_are_refused(dawn):
    number = dawn.made.public_number
    await complete_campaign(dawn.db, actor=dawn.actor, campaign_number=number, now=dawn.now)
    async with dawn.desk.refuses(CampaignMoveRefused):
        await dawn.starts()
    async with dawn.desk.refuses(CampaignUnknown):
        await start_campaign(dawn.db, actor=dawn.actor, campaign_number="17778888991001", now=dawn.now)


async def test_another_organization_and_whoever_lacks_the_right_are_refused(dawn):
    stranger = await dawn.world.make.organization()
    async with dawn.desk.refuses(CampaignUnknown):
        await start_campaign(dawn.db, actor=stranger, campaign_number=dawn.made.public_number, now=dawn.now)
    own = await find_organization(dawn.db, name=str(dawn.actor.org_id))
    viewer = await dawn.world.make.member(own, role=Role.VIEWER)
    async with dawn.desk.refuses(RightMissing):
        await start_campaign(dawn.db, actor=viewer, campaign_number=dawn.made.public_number, now=dawn.now)
