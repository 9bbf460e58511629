"""The calendar of a ladder before anything has happened: when each step would be taken, by assumption. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from backhaul.domain.ladders import Anchor, Audience, Place, Policy, Step, place_of
from backhaul.domain.ladders.calendar import instant, planned_at


class Assumptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a preview takes for granted, in days where each person is; every anchor at noon of its day."""

    starts_on: date  # when cases are opened
    box_after_days: int = 5  # until the box is there
    silent_after_days: int = 10  # until the last scan of a parcel on its way back
    deadline_on: date | None = None


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """People of one state or country."""

    country_code: str
    state: str | None
    people: int


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
    days = _days(assumptions)
    for step in policy.steps:
        if step.anchor not in days:
            continue
        people: dict[tuple[datetime, str], int] = {}
        for group in groups:
            home = place_of(group.country_code, group.state)
            # A manager's own place is not looked up: most live where their people do.
            place = home if step.audience in (Audience.EMPLOYEE, Audience.MANAGER) else office
            on = days[step.anchor]
            anchor = on if step.anchor is Anchor.DEADLINE else instant(on, time(12), home.zone)
            at = planned_at(policy, step, anchor, place)
            if at < instant(assumptions.starts_on, time(12), home.zone):
                continue  # passed over: its time is over when the case is opened
            key = (at, place.zone_name)
            people[key] = people.get(key, 0) + group.people
        for (at, zone_name), count in people.items():
            yield PlannedContact(
                at=at.astimezone(UTC),
                zone_name=zone_name,
                step=step,
                anchor_on=days[step.anchor],
                people=count,
            )


def _days(assumptions: Assumptions) -> Mapping[Anchor, date]:
    opened = assumptions.starts_on
    days = {
        Anchor.CASE_OPENED: opened,
        Anchor.BOX_DELIVERED: opened + timedelta(days=assumptions.box_after_days),
        Anchor.NO_SCAN: opened + timedelta(days=assumptions.silent_after_days),
    }
    if assumptions.deadline_on is not None:
        days[Anchor.DEADLINE] = assumptions.deadline_on
    return days
