"""Ids, numbers and codes as paths, queries and forms have them: what is none reads as None, like one nobody has."""

from enum import StrEnum
from typing import TypeVar
from uuid import UUID

Code = TypeVar("Code", bound=StrEnum)
_MAX = 2**63 - 1


def uuid_or_none(text: str | None) -> UUID | None:
    """Return an id; None for what is none."""
    try:
        return None if text is None else UUID(text)
    except ValueError:
        return None


def number_or_none(text: str | None) -> int | None:
    """Return a whole number from zero on, as far as a bigint goes; None for what is none."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 19:  # noqa: PLR2004 -- of a bigint
        return None
    return found if (found := int(text)) <= _MAX else None


def code_or_none(kind: type[Code], text: str | None) -> Code | None:
    """Return a code; None for one that does not exist."""
    return kind(text) if text in set(kind) else None
