"""Ids in paths: this dialect's are whole numbers."""

from backhaul.kernel.paths import segment_text

NOBODYS = 0  # no id is ever this
_MAX_DIGITS = 18  # any id fits, and a bigint holds it


def number_in(segment: str) -> int:
    """Return the id that a path names; what cannot be one reads as an id that nobody has."""
    text = segment_text(segment)
    if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS:
        return int(text)
    return NOBODYS
