"""XLSX: the first sheet of a workbook, its typed cells as texts."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from backhaul.domain.bulk.errors import FileUnreadable
from backhaul.domain.bulk.reading import packing

MARK = b"PK\x03\x04"  # a workbook is a ZIP archive


def is_workbook(file: BinaryIO) -> bool:
    """Return whether a file begins like a workbook."""
    file.seek(0)
    start = file.read(len(MARK))
    file.seek(0)
    return start == MARK


def rows(file: BinaryIO) -> Iterator[list[str]]:
    """Return the rows of the first sheet, blank ones included. The whole sheet is held in memory meanwhile."""
    with packing.packed_anew(file) as modest:
        try:
            workbook = CalamineWorkbook.from_filelike(modest)
            if not workbook.sheet_names:
                raise FileUnreadable(reason="the workbook has no sheet")
            sheet = workbook.get_sheet_by_index(0)
        except CalamineError as error:
            raise FileUnreadable(reason=f"it is no workbook ({error})") from error
    first_row = (sheet.start or (0, 0))[0]
    for _ in range(first_row):  # rows above the first used one are not told otherwise
        yield []
    for cells in sheet.to_python(skip_empty_area=True):
        yield [written(cell) for cell in cells]


def written(cell: Any) -> str:
    """Return a cell as a person would type it: whole numbers without a fraction, days and times in ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)
