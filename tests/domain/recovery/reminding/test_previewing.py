"""The calendar before anything has happened."""

from datetime import date, timedelta

import pytest
from tests.domain.recovery.desk import HOME

from backhaul.domain import ladders
from backhaul.domain.directory import PostalAddress
from backhaul.domain.recovery import reminding
from backhaul.domain.recovery.errors import CampaignUnknown
from backhaul.domain.recovery.reminding import Assumptions

BERLIN = PostalAddress(
    line_1="Torstraße 1", city="Berlin", state=None, postal_code="10119", country_code="DE"
)
DAY = timedelta(days=1)


async def preview(bell, campaign, **options):
    found = await reminding.preview_campaign(
        bell.db, actor=bell.actor, campaign_number=campaign.public_number, now=bell.now, **options
    )
    return found, [
        (f"{one.local:%m-%d %H:%M}", one.zone_name, one.step.name, one.people) for one in found.contacts
    ]


async def test_a_campaign_shows_its_calendar_for_the_people_in_it(bell):
    to_it = {"audience": "it", "template": "recovery/escalation"}
    campaign = await bell.campaign(
        ("reminder", "box_delivered", 3),
        ("escalation", "case_opened", 7, to_it),
        ("last", "deadline", -1, {"template": "recovery/deadline"}),
        deadline_on=bell.now.date() + 20 * DAY,
    )
    for address in (HOME, HOME, BERLIN):
        await bell.desk.add(campaign=campaign, address=address)
    _, shown = await preview(bell, campaign, box_after_days=4)
    assert shown == [
        ("05-11 09:00", "Europe/Berlin", "reminder", 1),
        ("05-11 09:00", "America/New_York", "reminder", 2),
        ("05-11 09:00", "America/Phoenix", "escalation", 3),
        ("05-23 09:00", "Europe/Berlin", "last", 1),
        ("05-23 09:00", "America/New_York", "last", 2),
    ]


async def test_what_would_be_passed_over_because_it_is_too_late_is_not_shown(bell):
    campaign = await bell.campaign(
        ("five days before", "deadline", -5),
        ("the day before", "deadline", -1),
        deadline_on=bell.now.date() + 3 * DAY,
    )
    case = await bell.add(campaign=campaign)
    _, shown = await preview(bell, campaign)
    assert shown == [("05-06 09:00", "America/New_York", "the day before", 1)]
    await bell.live(days=6)
    assert await bell.told(case) == [("five days before", "before_opening"), ("the day before", "sent")]


async def test_the_preview_is_what_happens(bell):
    campaign = await bell.campaign(("one", "case_opened", 1), ("two", "case_opened", 4))
    case = await bell.add(campaign=campaign)
    found, _ = await preview(bell, campaign)
    await bell.live(days=6)
    assert [one.at for one in found.contacts] == [c.decided_at for c in await bell.contacts(case)]


async def test_before_anybody_is_added_it_is_one_person_in_the_campaigns_country(bell):
    found, shown = await preview(bell, bell.desk.campaign)
    assert found.ladder == "built-in"
    assert shown == [(f"05-{9 + days:02} 09:00", "America/New_York", f"day {days}", 1) for days in (3, 6, 9)]


async def test_a_ladder_shows_its_calendar_without_a_campaign(bell):
    await bell.ladder(("one", "case_opened", 2), ("never", "deadline", 0))
    starts = Assumptions(starts_on=date(2026, 7, 1))

    async def of(name, **options):
        found = await reminding.preview_ladder(
            bell.db, actor=bell.actor, name=name, assumptions=starts, country_code="DE", people=40, **options
        )
        return found.ladder, [(f"{one.local:%m-%d %H:%M}", one.people) for one in found.contacts]

    assert await of("OURS") == ("ours", [("07-03 09:00", 40)])
    assert (await of(None))[0] == (await of("built-in"))[0] == "built-in"
    await ladders.choose_default(bell.db, actor=bell.actor, name="ours", now=bell.now)
    assert (await of(None))[0] == "ours"
    with pytest.raises(ladders.LadderUnknown):
        await of("nobody's")


@pytest.mark.parametrize("number", ["1", "17778888991001", "x"])
async def test_an_unknown_campaign_has_no_calendar(bell, number):
    with pytest.raises(CampaignUnknown):
        await reminding.preview_campaign(bell.db, actor=bell.actor, campaign_number=number, now=bell.now)
