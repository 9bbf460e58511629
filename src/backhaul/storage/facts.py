"""Facts are written with the change: gathered during a transaction, sent as one statement before COMMIT.

History, outbox and jobs each declare a `FactKind` once. A use case may note as many facts as it likes;
they cost one round trip together, and either all of them exist or none (decision 0004).
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import msgspec


class FactKind(msgspec.Struct, frozen=True):
    """A table that facts are appended to.

    `insert` is one INSERT … SELECT over `unnest($1::type[], …)`; every row of values is transposed into it.
    """

    name: str
    insert: str
    width: int
    wakes: str | None = None  # who is nudged after the commit: a channel of storage/nudges


class FactBasket:
    """The facts of one transaction, in the order they were noted."""

    __slots__ = ("_rows", "wakes")

    def __init__(self) -> None:
        self._rows: dict[FactKind, list[Sequence[Any]]] = {}
        self.wakes: set[str] = set()

    def add(self, kind: FactKind, values: Sequence[Any]) -> None:
        if len(values) != kind.width:
            raise ValueError(f"{kind.name} takes {kind.width} values, not {len(values)}")
        self._rows.setdefault(kind, []).append(values)
        if kind.wakes is not None:
            self.wakes.add(kind.wakes)

    def take(self) -> tuple[str, list[list[Any]]] | None:
        """Return the one statement that writes everything, with its arguments, and forget the facts."""
        if not self._rows:
            return None
        rows, self._rows = self._rows, {}
        statement = compose(tuple(rows))
        arguments = [list(column) for values in rows.values() for column in zip(*values, strict=True)]
        return statement, arguments


@cache
def compose(kinds: tuple[FactKind, ...]) -> str:
    """Join the INSERTs of several kinds into one statement, renumbering their placeholders."""
    parts: list[str] = []
    offset = 0
    for kind in kinds:
        parts.append(_renumber(kind.insert, offset))
        offset += kind.width
    if len(parts) == 1:
        return parts[0]
    named: Iterable[str] = (
        f"{kind.name} AS ({part})" for kind, part in zip(kinds[:-1], parts[:-1], strict=True)
    )
    return f"WITH {', '.join(named)} {parts[-1]}"


def _renumber(statement: str, offset: int) -> str:
    return re.sub(r"\$(\d+)", lambda match: f"${int(match[1]) + offset}", statement)
