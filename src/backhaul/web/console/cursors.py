"""Ids and numbers as they come in paths and queries: what is none reads as None, like one that nobody has."""

from uuid import UUID

_MAX = 2**63 - 1


def uuid_or_none(text: str | None) -> UUID | None:
    """Return an id; None for what is none."""
    try:
        return None if text is None else UUID(text)
    except ValueError:
        return None


def number_or_none(text: str | None) -> int | None:
    """Return a row's number; None for what is none."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 19:  # noqa: PLR2004 -- of a bigint
        return None
    return found if 0 < (found := int(text)) <= _MAX else None
