"""CSV in its spellings: comma, semicolon, tab or bar; cells in quotes may hold line breaks."""

import contextlib
import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from backhaul.domain.bulk.errors import FileUnreadable

DELIMITERS = (",", ";", "\t", "|")
LONGEST_HEADER = 1 << 16
# A long cell is one row's problem, not the file's. The csv module has one limit for everybody.
LONGEST_CELL = 1 << 24
MOST_DELIMITERS = 1_000_000  # in a line: each becomes a cell, of many times its size in memory
csv.field_size_limit(LONGEST_CELL)

# What Excel may write before the header; spreadsheets do not count it as a row.
_NAMED = re.compile(r'"?sep=([,;\t|])"?\r?\n?', re.IGNORECASE)


def rows(file: BinaryIO, *, encoding: str, delimiter: str | None) -> Iterator[list[str]]:
    """Return the rows of a CSV file, its header among them; what cannot be read refuses with the row's number."""
    # Detached at the end, so that closing the reader does not close the caller's file.
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    number = 0
    try:
        found = _sniffed(text)
        chosen = delimiter or found
        for row in csv.reader(_narrow(text, chosen), delimiter=chosen, strict=True):
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


def _narrow(text: io.TextIOWrapper, delimiter: str) -> Iterator[str]:
    for line in text:
        if line.count(delimiter) > MOST_DELIMITERS:
            raise FileUnreadable(reason=f"a line has more than {MOST_DELIMITERS} delimiters")
        yield line


def _sniffed(text: io.TextIOWrapper) -> str:
    """Return the delimiter that is named before the header, or that the header has most of; rows come next."""
    line = text.readline(LONGEST_HEADER)
    named = _NAMED.fullmatch(line)
    if named is not None:
        return named[1]
    while line and not line.strip():
        line = text.readline(LONGEST_HEADER)
    text.seek(0)
    outside_quotes = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=outside_quotes.count)
