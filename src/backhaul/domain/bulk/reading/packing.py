"""What a workbook comes to when it is unpacked: measured before it is, for a small file can fill any memory."""

import zipfile
import zlib
from typing import BinaryIO
from xml.parsers import expat

from backhaul.domain.bulk.errors import FileUnreadable

LARGEST_BYTES = 200_000_000
# Whoever reads a sheet keeps a place for every cell between the first and the last one, of about 30 bytes.
MOST_CELLS = 20_000_000
BLOCK_BYTES = 1 << 20

_DIGITS = "0123456789"


def require_modest(file: BinaryIO) -> None:
    """Refuse a workbook that is too large unpacked, or whose cells span too much."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST_BYTES:
                raise FileUnreadable(reason=f"unpacked it is larger than {LARGEST_BYTES // 1_000_000} MB")
            for member in archive.infolist():
                if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
                    _require_near(archive, member)
    except (
        zipfile.BadZipFile, zlib.error, expat.ExpatError, NotImplementedError, RuntimeError, EOFError, ValueError
    ) as error:  # fmt: skip
        raise FileUnreadable(reason=f"it is no workbook ({error})") from error
    file.seek(0)


def _require_near(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    measured = _Measured()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = measured.start
    with archive.open(member) as text:
        while block := text.read(BLOCK_BYTES):
            parser.Parse(block)
        parser.Parse(b"", True)
    if measured.rows * measured.columns > MOST_CELLS:
        reason = f"its cells span {measured.rows} rows and {measured.columns} columns; remove those far out"
        raise FileUnreadable(reason=reason)


class _Measured:
    """Between which rows and columns a sheet has cells that hold anything."""

    def __init__(self) -> None:
        self._row = self._column = 0
        self._used_rows: set[int] = set()
        self._used_columns: set[int] = set()

    @property
    def rows(self) -> int:
        return max(self._used_rows) - min(self._used_rows) + 1 if self._used_rows else 0

    @property
    def columns(self) -> int:
        return max(self._used_columns) - min(self._used_columns) + 1 if self._used_columns else 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note where a row, a cell or a value begins. A row or cell that does not say where it is comes next."""
        tag = name.rpartition(" ")[2]
        if tag == "c":
            place = attributes.get("r")
            if place is None:
                self._column += 1
                return
            letters = place.rstrip(_DIGITS)
            self._column = _column(letters)
            self._row = int(place[len(letters) :])
        elif tag in {"v", "is"}:  # cells without are formats
            self._used_rows.add(self._row)
            self._used_columns.add(self._column)
        elif tag == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
