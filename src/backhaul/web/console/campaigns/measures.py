"""Sizes of boxes as people type and read them. Pure."""

from decimal import Decimal

from backhaul.domain.recovery.model import Package
from backhaul.kernel.measures import (
    Dimensions,
    grams_from_pounds,
    inches_from_mm,
    mm_from_inches,
    ounces_from_grams,
)
from backhaul.kernel.numerals import Unread, number_in

METRIC, IMPERIAL = "metric", "imperial"
UNITS = ((IMPERIAL, "Inches and pounds"), (METRIC, "Centimetres and kilograms"))
MOST = Decimal(10_000)
DECIMALS = 3
NOT_MEASURED = "must have a quantity, three lengths and a weight above zero"


def size_from(texts: tuple[str, str, str, str], units: str) -> Dimensions | str:
    """Return three lengths and a weight as they were typed, or what is wrong with them."""
    read = [number_in(text, decimals=DECIMALS) for text in texts]
    numbers = [one for one in read if isinstance(one, Decimal) and 0 < one < MOST]
    if len(numbers) < len(read):
        return next(filter(None, map(_advice, texts, read)), NOT_MEASURED)
    length, width, height, weight = (float(number) for number in numbers)
    if units == METRIC:
        return Dimensions(round(length * 10), round(width * 10), round(height * 10), round(weight * 1000))
    return Dimensions(
        mm_from_inches(length), mm_from_inches(width), mm_from_inches(height), grams_from_pounds(weight)
    )


def _advice(text: str, read: Decimal | Unread) -> str | None:
    advice = read.advice() if isinstance(read, Unread) else None
    return None if advice is None else f"has the measure {text.strip()}: write it as {advice}"


def box_text(package: Package, units: str = IMPERIAL) -> str:
    """Return a box in a line: for what, how large and how heavy."""
    size = package.size
    lengths = (size.length_mm, size.width_mm, size.height_mm)
    if units == METRIC:
        shown = " × ".join(f"{one / 10:g}" for one in lengths) + f" cm, {size.weight_grams / 1000:g} kg"
    else:
        pounds = ounces_from_grams(size.weight_grams) / 16
        shown = (
            " × ".join(f"{round(inches_from_mm(one), 1):g}" for one in lengths)
            + f" in, {round(pounds, 1):g} lb"
        )
    return f"{package.device}, {package.quantity} in a box, {shown}"
