"""What a list of things offers in a select or as suggestions: pairs of a value and its words."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any

from markupsafe import Markup

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


def options(pairs: Iterable[tuple[object, str]], value: object, empty: str) -> Markup:
    """Return the options of a filter: first the one that asks for all, then each pair, the present one selected."""
    return _options(tuple((str(key), text) for key, text in pairs), str(value or ""), empty)


@lru_cache(maxsize=256)  # of up to some 30 kilobytes each
def _options(pairs: tuple[tuple[str, str], ...], value: str, empty: str) -> Markup:
    return Markup("").join(
        [
            Markup('<option value="">{}</option>\n').format(empty),
            *(
                Markup('<option value="{}"{}>{}</option>').format(
                    key, Markup(" selected") if key == value else "", text
                )
                for key, text in pairs
            ),
        ]
    )
