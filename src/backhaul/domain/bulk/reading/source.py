"""A file that was opened: its header, its rows by their numbers, and what tells it from others."""

from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from backhaul.domain.bulk.errors import ColumnsRefused, FileUnreadable
from backhaul.domain.bulk.model import shown
from backhaul.domain.bulk.reading import delimited, encodings, workbook

LONGEST_NAME = 255
Row = tuple[int, list[str]]  # its number, the header being 1


class Source:
    """A table that is read once, from its first row to its last."""

    def __init__(self, *, name: str, fingerprint: bytes, rows: Iterator[list[str]]) -> None:
        self.name = shown(name, longest=LONGEST_NAME)
        self.fingerprint = fingerprint
        self._rows = enumerate(rows, start=1)
        self.header = self._header()

    def _header(self) -> list[str]:
        for _, cells in self._rows:
            if any("\0" in cell for cell in cells):
                raise FileUnreadable(reason="its header holds NUL, as UTF-16 without its mark does")
            if any(cell.strip() for cell in cells):
                return [shown(cell.strip()) for cell in cells]
        raise FileUnreadable(reason="it is empty")

    def take(self, count: int) -> list[Row]:
        """Return the next rows that hold anything; an empty list is the end."""
        filled = (
            (number, cells) for number, cells in self._rows if any(cells) and any(map(str.strip, cells))
        )
        return list(islice(filled, count))


def open_source(file: BinaryIO, *, name: str, delimiter: str | None = None) -> Source:
    """Open a CSV or XLSX file; it must be able to seek.

    A CSV file's delimiter is found out from its header unless one is given.
    """
    if delimiter is not None and delimiter not in delimited.DELIMITERS:
        raise ColumnsRefused(
            reason="a delimiter is one of comma, semicolon, tab and bar", found=repr(delimiter)
        )
    if not file.seekable():
        raise FileUnreadable(reason="it can be read only once, and twice is needed; write it to a file")
    fingerprint, encoding = encodings.examine(file)
    if workbook.is_workbook(file):
        return Source(name=name, fingerprint=fingerprint, rows=workbook.rows(file))
    return Source(
        name=name,
        fingerprint=fingerprint,
        rows=delimited.rows(file, encoding=encoding, delimiter=delimiter),
    )
