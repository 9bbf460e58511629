"""Measures: grams and millimetres inside; other units only where a contract or a carrier wants them."""

from fractions import Fraction

import msgspec

_GRAMS_PER_OUNCE = Fraction(45359237, 1_600_000)
_MM_PER_INCH = Fraction(254, 10)


class Dimensions(msgspec.Struct, frozen=True):
    """Outer size and weight of a parcel."""

    length_mm: int
    width_mm: int
    height_mm: int
    weight_grams: int


def grams_from_pounds(pounds: float | Fraction) -> int:
    """Return whole grams for pounds (avoirdupois)."""
    return round(Fraction(pounds) * 16 * _GRAMS_PER_OUNCE)


def ounces_from_grams(grams: int) -> float:
    """Return ounces, unrounded."""
    return float(grams / _GRAMS_PER_OUNCE)


def mm_from_inches(inches: float | Fraction) -> int:
    """Return whole millimetres for inches."""
    return round(Fraction(inches) * _MM_PER_INCH)


def inches_from_mm(millimetres: int) -> float:
    """Return inches, unrounded."""
    return float(millimetres / _MM_PER_INCH)
