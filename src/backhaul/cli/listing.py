"""Lists: a table for people, tab-separated lines for scripts; and how values stand in them."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

Before = Annotated[int | None, typer.Option(help="Only those with smaller numbers.")]
Limit = Annotated[int, typer.Option(min=1, max=200)]
LongLimit = Annotated[int, typer.Option(min=1, max=500)]


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


def one_line(text: str) -> str:
    """Return a stranger's text as it cannot harm a terminal: one line, nothing but printable signs."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def amount(minor: int) -> str:
    """Return money without its currency; minor units are hundredths."""
    whole, hundredths = divmod(abs(minor), 100)
    return f"{'-' if minor < 0 else ''}{whole}.{hundredths:02}"
