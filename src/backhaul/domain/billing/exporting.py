"""The whole ledger of an organization as CSV: page by page out of one snapshot, never all of it in memory."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence

from backhaul.domain.billing import queries
from backhaul.domain.identity.model import Actor, Right
from backhaul.storage.database import Database

PAGE_ROWS = 2_000
COLUMNS = (
    "at", "transaction", "kind", "subject_kind", "subject", "reverses", "account", "currency", "amount_minor", "text",
)  # fmt: skip
# Spreadsheets take such cells for formulas, East Asian ones the wide signs too; an apostrophe makes them texts again.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


async def export_ledger(db: Database, *, actor: Actor, write: Callable[[bytes], object]) -> int:
    """Write every entry, oldest transaction first, and return how many there are; all pages see one moment.

    Amounts are in minor units: debits above zero, credits below. Texts that a spreadsheet would calculate are guarded.
    """
    scope = actor.scope(Right.BILLING_READ)
    written, seen = 0, None
    _write_rows(write, [COLUMNS])
    async with db.transaction(scope) as tx:
        await tx.execute(queries.ONE_MOMENT)
        while page := await tx.fetch(queries.EXPORT_PAGE, scope.org_id, seen, PAGE_ROWS):
            _write_rows(write, [[_cell(row[column]) for column in COLUMNS] for row in page])
            written += len(page)
            seen = page[-1]["transaction"]
    return written


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)  # a number below zero is no formula
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def _write_rows(write: Callable[[bytes], object], rows: Iterable[Sequence[str]]) -> None:
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\r\n").writerows(rows)  # RFC 4180
    write(lines.getvalue().encode())
