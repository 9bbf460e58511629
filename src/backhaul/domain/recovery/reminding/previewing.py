"""The calendar of a ladder before anything has happened: when each step would be taken, by assumption. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from backhaul.domain.ladders import Anchor, Audience, Place, Policy, Step, place_of
from backhaul.domain.ladders.calendar import day_where, instant, planned_at


class Assumptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a preview takes for granted, in days where each person is; what has not happened is at noon of its day."""

    starts_on: date  # when cases are opened of people who were not asked yet
    box_after_days: int = 5  # until the box is there
    silent_after_days: int = 10  # until the last scan of a parcel on its way back
    deadline_on: date | None = None


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """People of one state or country who were asked at one time."""

    country_code: str
    state: str | None
    people: int
    opened_at: datetime | None = None  # None: they are still to be asked


class PlannedContact(msgspec.Struct, frozen=True, kw_only=True):
    """A step, for everybody who lives by one clock."""

    at: datetime  # UTC
    zone_name: str
    step: Step
    anchor_on: date
    people: int

    @property
    def local(self) -> datetime:
        """The time on the reader's clock."""
        return self.at.astimezone(Place(zone_name=self.zone_name, weekend=frozenset()).zone)


def preview(
    policy: Policy, assumptions: Assumptions, groups: Sequence[Group], office: Place
) -> list[PlannedContact]:
    """Return who would be written to when if nobody sent anything back and nothing stopped a step."""
    return sorted(
        _merged(policy, assumptions, groups, office),
        key=lambda one: (one.at, one.step.name, one.zone_name),
    )


def _merged(
    policy: Policy, assumptions: Assumptions, groups: Sequence[Group], office: Place
) -> Iterator[PlannedContact]:
    calendars = [_calendar(assumptions, group) for group in groups]
    for step in policy.steps:
        people: dict[tuple[datetime, str, date], int] = {}
        for group, (home, opened_at, days) in zip(groups, calendars, strict=True):
            if step.anchor not in days:
                continue
            # A manager's own place is not looked up: most live where their people do.
            place = home if step.audience in (Audience.EMPLOYEE, Audience.MANAGER) else office
            on = days[step.anchor]
            at = planned_at(policy, step, _anchor(step, on, home, opened_at), place)
            if at < opened_at:
                continue  # passed over: its time is over when the case is opened
            key = (at, place.zone_name, on)
            people[key] = people.get(key, 0) + group.people
        for (at, zone_name, on), count in people.items():
            yield PlannedContact(
                at=at.astimezone(UTC),
                zone_name=zone_name,
                step=step,
                anchor_on=on,
                people=count,
            )


def _calendar(assumptions: Assumptions, group: Group) -> tuple[Place, datetime, Mapping[Anchor, date]]:
    """Return where people are, when their cases are opened, and the day of each anchor there."""
    home = place_of(group.country_code, group.state)
    opened_at = group.opened_at or instant(assumptions.starts_on, time(12), home.zone)
    return home, opened_at, _days(assumptions, day_where(opened_at, home))


def _anchor(step: Step, on: date, home: Place, opened_at: datetime) -> datetime | date:
    if step.anchor is Anchor.DEADLINE:
        return on
    return opened_at if step.anchor is Anchor.CASE_OPENED else instant(on, time(12), home.zone)


def _days(assumptions: Assumptions, opened: date) -> Mapping[Anchor, date]:
    days = {
        Anchor.CASE_OPENED: opened,
        Anchor.BOX_DELIVERED: opened + timedelta(days=assumptions.box_after_days),
        Anchor.NO_SCAN: opened + timedelta(days=assumptions.silent_after_days),
    }
    if assumptions.deadline_on is not None:
        days[Anchor.DEADLINE] = assumptions.deadline_on
    return days
