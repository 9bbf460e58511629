"""Lists: a table for people, tab-separated lines for scripts."""

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table


class Listing:
    """Rows under headings. The last column is never shortened: it holds the id that commands want."""

    def __init__(self, *headings: str) -> None:
        self._headings = headings
        self._rows: list[Sequence[str]] = []

    def add_row(self, *values: str) -> None:
        """Add a row, one value a heading."""
        self._rows.append(values)

    def show(self) -> None:
        """Print everything."""
        if not sys.stdout.isatty():
            for row in (self._headings, *self._rows):
                print("\t".join(row))
            return
        table = Table(box=None, header_style="dim", pad_edge=False)
        for heading in self._headings[:-1]:
            table.add_column(heading)
        table.add_column(self._headings[-1], no_wrap=True, overflow="ignore")
        for row in self._rows:
            table.add_row(*row)
        Console().print(table)
