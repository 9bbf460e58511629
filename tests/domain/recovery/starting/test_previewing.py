"""The calendar counts whoever was asked already from then, and everybody else from the start."""

from datetime import date

from tests.domain.recovery.starting.dawn import DAY, START

from backhaul.domain.recovery.reminding import Group, preview_campaign


async def calendar(dawn, **options):
    found = await preview_campaign(
        dawn.db, actor=dawn.actor, campaign_number=dawn.made.public_number, now=dawn.now, **options
    )
    return found, [(f"{one.local:%m-%d %H:%M}", one.anchor_on, one.people) for one in found.contacts]


async def test_it_is_what_happens_to_whoever_waits(dawn):
    ladder = await dawn.bell.ladder(("one", "case_opened", 1), ("two", "case_opened", 4))
    await dawn.campaign(ladder=ladder.name)
    case = await dawn.add()
    found, shown = await calendar(dawn)
    assert (found.opened_count, found.assumptions.starts_on) == (0, START)
    assert shown == [("05-12 09:00", START, 1), ("05-15 09:00", START, 1)]
    await dawn.passes(until=case.begins_at)
    await dawn.bell.live(days=6)
    assert [one.at for one in found.contacts] == [c.decided_at for c in await dawn.bell.contacts(case)]
    assert (await calendar(dawn))[1] == shown


async def test_people_asked_on_different_days_have_different_days(dawn):
    ladder = await dawn.bell.ladder(("one", "case_opened", 1), ("box", "box_delivered", 0))
    await dawn.campaign(ladder=ladder.name, starts_on=dawn.now.date())
    for _ in range(2):
        await dawn.add()
    dawn.world.clock.advance(2 * DAY)
    await dawn.add()
    found, shown = await calendar(dawn, joining=[Group(country_code="US", state="PA", people=5)])
    assert (found.opened_count, found.assumptions.starts_on) == (3, date(2026, 5, 6))
    assert shown == [
        ("05-05 09:00", date(2026, 5, 4), 2),
        ("05-07 09:00", date(2026, 5, 6), 6),
        ("05-09 12:00", date(2026, 5, 9), 2),
        ("05-11 12:00", date(2026, 5, 11), 6),
    ]


async def test_whoever_joins_a_waiting_campaign_counts_from_its_start(dawn):
    ladder = await dawn.bell.ladder(("one", "case_opened", 1))
    await dawn.campaign(ladder=ladder.name)
    _, shown = await calendar(dawn, joining=[Group(country_code="US", state="PA", people=5)])
    assert shown == [("05-12 09:00", START, 5)]
    dawn.world.clock.advance(30 * DAY)  # it started three weeks ago, with nobody in it
    _, shown = await calendar(dawn)
    assert [anchor for _, anchor, _ in shown] == [date(2026, 6, 3)]
