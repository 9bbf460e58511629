"""CSV in its spellings: comma, semicolon, tab or bar; cells in quotes may hold line breaks."""

import contextlib
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from backhaul.domain.bulk.errors import FileUnreadable

DELIMITERS = (",", ";", "\t", "|")
LONGEST_HEADER = 1 << 16


def rows(file: BinaryIO, *, encoding: str, delimiter: str | None) -> Iterator[list[str]]:
    """Return the rows of a CSV file, its header among them; what cannot be read refuses with the row's number."""
    # Detached at the end, so that closing the reader does not close the caller's file.
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    number = 0
    try:
        chosen = delimiter or _sniffed(text)
        for row in csv.reader(text, delimiter=chosen, strict=True):
            number += 1
            yield row
    except UnicodeError as error:
        reason = f"after row {number} it is neither UTF-8 nor Windows-1252"
        raise FileUnreadable(reason=reason) from error
    except csv.Error as error:
        raise FileUnreadable(reason=f"after row {number}: {error}") from error
    finally:
        with contextlib.suppress(ValueError):  # the caller closed the file without reading to its end
            text.detach()


def _sniffed(text: io.TextIOWrapper) -> str:
    """Return the delimiter the header has most of, and begin again."""
    header = text.readline(LONGEST_HEADER)
    text.seek(0)
    outside_quotes = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=outside_quotes.count)
