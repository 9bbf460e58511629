"""When a step falls due, by the recipient's clock. Pure.

A step belongs to a calendar day: its anchor's day where the recipient is, and so many days on. It is planned at its
time of that day, or at the anchor itself where that is later; then out of the quiet hours, then off the weekend. Where
clocks are set forward, a time that does not exist is as much later; where they are set back, the first of two counts.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from backhaul.domain.ladders.model import Policy, QuietHours, Step, Weekends
from backhaul.domain.ladders.places import Place

DAY = timedelta(days=1)


def planned_at(policy: Policy, step: Step, anchor: datetime | date, place: Place) -> datetime:
    """Return the instant (UTC) a step is planned at. An anchor without a time is a day where the recipient is."""
    zone = place.zone
    if isinstance(anchor, datetime):
        day = anchor.astimezone(zone).date()
        wanted = max(instant(day + step.offset_days * DAY, step.at, zone), anchor.astimezone(UTC))
    else:
        wanted = instant(anchor + step.offset_days * DAY, step.at, zone)
    return allowed_from(policy, wanted, place, at=step.at)


def allowed_from(policy: Policy, wanted: datetime, place: Place, *, at: time) -> datetime:
    """Return the first instant from `wanted` on at which the recipient may be written to.

    After a weekend it is `at` by the recipient's clock, or the end of the quiet hours where they cover that.
    """
    hours, zone = policy.quiet_hours, place.zone
    moved = _after_quiet(wanted, hours, zone)
    day = day_where(moved, place)
    if policy.weekends is Weekends.SEND or day.weekday() not in place.weekend:
        return moved
    while day.weekday() in place.weekend:
        day += DAY
    morning = hours.end if hours is not None and is_quiet(hours, at) else at
    return _after_quiet(instant(day, morning, zone), hours, zone)


def instant(day: date, at: time, zone: tzinfo) -> datetime:
    """Return when a clock shows this, in UTC; where it never does, the time as much later as was left out."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def day_where(at: datetime, place: Place) -> date:
    """Return the calendar day of an instant there."""
    return at.astimezone(place.zone).date()


def is_quiet(hours: QuietHours, at: time) -> bool:
    """Return whether a clock's time lies in the quiet hours."""
    if hours.start <= hours.end:
        return hours.start <= at < hours.end
    return at >= hours.start or at < hours.end


def _after_quiet(wanted: datetime, hours: QuietHours | None, zone: tzinfo) -> datetime:
    if hours is None:
        return wanted
    local = wanted.astimezone(zone)
    if not is_quiet(hours, local.time()):
        return wanted
    # The end comes today or tomorrow; where clocks are set back over it, it comes twice.
    ends = sorted(
        datetime.combine(local.date() + days * DAY, hours.end, zone).replace(fold=fold).astimezone(UTC)
        for days in (0, 1, 2)
        for fold in (0, 1)
    )
    return next(end for end in ends if end >= wanted and not is_quiet(hours, end.astimezone(zone).time()))
