"""What was in a parcel, in the order in which people want to know it. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence

from backhaul.domain.returns import Verdict
from backhaul.domain.returns.browsing import SheetItem
from backhaul.domain.returns.matching import Expected, match, serial_key
from backhaul.domain.returns.sanitisation import Result, Sanitisation
from backhaul.web.console.returns.words import VERDICT_ORDER


def sorted_items(items: Iterable[SheetItem]) -> list[SheetItem]:
    """Return devices by verdict, what needs somebody first, and within each as they were scanned."""
    return sorted(items, key=lambda item: (VERDICT_ORDER.index(item.verdict), item.position))


def counted(items: Iterable[SheetItem]) -> list[tuple[Verdict, int]]:
    """Return how many devices there are of each verdict that there is."""
    counts = Counter(item.verdict for item in items)
    return [(verdict, counts[verdict]) for verdict in VERDICT_ORDER if counts[verdict]]


def awaited(expected: Sequence[Expected], items: Sequence[SheetItem]) -> list[Expected]:
    """Return what should be in the parcel and was not scanned yet."""
    scanned = [item for item in items if item.verdict is not Verdict.MISSING]
    others = [serial_key(item.serial_number) for item in scanned if item.verdict is Verdict.WRONG_PERSON]
    lines = match(expected, [item.serial_number for item in scanned], of_others=others)
    missing = [line.serial_number for line in lines[len(scanned) :]]
    return [one for one in expected if (one.serial_number or one.name) in missing]


def certified(sanitisations: Iterable[Sanitisation]) -> frozenset[str]:
    """Return the serial numbers of devices that a certificate can be shown for."""
    return frozenset(one.serial_number for one in sanitisations if one.result is Result.SUCCESS)
