"""Write everything of a kind: page by page out of one snapshot, never the whole of it in memory."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from backhaul.domain.bulk.assets.columns import COLUMNS as ASSET_COLUMNS
from backhaul.domain.bulk.columns import Column
from backhaul.domain.bulk.employees.columns import COLUMNS as EMPLOYEE_COLUMNS
from backhaul.domain.bulk.exporting import queries
from backhaul.domain.bulk.model import Form, Kind
from backhaul.domain.bulk.values import FORMULA
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.inventory.model import asset_number
from backhaul.storage.database import Database

PAGE_ROWS = 2_000

Row = Mapping[str, Any]
Cell = Callable[[Row], Any]


class Exporter(msgspec.Struct, frozen=True):
    """What one kind of file is written from."""

    right: Right
    page: str
    cells: dict[str, Cell]  # the file's column → its value


def _field(column: Column) -> Cell:
    return lambda row: row[column.field]


def _cost(row: Row) -> str | None:
    minor = row["purchase_cost_minor"]
    return None if minor is None else f"{minor // 100}.{minor % 100:02}"


def _cells(columns: Sequence[Column]) -> dict[str, Cell]:
    return {column.name: _field(column) for column in columns}


EXPORTERS = {
    Kind.ASSETS: Exporter(
        right=Right.INVENTORY_READ,
        page=queries.PAGE_OF_ASSETS,
        cells={
            **_cells(ASSET_COLUMNS),
            "purchase_cost": _cost,
            # For people who read it; imports ignore both.
            "asset_number": lambda row: asset_number(row["number"], row["created_at"]),
            "custody": lambda row: row["custody"],
        },
    ),
    Kind.EMPLOYEES: Exporter(
        right=Right.DIRECTORY_READ, page=queries.PAGE_OF_EMPLOYEES, cells=_cells(EMPLOYEE_COLUMNS)
    ),
}


async def export_file(
    db: Database,
    *,
    actor: Actor,
    kind: Kind,
    form: Form,
    write: Callable[[bytes], object],
    numbers: Sequence[int] | None = None,
) -> int:
    """Hand everything of a kind to `write`, as it was at one moment, and return how many rows that were.

    With `numbers`, only those of the rows.

    CSV begins with a header, and its cells are safe to open in a spreadsheet; JSON Lines hold the bare values.
    """
    exporter = EXPORTERS[kind]
    written = 0
    async with db.transaction(actor.scope(exporter.right)) as tx:
        await tx.execute(queries.ONE_MOMENT)
        if form is Form.CSV:
            write(as_csv([list(exporter.cells)]))
        last = 0
        while page := await tx.fetch(exporter.page, tx.org_id, last, PAGE_ROWS, numbers):
            rows = [[cell(row) for cell in exporter.cells.values()] for row in page]
            write(as_csv(rows) if form is Form.CSV else as_json_lines(exporter.cells, rows))
            last = page[-1]["number"]
            written += len(page)
    return written


def as_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """Return rows as CSV in UTF-8."""
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\r\n").writerows([_as_cell(value) for value in row] for row in rows)
    return lines.getvalue().encode()


def as_json_lines(names: Iterable[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return rows as one JSON object a line."""
    listed = list(names)
    return msgspec.json.Encoder().encode_lines([dict(zip(listed, row, strict=True)) for row in rows])


def _as_cell(value: Any) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    if value is None or value == {}:
        return ""
    if isinstance(value, str):
        return f"'{value}" if FORMULA.match(value) else value
    if isinstance(value, date):
        return value.isoformat()
    return msgspec.json.encode(value).decode()
