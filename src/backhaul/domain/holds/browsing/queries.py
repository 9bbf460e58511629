"""Reading the list of holds and one hold's sheet: one statement a question."""

import msgspec

from backhaul.domain.holds.browsing import statements
from backhaul.domain.holds.browsing.model import (
    Change,
    HoldFilter,
    HoldLine,
    HoldSheet,
    PendingRelease,
    ShownRelease,
    ShownSubject,
)
from backhaul.domain.holds.errors import HoldUnknown
from backhaul.domain.holds.model import Hold
from backhaul.domain.holds.tables import HIGHEST_NUMBER
from backhaul.domain.identity.model import Actor, Right
from backhaul.storage.database import Database
from backhaul.storage.rows import record

PAGE_ROWS = 50
MOST_PENDING = 50
LONGEST_TEXT = 200


async def browse_holds(
    db: Database,
    *,
    actor: Actor,
    wanted: HoldFilter,
    before: int | None = None,
    limit: int = PAGE_ROWS,
) -> list[HoldLine]:
    """Return a page of holds, newest first; `before` is the last number seen."""
    scope = actor.scope(Right.HOLDS_READ)
    text = wanted.text and wanted.text[:LONGEST_TEXT]
    values = (before or HIGHEST_NUMBER, wanted.is_active, text, limit)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.LIST_HOLDS, scope.org_id, *values)
    return [record(HoldLine, row) for row in rows]


async def list_pending(db: Database, *, actor: Actor) -> list[PendingRelease]:
    """Return the releases that wait for a second person, the oldest first."""
    scope = actor.scope(Right.HOLDS_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.LIST_PENDING, scope.org_id, MOST_PENDING)
    return [record(PendingRelease, row) for row in rows]


async def get_hold_sheet(db: Database, *, actor: Actor, number: int) -> HoldSheet:
    """Return a hold by its number with everything about it, or refuse an unknown one."""
    scope = actor.scope(Right.HOLDS_READ)
    row = None
    if 0 < number <= HIGHEST_NUMBER:
        async with db.read(scope) as reader:
            row = await reader.fetchrow(statements.GET_SHEET, scope.org_id, number)
    if row is None:
        raise HoldUnknown
    return HoldSheet(
        hold=record(Hold, row),
        placed_by=row["placed_by"],
        subjects=msgspec.convert(row["subjects"], tuple[ShownSubject, ...]),
        releases=msgspec.convert(row["releases"], tuple[ShownRelease, ...]),
        changes=msgspec.convert(row["changes"], tuple[Change, ...]),
    )
