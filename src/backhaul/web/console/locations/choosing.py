"""Locations to choose an address from: by type, and the rest found by how their names begin. Pure."""

from collections.abc import Callable, Iterable
from typing import Protocol

from backhaul.domain.directory import LocationType
from backhaul.domain.directory.places.queries import MOST_ADDRESSES
from backhaul.web.console.people.words import TYPES

Group = tuple[
    str, list[tuple[str, str]]
]  # how a group of options is called, and each with its value and text
OTHERS = "Other locations"
MORE = f"You have more locations: these are the first {MOST_ADDRESSES} by name. Find another by how its name begins."


class Place(Protocol):
    """A location as it is offered."""

    @property
    def number(self) -> int: ...

    @property
    def name(self) -> str: ...

    @property
    def type(self) -> LocationType | None: ...


def grouped(places: Iterable[Place], value_of: Callable[[int], str] = str) -> list[Group]:
    """Return locations as groups of options, a group for each type that there is, those without one last."""
    offered = list(places)
    kinds: tuple[LocationType | None, ...] = (*TYPES, None)
    groups = [
        (
            OTHERS if kind is None else TYPES[kind],
            [(value_of(one.number), one.name) for one in offered if one.type is kind],
        )
        for kind in kinds
    ]
    return [(name, options) for name, options in groups if options]
