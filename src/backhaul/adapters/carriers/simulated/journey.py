"""A parcel's journey as a function of its number, its fate and the clock. Nothing is stored.

Each parcel has its own pace, derived from its number, so that asking again later repeats everything said
before and may add to it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from backhaul.adapters.carriers.simulated.numbers import seed_of
from backhaul.adapters.carriers.simulated.scans import AT_THE_HUB, HUBS, MEANING, WORDS, Scan
from backhaul.adapters.carriers.simulated.words import Fate
from backhaul.domain.shipping.model import CarrierCode, TrackingEvent

_START = ((Scan.ACCEPTED, 0.35), (Scan.DEPARTED, 0.2), (Scan.AT_HUB, 0.5))
_ON = ((Scan.LEFT_HUB, 0.25), (Scan.ARRIVED, 0.6))
_OUT = ((Scan.OUT, 0.35),)
_BACK = ((Scan.GOING_BACK, 0.4), (Scan.BACK, 1.2))

# Steps after the hand-over became possible, each with its distance from the step before in simulated days.
STEPS: dict[Fate, tuple[tuple[Scan, float], ...]] = {
    Fate.DELIVERED: (*_START, *_ON, *_OUT, (Scan.DELIVERED, 0.3)),
    Fate.LOST: (*_START, (Scan.LOST, 2.5)),
    Fate.DAMAGED: (*_START, (Scan.DAMAGED, 0.3)),
    Fate.REFUSED: (*_START, *_ON, *_OUT, (Scan.REFUSED, 0.3), *_BACK),
    Fate.BAD_ADDRESS: (*_START, *_ON, *_OUT, (Scan.BAD_ADDRESS, 0.3), *_BACK),
    Fate.KEPT: (),
    Fate.EXCEPTION: (*_START, *_ON, *_OUT, (Scan.NOT_IN, 0.3), (Scan.OUT, 0.7), (Scan.DELIVERED, 0.3)),
    Fate.PICKUP: (*_START, *_ON, *_OUT, (Scan.AT_COUNTER, 0.3), (Scan.COLLECTED, 0.9)),
    Fate.DELAYED: (
        *_START,
        (Scan.LATE, 0.8),
        (Scan.LEFT_HUB, 1.0),
        (Scan.ARRIVED, 0.6),
        *_OUT,
        (Scan.DELIVERED, 0.3),
    ),
}

_USUAL_PACE, _RUSH_PACE = 1.1, 0.75
_SPREAD = 0.25  # a step takes up to this share less or more than usual


def events(
    carrier: CarrierCode, number: str, fate: Fate, *, is_rush: bool, ready_at: datetime, day_seconds: float
) -> Iterator[TrackingEvent]:
    """Return every scan of a parcel's whole journey, in order of time."""
    hubs = HUBS[carrier]
    hub = hubs[seed_of("hub", number) % len(hubs)]
    at = ready_at
    for index, (scan, days) in enumerate(((Scan.LABELLED, 0.0), *STEPS[fate])):
        pace = _RUSH_PACE if is_rush else _USUAL_PACE
        own = 1 + _SPREAD * (2 * _share(number, index) - 1)
        at += timedelta(milliseconds=round(days * pace * own * day_seconds * 1000))
        status, fault = MEANING[scan]
        code, text = WORDS[carrier][scan]
        place = hub if scan in AT_THE_HUB else None
        yield TrackingEvent(status=status, at=at, carrier_status=code, text=text, place=place, fault=fault)


def _share(number: str, index: int) -> float:
    """Return a number between 0 and 1 that belongs to one step of one parcel."""
    return (seed_of("step", number, str(index)) % 10_000) / 10_000
