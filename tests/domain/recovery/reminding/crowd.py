"""Five hundred people of a campaign: where they live, what they do when; a function of each one's number."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from backhaul.domain.directory import PostalAddress
from backhaul.domain.ladders import read_policy

START = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)  # a Monday
END = START + timedelta(days=60)
DEADLINE = date(2026, 6, 12)
HR, IT = "hr@maas.example", "it-desk@maas.example"
PHOENIX = "America/Phoenix"  # where things are returned to
LADDER = {
    "locale": "de",
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
        {"name": "deadline", "anchor": "deadline", "offset_days": -5, "template": "recovery/deadline",
         "locale": "en"},
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
    "says it is gone",
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
    claims_at: datetime | None  # that they do not have it
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
        claims_at=then if story == "says it is gone" else None,
        books_at=then if story == "waits for a pickup" else None,
        pickup_on=pickup_on,
    )
