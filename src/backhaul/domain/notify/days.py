"""Days in the words of each locale. Not strftime: it would follow whatever language the process was started in."""

from collections.abc import Callable, Mapping
from datetime import date

_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_GERMAN_DAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_GERMAN_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
    "November", "Dezember",
)  # fmt: skip


def english_day(day: date) -> str:
    """Return a day such as "Friday, 12 June 2026"."""
    return f"{_ENGLISH_DAYS[day.weekday()]}, {day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}"


def german_day(day: date) -> str:
    """Return a day such as "Freitag, 12. Juni 2026"."""
    return f"{_GERMAN_DAYS[day.weekday()]}, {day.day}. {_GERMAN_MONTHS[day.month - 1]} {day.year}"


IN_WORDS: Mapping[str, Callable[[date], str]] = {"en": english_day, "de": german_day}
