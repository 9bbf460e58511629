"""What a list of things offers in a select or as suggestions: pairs of a value and its words."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

Pairs = list[tuple[object, str]]


def codes(words: Mapping[StrEnum, str]) -> Pairs:
    """Return the codes of a vocabulary with their words."""
    return [(code.value, text) for code, text in words.items()]


def numbered(choices: Iterable[Any]) -> Pairs:
    """Return things by their number, with their name."""
    return [(one.number, one.name) for one in choices]


def named(choices: Iterable[Any]) -> Pairs:
    """Return things by their name, where a form finds them by it."""
    return [(one.name, one.name) for one in choices]


def addressed(people: Iterable[Any]) -> Pairs:
    """Return people by their e-mail address, with their name."""
    return [(one.email, f"{one.first_name} {one.last_name}") for one in people]
