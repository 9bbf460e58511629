"""From rows of texts to lines of COPY: a column at a time, each spelling read once."""

from collections.abc import Sequence

import msgspec

from backhaul.domain.bulk.columns import Column, Layout
from backhaul.domain.bulk.model import Fault, RowProblem
from backhaul.domain.bulk.reading.source import Row
from backhaul.domain.bulk.values import Reader, tidy

NOTHING = "\\N"  # how COPY writes NULL
_LARGEST_MEMORY = 20_000  # spellings of one column that are remembered


class Parsed(msgspec.Struct, frozen=True):
    """Some rows, checked as far as a row can be on its own."""

    lines: dict[int, str]  # row number → its line of COPY; refused rows are not here
    rows: dict[int, list[str]]  # row number → its cells, for wording what the database finds
    problems: list[RowProblem]


class _Memory(dict[str, str]):
    """What a column's spellings read as. Most columns repeat a few of them a million times."""

    def __init__(self, read: Reader) -> None:
        self._read = read
        self.faults: dict[str, Fault] = {}

    def __missing__(self, cell: str) -> str:
        tidied = tidy(cell)
        read = self._read(tidied) if tidied else NOTHING
        if isinstance(read, Fault):
            self.faults[cell] = read
            return NOTHING
        if len(self) >= _LARGEST_MEMORY:
            self.clear()
        # Of what COPY wants escaped, only this is left: line breaks and tabs became spaces.
        written = NOTHING if read is NOTHING else read.replace("\\", "\\\\")
        self[cell] = written
        return written


class Parser:
    """Reads a file's rows in its layout."""

    def __init__(self, columns: Sequence[Column], layout: Layout) -> None:
        self._columns = columns
        self._layout = layout
        self._memories = {column.field: _Memory(column.read) for column in columns}

    def parse(self, rows: Sequence[Row]) -> Parsed:
        """Return the rows' lines and what is wrong with the others."""
        width = self._layout.width
        numbers = [number for number, _ in rows]
        cells = [row if len(row) >= width else row + [""] * (width - len(row)) for _, row in rows]
        by_position = list(zip(*cells, strict=False))  # cells beyond the header fall away here
        problems = self._surplus(rows)
        parts: list[Sequence[str]] = [list(map(str, numbers))]
        for column in self._columns:
            position = self._layout.positions.get(column.field)
            if position is None:
                parts.append([NOTHING] * len(rows))
                continue
            given = by_position[position]
            memory = self._memories[column.field]
            read = list(map(memory.__getitem__, given))
            parts.append(read)
            if memory.faults or (column.is_key and NOTHING in read):
                problems += self._faults(column, numbers, given, read)
                memory.faults.clear()
        lines = dict(zip(numbers, map("\t".join, zip(*parts, strict=True)), strict=True))
        for problem in problems:
            lines.pop(problem.row, None)
        problems.sort(key=lambda problem: problem.row)
        return Parsed(lines, dict(zip(numbers, cells, strict=True)), problems)

    def _surplus(self, rows: Sequence[Row]) -> list[RowProblem]:
        width = self._layout.width
        return [
            RowProblem(
                row=number,
                column="",
                value=next(filter(None, row[width:])),
                code="surplus_cell",
                hint="The row has more cells than the header; put quotes around values that hold the delimiter.",
            )
            for number, row in rows
            if len(row) > width and any(row[width:])
        ]

    def _faults(
        self, column: Column, numbers: Sequence[int], given: Sequence[str], read: Sequence[str]
    ) -> list[RowProblem]:
        faults = self._memories[column.field].faults
        missing = Fault("missing", f"Every row needs its {column.name}.")
        return [
            RowProblem(
                row=number,
                column=self._layout.names[column.field],
                value=cell,
                code=fault.code,
                hint=fault.hint,
            )
            for number, cell, value in zip(numbers, given, read, strict=True)
            if value == NOTHING
            if (fault := faults.get(cell) or (missing if column.is_key else None)) is not None
        ]
