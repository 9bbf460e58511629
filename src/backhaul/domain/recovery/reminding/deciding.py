"""Which steps of a case are due, which of them are taken, and when to look again. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

import msgspec

from backhaul.domain.ladders import Anchor, Audience, Place, Step, Stop
from backhaul.domain.ladders.calendar import allowed_from, day_where, instant, planned_at
from backhaul.domain.recovery.model import Case
from backhaul.domain.recovery.reminding.model import Facts, ParcelFacts, Skip, Taken
from backhaul.domain.recovery.reminding.readers import place_where

# A silence is about parcels that were handed over, and nobody picks those up any more.
ABOUT_TRAVELLING = frozenset({Anchor.NO_SCAN})


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A step at its time."""

    step: Step
    occasion: str
    anchor_at: datetime
    planned_at: datetime
    place: Place  # where the reader is


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """A due step that is taken now, or passed over."""

    due: Due
    skip: Skip | None  # None: write


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What is done at one look at a case, and when it is looked at next; None: when something happens."""

    steps: tuple[Decided, ...]
    next_at: datetime | None


NOTHING_MORE = Decision(steps=(), next_at=None)


def decide(case: Case, facts: Facts, *, now: datetime) -> Decision:
    """Return which steps of a case are taken or passed over now.

    Steps due together, because nobody looked or because they fall on one moment, are one message: the last of each
    reader and channel. What must wait (for a pickup, quiet hours, a weekend) is decided when the waiting is over.
    """
    if case.outcome is not None or case.is_waiting:  # of a completed campaign only what was reopened is open
        return NOTHING_MORE
    planned = list(_planned(case, facts))
    taken = set(facts.taken)
    left = [due for due in planned if Taken(due.step.name, due.occasion) not in taken]
    looks = [due.planned_at for due in left if due.planned_at > now]
    decided: list[Decided] = []
    going: list[Due] = []
    for due in left:
        if due.planned_at > now:
            continue
        skip = _skip(due, case, facts)
        if skip is not None:
            decided.append(Decided(due=due, skip=skip))
        else:
            going.append(due)
    for together in _by_reader(going):
        until = max(waits_until(due, case, facts, now=now) for due in together)
        if until > now:
            looks.append(until)
            continue
        *missed, last = together
        decided += [Decided(due=due, skip=Skip.MISSED) for due in missed]
        decided.append(Decided(due=last, skip=None))
    taken |= {Taken(one.due.step.name, one.due.occasion) for one in decided}
    looks += _looks_at_parcels(facts, planned, taken, now=now)
    return Decision(steps=tuple(decided), next_at=min(looks, default=None))


def anchors_of(case: Case, facts: Facts) -> Mapping[Anchor, datetime | date]:
    """Return what steps are counted from, as far as it has happened."""
    found: dict[Anchor, datetime | date] = {Anchor.CASE_OPENED: case.opened_at}
    expected = [parcel for parcel in facts.parcels if parcel.is_expected]
    box = _box(facts)
    if box is not None:
        found[Anchor.BOX_DELIVERED] = box[0]
    # The parcel that is silent for longest.
    travelling = [parcel for parcel in expected if parcel.is_travelling]
    silences = [parcel.last_scan_at or parcel.shipped_at for parcel in travelling]
    if silences and (known := [at for at in silences if at is not None]):
        found[Anchor.NO_SCAN] = min(known)
    if facts.campaign.deadline_on is not None:
        found[Anchor.DEADLINE] = facts.campaign.deadline_on
    return found


def waits_until(due: Due, case: Case, facts: Facts, *, now: datetime) -> datetime:
    """Return when a due step may be taken: now, or after a pickup, quiet hours or a weekend."""
    policy, step = facts.ladder, due.step
    free = now
    if Stop.PICKUP_PENDING in policy.stops and step.anchor not in ABOUT_TRAVELLING:
        place = place_where(case, facts, Audience.EMPLOYEE)
        today = day_where(now, place)
        coming = [p.pickup_on for p in facts.waiting if p.pickup_on is not None and p.pickup_on >= today]
        if coming:  # on a day that has passed, nobody came
            free = instant(max(coming) + timedelta(days=1), step.at, place.zone)
    return allowed_from(policy, max(free, now), due.place, at=step.at)


def _planned(case: Case, facts: Facts) -> Iterator[Due]:
    anchors, box = anchors_of(case, facts), _box(facts)
    for step in facts.ladder.steps:
        anchor = anchors.get(step.anchor)
        if anchor is None:
            continue
        place = place_where(case, facts, step.audience)
        at = anchor if isinstance(anchor, datetime) else instant(anchor, time(), place.zone)
        yield Due(
            step=step,
            occasion=_occasion(step, at, box),
            anchor_at=at,
            planned_at=planned_at(facts.ladder, step, anchor, place),
            place=place,
        )


def _occasion(step: Step, at: datetime, box: tuple[datetime, ParcelFacts] | None) -> str:
    """Return what tells a step from the same one before: a silence by its start, a box sent again by which it is."""
    if step.anchor is Anchor.NO_SCAN:
        return at.isoformat()
    if step.anchor is Anchor.BOX_DELIVERED and box is not None and box[1].attempt > 1:
        return f"parcel {box[1].position}, attempt {box[1].attempt}"
    return ""


def _box(facts: Facts) -> tuple[datetime, ParcelFacts] | None:
    """Return the box that steps are counted from, and since when it is there; None while none is.

    The ladder waits for the last of several boxes; a parcel that went already holds nobody up.
    """
    expected = [parcel for parcel in facts.parcels if parcel.is_expected]
    ready = _ready(facts.waiting) or _ready(expected)
    return max(ready, key=lambda one: (one[0], one[1].attempt, one[1].position), default=None)


def _looks_at_parcels(
    facts: Facts, planned: Sequence[Due], taken: set[Taken], *, now: datetime
) -> Iterator[datetime]:
    # A scan that changes no status is told to nobody. The next look is the earliest that one from now on leads to.
    for due in planned:
        if due.step.anchor is Anchor.NO_SCAN and Taken(due.step.name, due.occasion) in taken:
            yield planned_at(facts.ladder, due.step, now, due.place)


def _skip(due: Due, case: Case, facts: Facts) -> Skip | None:
    stops = facts.ladder.stops
    expected = [parcel for parcel in facts.parcels if parcel.is_expected]
    reasons = {
        Skip.HANDED_OVER: Stop.HANDED_OVER in stops
        and due.step.anchor not in ABOUT_TRAVELLING
        and bool(expected)
        and not facts.waiting,
        Skip.MUTED: Stop.MUTED in stops and facts.muted_at is not None,
        Skip.OPTED_OUT: Stop.OPTED_OUT in stops and facts.opted_out_at is not None,
        Skip.HOLD: Stop.HOLD in stops and facts.is_held,
        Skip.CLAIMED: Stop.CLAIMED in stops
        and due.step.audience is Audience.EMPLOYEE
        and facts.is_all_claimed,
        Skip.BEFORE_OPENING: due.planned_at < case.opened_at,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _by_reader(going: Sequence[Due]) -> Iterator[list[Due]]:
    """Return due steps by reader and channel, each group in the order in which they were planned."""

    def reader(due: Due) -> tuple[str, str]:
        return due.step.audience.value, due.step.channel.value

    in_order = sorted(going, key=lambda due: due.planned_at)
    for _, together in groupby(sorted(in_order, key=reader), key=reader):
        yield list(together)


def _ready(parcels: Sequence[ParcelFacts]) -> list[tuple[datetime, ParcelFacts]]:
    return [(parcel.ready_at, parcel) for parcel in parcels if parcel.ready_at is not None]
