"""The audit log as CSV: page by page, never all of it in memory."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence

import msgspec

from backhaul.domain.identity.audit.model import AuditFilter, Change, Mark
from backhaul.domain.identity.audit.queries import MAX_PAGE, read_page
from backhaul.domain.identity.model import Actor, Right
from backhaul.storage.database import Database

COLUMNS = ("at", "record", "record_id", "action", "actor", "actor_id", "actor_name", "change")
# Spreadsheets take such cells for formulas, East Asian ones the wide signs too; an apostrophe makes them texts again.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


async def export_changes(
    db: Database, *, actor: Actor, wanted: AuditFilter, write: Callable[[bytes], object]
) -> int:
    """Write what is asked for, newest first, and return how many lines there are.

    Lines are never changed and new ones come in front, so that pages need no common snapshot. Texts that a spreadsheet
    would calculate are guarded.
    """
    scope = actor.scope(Right.ORGANIZATION_MANAGE)
    _write_rows(write, [COLUMNS])
    written, before = 0, None
    while True:
        async with db.read(scope) as reader:
            page = await read_page(reader, scope, wanted, before=before, limit=MAX_PAGE)
        _write_rows(write, [_row(one) for one in page])
        written += len(page)
        if len(page) < MAX_PAGE:
            return written
        before = Mark(page[-1].at, page[-1].id)


def _row(one: Change) -> Sequence[str]:
    change = msgspec.json.encode(one.change).decode()
    actor_id = "" if one.actor_id is None else str(one.actor_id)
    cells = (
        one.at.isoformat(), one.subject_kind, str(one.subject_id), one.action, one.actor_kind, actor_id,
        one.actor_name or "", change,
    )  # fmt: skip
    return [f"'{cell}" if _FORMULA.match(cell) else cell for cell in cells]


def _write_rows(write: Callable[[bytes], object], rows: Iterable[Sequence[str]]) -> None:
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\r\n").writerows(rows)  # RFC 4180
    write(lines.getvalue().encode("utf-8", "replace"))
