"""The ladder that every organization has: day 3, 6 and 9 after the box arrived."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")  # Pittsburgh


async def test_the_person_is_reminded_on_day_3_6_and_9_at_nine_and_never_again(bell):
    case = await bell.waiting()
    arrived = bell.now.astimezone(EASTERN).date()
    await bell.live(days=30)
    expected = [
        datetime.combine(arrived + timedelta(days=days), datetime.min.time(), EASTERN) + timedelta(hours=9)
        for days in (3, 6, 9)
    ]
    messages = await bell.messages()
    assert [m["decided_at"] for m in messages] == expected
    assert {m["recipient"] for m in messages} == {case.email}
    assert {m["template"] for m in messages} == {"recovery/reminder"}
    contacts = await bell.contacts(case)
    assert [(c.step, c.outcome.value, c.planned_at) for c in contacts] == [
        (f"day {days}", "sent", at) for days, at in zip((3, 6, 9), expected, strict=True)
    ]
    assert [c.decided_at for c in contacts] == expected
    assert await bell.next_at(case) is None
