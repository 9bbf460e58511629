"""The reserved words that choose a parcel's fate, `sim-lost` in its reference: see docs/simulation.md."""

import re
from enum import StrEnum

from backhaul.domain.shipping.model import Leg


class Fate(StrEnum):
    """What becomes of a parcel; the value is its reserved word."""

    DELIVERED = "delivered"
    LOST = "lost"
    DAMAGED = "damaged"
    REFUSED = "refused"  # by the addressee
    BAD_ADDRESS = "bad-address"
    KEPT = "kept"  # never handed over
    EXCEPTION = "exception"  # nobody there, delivered at the second attempt
    PICKUP = "pickup"  # left at a counter, then collected
    DELAYED = "delayed"


class Mishap(StrEnum):
    """What goes wrong when the label is bought; the value is its reserved word."""

    NO_LABEL = "no-label"
    UNAVAILABLE = "unavailable"  # once, then the carrier answers


_GAP = r"[\s:_-]+"
_ALL = "|".join(word.value.replace("-", _GAP) for word in (*Fate, *Mishap))
_WORD = re.compile(rf"(?<![a-z0-9])sim{_GAP}(?:(box|device){_GAP})?({_ALL})(?![a-z0-9])")


def fate_of(reference: str) -> Fate:
    """Return what the reference asks for; the first word counts, and without one all goes well."""
    fates = {fate.value for fate in Fate}
    return next((Fate(word) for word in _words(reference) if word in fates), Fate.DELIVERED)


def mishap_of(reference: str) -> Mishap | None:
    """Return what goes wrong with the label, if anything."""
    mishaps = {mishap.value for mishap in Mishap}
    return next((Mishap(word) for word in _words(reference) if word in mishaps), None)


def _words(reference: str) -> list[str]:
    lower = reference.lower()
    leg = _leg_of(lower)
    found = _WORD.finditer(lower)
    return [re.sub(_GAP, "-", match[2]) for match in found if match[1] is None or match[1] == leg]


def _leg_of(reference: str) -> str | None:
    """Return which leg a reference such as `BH-1a2b3c4d box TICKET-1` belongs to."""
    first_two = reference.split()[:2]
    return next((word for word in first_two if word in tuple(Leg)), None)
