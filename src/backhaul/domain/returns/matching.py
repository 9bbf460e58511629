"""What is in a parcel next to what was expected there. Pure: scans in, verdicts out."""

import re
from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec

from backhaul.domain.returns.model import Verdict

# What barcodes put before a serial number (ANSI MH10.8.2, categories serial number and traceability).
_IDENTIFIED = re.compile(r"(?:1S|25S|S|1T|T)(.+)")


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """A device that should be in the parcel."""

    name: str
    serial_number: str | None  # None: whoever announced it did not know
    asset_id: UUID | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One device of a parcel, with what is to be said about it."""

    serial_number: str  # as scanned; of a missing one as announced, or its name
    verdict: Verdict
    asset_id: UUID | None = None


def serial_key(serial_number: str) -> str:
    """Return how serial numbers are compared: without case and space, as the schema's function of this name does."""
    return "".join(_capital(letter) for letter in re.sub(r"\s+", "", serial_number))


def readings(scan: str) -> tuple[str, ...]:
    """Return how a scan may be read, as keys: as it is, and without the data identifier that it may begin with."""
    key = serial_key(scan)
    identified = _IDENTIFIED.fullmatch(key)
    return (key,) if identified is None else (key, identified[1])


def _capital(letter: str) -> str:
    """Return a letter's capital; itself, as PostgreSQL has it, where that would be several letters (ß)."""
    capital = letter.upper()
    return capital if len(capital) == 1 else letter


def match(
    expected: Sequence[Expected], scanned: Sequence[str], *, of_others: Collection[str] = ()
) -> tuple[Line, ...]:
    """Return a verdict on every scan, in order, and behind them what is missing.

    `of_others` are the keys of devices that somebody else has or that are awaited in another parcel. A device that was
    announced without a serial number is taken to be the next one that nobody knows, never somebody else's. A scan is
    read without its data identifier if that is what is awaited, and not otherwise, since serial numbers begin with S
    and T themselves. So the order of the scans decides on no verdict but which of two scans is the duplicate.
    """
    awaited = {serial_key(one.serial_number): one for one in expected if one.serial_number}
    named = frozenset(awaited)
    unnamed = [one for one in expected if not one.serial_number]
    seen: set[str] = set()
    lines: list[Line] = []
    for scan in scanned:
        key = _key_of(scan, named)
        if key in seen:
            lines.append(Line(serial_number=scan, verdict=Verdict.DUPLICATE))
            continue
        seen.add(key)
        one = awaited.pop(key, None)
        if one is None and key in of_others:
            lines.append(Line(serial_number=scan, verdict=Verdict.WRONG_PERSON))
            continue
        if one is None and unnamed:
            one = unnamed.pop(0)
        verdict = Verdict.UNEXPECTED if one is None else Verdict.MATCHED
        lines.append(
            Line(serial_number=scan, verdict=verdict, asset_id=None if one is None else one.asset_id)
        )
    lines += [
        Line(serial_number=one.serial_number or one.name, verdict=Verdict.MISSING, asset_id=one.asset_id)
        for one in [*awaited.values(), *unnamed]
    ]
    return tuple(lines)


def _key_of(scan: str, named: Collection[str]) -> str:
    read = readings(scan)
    return next((key for key in read if key in named), read[0])
