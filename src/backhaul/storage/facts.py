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
        statement = compose(tuple((kind, len(values) == 1) for kind, values in rows.items()))
        arguments: list[Any] = []
        for values in rows.values():
            # A single row, the usual case, goes as plain values: arrays cost the driver and PostgreSQL more.
            arguments += values[0] if len(values) == 1 else [list(one) for one in zip(*values, strict=True)]
        return statement, arguments


@cache
def compose(kinds: tuple[tuple[FactKind, bool], ...]) -> str:
    """Join the INSERTs of several kinds into one statement, renumbering their placeholders.

    The flag says that a kind has a single row, so that its arrays become plain values.
    """
    parts: list[str] = []
    offset = 0
    for kind, is_single in kinds:
        insert = _of_one(kind.insert) if is_single else kind.insert
        parts.append(_renumber(insert, offset))
        offset += kind.width
    if len(parts) == 1:
        return parts[0]
    named: Iterable[str] = (
        f"{kind.name} AS ({part})" for (kind, _), part in zip(kinds[:-1], parts[:-1], strict=True)
    )
    return f"WITH {', '.join(named)} {parts[-1]}"


_UNNEST = re.compile(r"unnest\(([^()]*)\)(\s*AS)?")


def _of_one(insert: str) -> str:
    """Return the INSERT of one row: VALUES in the place of unnest."""
    return _UNNEST.sub(_values, insert)


def _values(match: re.Match[str]) -> str:
    return f"(VALUES ({match[1].replace('[]', '')})) AS{'' if match[2] else ' noted'}"


def _renumber(statement: str, offset: int) -> str:
    return re.sub(r"\$(\d+)", lambda match: f"${int(match[1]) + offset}", statement)
