"""When a step falls due: by the recipient's clock, never at night or on a weekend where the ladder says so."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backhaul.domain.ladders import BUILT_IN, Anchor, Place, Policy, QuietHours, Step, Weekends, place_of
from backhaul.domain.ladders.calendar import allowed_from, is_quiet, planned_at

BERLIN, NEW_YORK = place_of("DE"), place_of("US", "NY")
ZONES = (
    "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns",
    "Asia/Riyadh", "Africa/Casablanca", "UTC",
)  # fmt: skip
WEEKENDS = (frozenset({5, 6}), frozenset({4, 5}), frozenset({4}))


def policy(step, **rules):
    return Policy(steps=(step,), **rules)


def step(days=3, at=time(9), anchor=Anchor.BOX_DELIVERED):
    return Step(name="one", anchor=anchor, offset_days=days, at=at)


def local(at, place):
    return at.astimezone(place.zone).replace(tzinfo=None)


def shown(at, place):
    return f"{local(at, place):%Y-%m-%d %H:%M}"


def test_the_built_in_ladder_is_day_3_6_and_9_at_nine():
    delivered = datetime(2026, 5, 7, 2, 30, tzinfo=UTC)  # still the 6th in New York
    for place, day in ((BERLIN, 7), (NEW_YORK, 6)):
        planned = [shown(planned_at(BUILT_IN, one, delivered, place), place) for one in BUILT_IN.steps]
        assert planned == [f"2026-05-{day + days:02} 09:00" for days in (3, 6, 9)]
    assert (BUILT_IN.quiet_hours, BUILT_IN.weekends) == (None, Weekends.SEND)
    assert [one.level for one in BUILT_IN.steps] == [1, 2, 3]


def test_on_the_anchors_own_day_a_step_is_never_before_the_anchor():
    delivered = datetime(2026, 5, 6, 13, 5, tzinfo=UTC)
    assert planned_at(policy(step(0)), step(0), delivered, BERLIN) == delivered


def test_a_deadline_is_a_day_where_the_recipient_is():
    before = step(-3, anchor=Anchor.DEADLINE)
    for place in (BERLIN, NEW_YORK):
        planned = planned_at(policy(before), before, date(2026, 6, 12), place)
        assert shown(planned, place) == "2026-06-09 09:00"


@pytest.mark.parametrize(
    ("at", "moved"),
    [
        (time(21), "2026-05-06 08:00"),
        (time(20), "2026-05-06 08:00"),
        (time(19, 59), "2026-05-05 19:59"),
        (time(0), "2026-05-05 08:00"),
        (time(7, 59), "2026-05-05 08:00"),
        (time(8), "2026-05-05 08:00"),
    ],
)
def test_quiet_hours_pass_midnight(at, moved):
    rules = policy(step(0, at), quiet_hours=QuietHours(start=time(20), end=time(8)))
    anchor = datetime(2026, 5, 4, 22, 30, tzinfo=UTC)  # half past midnight in Berlin: a Tuesday
    assert shown(planned_at(rules, step(0, at), anchor, BERLIN), BERLIN) == moved


@pytest.mark.parametrize(
    ("place", "at", "day"),
    [
        (BERLIN, time(9), "2026-05-11 09:00"),
        (BERLIN, time(21, 30), "2026-05-11 08:00"),  # its time is at night: the first that is not
        (place_of("SA"), time(9), "2026-05-10 09:00"),  # Friday and Saturday are the weekend
    ],
)
def test_after_a_weekend_a_step_has_its_own_time_again(place, at, day):
    rules = policy(
        step(3, at),
        quiet_hours=QuietHours(start=time(20), end=time(8)),
        weekends=Weekends.NEXT_WORKING_DAY,
    )
    wednesday = datetime(2026, 5, 6, 12, tzinfo=UTC)
    assert shown(planned_at(rules, step(3, at), wednesday, place), place) == day


def test_a_time_that_is_left_out_is_an_hour_later_and_of_two_the_first_counts():
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    at = step(0, time(2, 30), Anchor.DEADLINE)
    rules = policy(at)
    assert shown(planned_at(rules, at, spring, BERLIN), BERLIN) == "2026-03-29 03:30"
    assert planned_at(rules, at, autumn, BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_quiet_hours_that_come_twice_are_quiet_twice():
    rules = policy(step(), quiet_hours=QuietHours(start=time(1), end=time(2, 30)))
    again = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)  # 02:15 for the second time
    assert allowed_from(rules, again, BERLIN, at=time(9)) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_day_that_an_island_left_out_is_the_next_one():
    apia = Place(zone_name="Pacific/Apia", weekend=frozenset({5, 6}))
    left_out = step(0, anchor=Anchor.DEADLINE)
    planned = planned_at(policy(left_out), left_out, date(2011, 12, 30), apia)
    assert shown(planned, apia) == "2011-12-31 09:00"


times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
places = st.builds(lambda zone, weekend: Place(zone_name=zone, weekend=weekend), st.sampled_from(ZONES),
                   st.sampled_from(WEEKENDS))  # fmt: skip
hours = st.one_of(
    st.none(), st.tuples(times, times).filter(lambda two: two[0] != two[1]).map(
        lambda two: QuietHours(start=two[0], end=two[1])
    ),
)  # fmt: skip
EARLIEST, LATEST = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2010, 2035))
anchors = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))
days = st.integers(0, 40)
rules = st.tuples(hours, st.sampled_from(Weekends))


@settings(max_examples=400, deadline=None)
@given(anchors, days, times, places, rules)
def test_nobody_is_written_to_at_night_on_a_weekend_or_too_early(anchor, days, at, place, given_rules):
    quiet, weekends = given_rules
    one = step(days, at)
    planned = planned_at(policy(one, quiet_hours=quiet, weekends=weekends), one, anchor, place)
    there = local(planned, place)
    assert planned >= anchor
    assert there.date() >= local(anchor, place).date() + timedelta(days=days)
    assert quiet is None or not is_quiet(quiet, there.time())
    assert weekends is Weekends.SEND or there.weekday() not in place.weekend
    # Nobody waits longer than a night, a weekend and the day that clocks may leave out.
    assert there.date() <= local(anchor, place).date() + timedelta(days=days + 6)


@settings(max_examples=400, deadline=None)
@given(st.tuples(anchors, anchors), st.tuples(days, days), times, places, rules)
def test_what_happens_later_is_planned_later(two, spans, at, place, given_rules):
    quiet, weekends = given_rules
    (first, second), (few, many) = sorted(two), sorted(spans)
    early, late = step(few, at), step(many, at)
    ladder = Policy(steps=(early, late), quiet_hours=quiet, weekends=weekends)
    assert planned_at(ladder, early, first, place) <= planned_at(ladder, late, second, place)


@settings(max_examples=400, deadline=None)
@given(anchors, times, places, rules)
def test_a_moment_that_is_allowed_stays_and_the_first_allowed_one_is(wanted, at, place, given_rules):
    quiet, weekends = given_rules
    ladder = Policy(steps=(step(),), quiet_hours=quiet, weekends=weekends)
    moved = allowed_from(ladder, wanted, place, at=at)
    assert moved >= wanted
    assert allowed_from(ladder, moved, place, at=at) == moved


def test_the_zones_of_this_test_exist():
    assert [ZoneInfo(name).key for name in ZONES] == list(ZONES)
