"""History: who did what to which record, when, and what it looked like before and after."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from backhaul.kernel.ids import new_id
from backhaul.storage.author import SYSTEM, Author
from backhaul.storage.database import Reader, Scope, Tx
from backhaul.storage.facts import FactKind

__all__ = ["SYSTEM", "Author", "Entry", "difference", "note", "of_subject"]

HISTORY = FactKind(
    name="history",
    width=9,
    insert="""
INSERT INTO history (org_id, id, subject_kind, subject_id, action, actor_kind, actor_id, at, change)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::uuid[],
                     $8::timestamptz[], $9::jsonb[])
""",
)

OF_SUBJECT = """
SELECT action, actor_kind, actor_id, at, change FROM history
WHERE org_id = $1 AND subject_kind = $2 AND subject_id = $3 ORDER BY id
"""


class Entry(msgspec.Struct, frozen=True):
    """One line of a record's history; `change` maps each changed field to [before, after]."""

    action: str
    actor_kind: str
    actor_id: UUID | None
    at: datetime
    change: dict[str, Any]


def note(
    tx: Tx,
    author: Author,
    *,
    subject: tuple[str, UUID],
    action: str,
    at: datetime,
    before: msgspec.Struct | None = None,
    after: msgspec.Struct | None = None,
    reason: str | None = None,
) -> None:
    """Note an action on a record. Only the fields that differ are kept, and why if somebody said so."""
    change = difference(before, after)
    if reason is not None:
        change["reason"] = [None, reason]
    kind, subject_id = subject
    tx.note(
        HISTORY,
        tx.org_id,
        new_id(),
        kind,
        subject_id,
        action,
        author.kind,
        author.id,
        at,
        change,
    )


def difference(before: msgspec.Struct | None, after: msgspec.Struct | None) -> dict[str, list[Any]]:
    """Return {field: [before, after]} of the fields that differ."""
    old = {} if before is None else msgspec.to_builtins(before)
    new = {} if after is None else msgspec.to_builtins(after)
    return {name: [old.get(name), new.get(name)] for name in (new or old) if old.get(name) != new.get(name)}


async def of_subject(reader: Reader, scope: Scope, *, kind: str, subject_id: UUID) -> list[Entry]:
    """Return a record's history, oldest first."""
    rows = await reader.fetch(OF_SUBJECT, scope.org_id, kind, subject_id)
    return [Entry(**dict(row)) for row in rows]
