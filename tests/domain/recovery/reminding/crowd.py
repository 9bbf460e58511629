"""Five hundred people of a campaign: where they live, what they do when, and which messages that must lead to.

What is expected is worked out here from the ladder's own words, with nothing of the code under test but its wording:
no calendar, no deciding, no zones. Everybody's story is a function of their number.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from backhaul.domain.directory import PostalAddress
from backhaul.domain.ladders import read_policy

START = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)  # a Monday
END = START + timedelta(days=60)
DEADLINE = date(2026, 6, 12)
HR, IT = "hr@maas.example", "it-desk@maas.example"
PHOENIX = "America/Phoenix"  # where things are returned to

LADDER = {
    "quiet_hours": {"start": "20:00", "end": "08:00"},
    "weekends": "next_working_day",
    "it_email": IT,
    "hr_email": HR,
    "steps": [
        {"name": "first", "anchor": "box_delivered", "offset_days": 3},
        {"name": "second", "anchor": "box_delivered", "offset_days": 6, "level": 2},
        {"name": "third", "anchor": "box_delivered", "offset_days": 9, "level": 3},
        {"name": "text", "anchor": "box_delivered", "offset_days": 9, "at": "21:30", "channel": "text"},
        {"name": "manager", "anchor": "box_delivered", "offset_days": 12, "audience": "manager",
         "template": "recovery/escalation"},
        {"name": "it", "anchor": "box_delivered", "offset_days": 16, "audience": "it",
         "template": "recovery/escalation", "level": 2},
        {"name": "hr", "anchor": "box_delivered", "offset_days": 20, "audience": "hr",
         "template": "recovery/escalation", "level": 3},
        {"name": "month", "anchor": "case_opened", "offset_days": 30, "at": "10:15"},
        {"name": "deadline", "anchor": "deadline", "offset_days": -5, "template": "recovery/deadline"},
        {"name": "silent", "anchor": "no_scan", "offset_days": 7, "template": "recovery/silent"},
    ],
}  # fmt: skip
POLICY = read_policy(LADDER)


class Home(NamedTuple):
    address: PostalAddress
    zone: str
    weekend: tuple[int, ...] = (5, 6)
    phone: str = "+1 415 555 2671"


def _home(*lines, zone, weekend=(5, 6), phone="+1 415 555 2671"):
    line, city, state, postal_code, country = lines
    address = PostalAddress(
        line_1=line, city=city, state=state, postal_code=postal_code, country_code=country
    )
    return Home(address, zone, weekend, phone)


HOMES = (
    _home("404 Hidden Spring Lane", "Pittsburgh", "PA", "15238", "US", zone="America/New_York"),
    _home("123 Market Street", "San Francisco", "CA", "94103", "US", zone="America/Los_Angeles"),
    _home("1 Kalakaua Avenue", "Honolulu", "HI", "96815", "US", zone="Pacific/Honolulu"),
    _home("Torstraße 1", "Berlin", None, "10119", "DE", zone="Europe/Berlin", phone="+49 1512 3456789"),
    _home("1 Baker Street", "London", None, "NW1 6XE", "GB", zone="Europe/London", phone="+44 7400 123456"),
    _home(
        "1 MG Road", "Bengaluru", "Karnataka", "560001", "IN", zone="Asia/Kolkata", phone="+91 81234 56789"
    ),
    _home("1 George Street", "Sydney", "NSW", "2000", "AU", zone="Australia/Sydney", phone="+61 412 345 678"),
    _home("1 George Street", "Perth", "WA", "6000", "AU", zone="Australia/Perth", phone="+61 412 345 678"),
    _home(
        "King Fahd Road 1",
        "Riyadh",
        None,
        "11564",
        "SA",
        zone="Asia/Riyadh",
        weekend=(4, 5),
        phone="+966 51 234 5678",
    ),
)
# Who leads whom, and where those live.
MANAGERS = {
    "manager.east@maas.example": HOMES[0],
    "manager.west@maas.example": HOMES[1],
    "manager.berlin@maas.example": HOMES[3],
}
STORIES = (
    "keeps it",
    "hands over",
    "falls silent",
    "opts out",
    "is muted for a while",
    "is held",
    "waits for a pickup",
    "has no manager",
    "is written off",
    "never gets a box",
)


class Person(NamedTuple):
    """Somebody, and when what happens to them."""

    number: int
    home: Home
    manager: str | None
    story: str
    box_at: datetime | None
    scans: tuple[datetime, ...]  # of the parcel on its way back; the first is the hand-over
    arrives_at: datetime | None
    ends_at: datetime | None
    opts_out_at: datetime | None
    muted: tuple[datetime, datetime] | None
    held_at: datetime | None
    books_at: datetime | None
    pickup_on: date | None

    @property
    def email(self):
        return f"person{self.number}@home.example"

    def ended_by(self, at):
        return any(end is not None and end <= at for end in (self.arrives_at, self.ends_at))


def person(number):
    """The person of a number. Nothing happens at a full hour, when reminders fall due."""
    story = STORIES[number % len(STORIES)]
    home = HOMES[number // len(STORIES) % len(HOMES)]
    turn = number // len(STORIES)

    def at(days, hours=0):
        return START + timedelta(days=days, hours=hours, minutes=37)

    box_at = None if story == "never gets a box" else at(2 + turn % 6, turn % 3 * 5)
    after = 1 + turn % 19  # days between the box and what happens then
    then = None if box_at is None else box_at + timedelta(days=after, hours=1)
    scans, arrives_at, pickup_on = (), None, None
    if story == "hands over":
        scans, arrives_at = (then,), then + timedelta(days=4)
    elif story == "falls silent":
        again = timedelta(days=9 + turn % 4)
        scans, arrives_at = (then, then + again), then + 3 * again
    elif story == "waits for a pickup":
        pickup_on = then.date() + timedelta(days=1 + turn % 6)
    return Person(
        number=number,
        home=home,
        manager=None if story == "has no manager" else sorted(MANAGERS)[turn % len(MANAGERS)],
        story=story,
        box_at=box_at,
        scans=scans,
        arrives_at=arrives_at,
        ends_at=then if story == "is written off" else None,
        opts_out_at=then if story == "opts out" else None,
        muted=(then, then + timedelta(days=5)) if story == "is muted for a while" else None,
        held_at=then if story == "is held" else None,
        books_at=then if story == "waits for a pickup" else None,
        pickup_on=pickup_on,
    )


class Expected(NamedTuple):
    """One line of evidence, in the order of its fields."""

    number: int
    decided_at: str
    step: str
    occasion: str
    outcome: str  # sent, or why not
    recipient: str


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
    return Expected(one.number, at.isoformat(), step["name"], occasion, outcome, recipient or "")
