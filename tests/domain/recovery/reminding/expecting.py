"""Every contact that a crowd must have had, worked out from its stories and the ladder's own words.

Nothing of the code under test is used but its wording: no calendar, no deciding, no zones.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.domain.recovery.reminding.crowd import DEADLINE, END, HR, IT, LADDER, MANAGERS, PHOENIX, START


class Expected(NamedTuple):
    """One line of evidence, in the order of its fields."""

    number: int
    decided_at: str
    step: str
    occasion: str
    outcome: str  # sent, or why not
    recipient: str
    letter: str  # template, channel and language of what was sent


def expected(people, *, until=END):
    """Every contact these people must have had by then, sorted."""
    return sorted(line for one in people for line in _of(one, until))


def _of(one, until):
    taken = set()
    for at in sorted(_moments(one)):
        if START < at < until and not one.ended_by(at):
            yield from _decide(one, at, taken)


def _moments(one):
    """When something may fall due, whatever stops it."""
    plans = [plan for seen in (*one.scans, END) for plan in _plans(one, seen)]
    moments = {planned for _, _, planned in plans}
    if one.pickup_on is not None:
        moments |= {_free(one, step, planned) for step, _, planned in plans}
    return moments


def _plans(one, at):
    """(step, occasion, planned) of what is known at a moment."""
    for step in LADDER["steps"]:
        anchor, occasion = _anchor(one, step, at)
        if anchor is None:
            continue
        _, zone, weekend = _reader(one, step)
        day = anchor if type(anchor) is date else anchor.astimezone(ZoneInfo(zone)).date()
        wanted = _local(day + timedelta(days=step["offset_days"]), step.get("at", "09:00"), zone)
        yield step, occasion, _allowed(wanted, zone, weekend, step)


def _anchor(one, step, at):
    if step["anchor"] == "box_delivered":
        return (one.box_at if one.box_at is not None and one.box_at <= at else None), ""
    if step["anchor"] == "case_opened":
        return START, ""
    if step["anchor"] == "deadline":
        return DEADLINE, ""
    seen = [scan for scan in one.scans if scan <= at]
    return (seen[-1], seen[-1].isoformat()) if seen else (None, "")


def _reader(one, step):
    """Address, zone and weekend of whoever a step is for; None where nobody is known."""
    audience = step.get("audience", "employee")
    if audience == "employee":
        return one.email, one.home.zone, one.home.weekend
    if audience == "manager" and one.manager is not None:
        home = MANAGERS[one.manager]
        return one.manager, home.zone, home.weekend
    return {"it": IT, "hr": HR}.get(audience), PHOENIX, (5, 6)


def _decide(one, at, taken):
    due = [plan for plan in _plans(one, at) if plan[2] <= at and (plan[0]["name"], plan[1]) not in taken]
    groups = {}
    for step, occasion, planned in due:
        stop = _stop(one, step, at)
        if stop is not None:
            taken.add((step["name"], occasion))
            yield _line(one, at, step, occasion, stop)
            continue
        key = (step.get("audience", "employee"), step.get("channel", "email"))
        groups.setdefault(key, []).append((planned, LADDER["steps"].index(step), step, occasion))
    for group in groups.values():
        if max(_free(one, step, at) for _, _, step, _ in group) > at:
            continue
        *missed, last = sorted(group, key=lambda one: one[:2])
        for *_, step, occasion in missed:
            taken.add((step["name"], occasion))
            yield _line(one, at, step, occasion, "missed")
        *_, step, occasion = last
        taken.add((step["name"], occasion))
        recipient = _reader(one, step)[0]
        yield _line(one, at, step, occasion, "sent" if recipient else "no_manager")


def _stop(one, step, at):
    if one.scans and one.scans[0] <= at and step["anchor"] != "no_scan":
        return "handed_over"
    if one.muted is not None and one.muted[0] <= at < one.muted[1]:
        return "muted"
    if one.opts_out_at is not None and one.opts_out_at <= at:
        return "opted_out"
    if one.held_at is not None and one.held_at <= at:
        return "hold"
    if one.claims_at is not None and one.claims_at <= at and step.get("audience", "employee") == "employee":
        return "claimed"  # the organization goes on asking its own people
    return None


def _free(one, step, at):
    _, zone, weekend = _reader(one, step)
    return _allowed(_release(one, step, at), zone, weekend, step)


def _release(one, step, at):
    """The day after a pickup that is to come; at once where there is none."""
    if one.pickup_on is None or at < one.books_at or step["anchor"] == "no_scan":
        return at
    if at.astimezone(ZoneInfo(one.home.zone)).date() > one.pickup_on:
        return at
    return max(at, _local(one.pickup_on + timedelta(days=1), step.get("at", "09:00"), one.home.zone))


def _allowed(wanted, zone, weekend, step):
    """Not between 20:00 and 08:00, not on a weekend; after it at the step's time, or at 08:00 if that is at night."""
    at = step.get("at", "09:00")
    morning = at if "08:00" <= at < "20:00" else "08:00"
    while True:
        local = wanted.astimezone(ZoneInfo(zone))
        if local.hour >= 20:
            wanted = _local(local.date() + timedelta(days=1), "08:00", zone)
        elif local.hour < 8:
            wanted = _local(local.date(), "08:00", zone)
        elif local.weekday() in weekend:
            wanted = _local(local.date() + timedelta(days=1), morning, zone)
        else:
            return wanted


def _local(day, at, zone):
    return datetime.combine(day, time.fromisoformat(at), ZoneInfo(zone)).astimezone(UTC)


def _line(one, at, step, occasion, outcome):
    recipient = _reader(one, step)[0] if outcome == "sent" else None
    if recipient and step.get("channel") == "text":
        recipient = one.home.phone
    words = (
        step.get("template", "recovery/reminder"),
        step.get("channel", "email"),
        step.get("locale", "de"),
    )
    letter = " ".join(words) if outcome == "sent" else ""
    return Expected(one.number, at.isoformat(), step["name"], occasion, outcome, recipient or "", letter)
