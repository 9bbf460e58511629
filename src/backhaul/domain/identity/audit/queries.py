"""Reading the audit log: one statement a page, by the index of what is asked for."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from backhaul.domain.identity.audit.model import AuditFilter, Change, ChangeId, Mark
from backhaul.domain.identity.model import Actor, Right
from backhaul.storage.database import Database, Reader, Scope
from backhaul.storage.rows import record

MAX_PAGE = 2_000
_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_END = Mark(datetime(9999, 12, 31, tzinfo=UTC), ChangeId(UUID(int=(1 << 128) - 1)))

_COLUMNS = "id, at, subject_kind, subject_id, action, actor_kind, actor_id, change"
_NAMED = """h.id, h.at, h.subject_kind, h.subject_id, h.action, h.actor_kind, h.actor_id, h.change,
    coalesce(u.name, k.name, c.name) AS actor_name
FROM page AS h
LEFT JOIN users AS u ON h.actor_kind = 'user' AND u.id = h.actor_id
LEFT JOIN api_keys AS k ON h.actor_kind = 'api_key' AND k.org_id = $1 AND k.id = h.actor_id
LEFT JOIN oauth_clients AS c ON h.actor_kind = 'client' AND c.org_id = $1 AND c.id = h.actor_id
ORDER BY h.at DESC, h.id DESC"""
# A page begins at $2 and ends before the place ($3, $4).
_PAGE = "at >= $2 AND (at, id) < ($3, $4) ORDER BY at DESC, id DESC LIMIT $5"

LIST_ALL = f"""
WITH page AS MATERIALIZED (SELECT {_COLUMNS} FROM history WHERE org_id = $1 AND {_PAGE})
SELECT {_NAMED}
"""
LIST_OF_KIND = f"""
WITH page AS MATERIALIZED (SELECT {_COLUMNS} FROM history WHERE org_id = $1 AND subject_kind = $6 AND {_PAGE})
SELECT {_NAMED}
"""
LIST_OF_ACTOR = f"""
WITH page AS MATERIALIZED (
    SELECT {_COLUMNS} FROM history
    WHERE org_id = $1 AND actor_id = $6 AND ($7::text IS NULL OR subject_kind = $7) AND {_PAGE}
)
SELECT {_NAMED}
"""
LIST_OF_SUBJECT = f"""
WITH page AS MATERIALIZED (
    SELECT {_COLUMNS} FROM history
    WHERE org_id = $1 AND subject_kind = $6 AND subject_id = $7 AND ($8::uuid IS NULL OR actor_id = $8) AND {_PAGE}
)
SELECT {_NAMED}
"""


async def list_changes(
    db: Database, *, actor: Actor, wanted: AuditFilter, before: Mark | None = None, limit: int = 50
) -> list[Change]:
    """Return a page of the organization's audit log, newest first; the next comes `before` the last line of this."""
    scope = actor.scope(Right.ORGANIZATION_MANAGE)
    async with db.read(scope) as reader:
        return await read_page(reader, scope, wanted, before=before, limit=limit)


async def read_changes_of(
    reader: Reader, scope: Scope, *, kind: str, subject_id: UUID, limit: int = 200
) -> list[Change]:
    """Return the latest of what was done to one record, newest first."""
    return await read_page(reader, scope, AuditFilter(kind=kind, subject_id=subject_id), limit=limit)


async def read_page(
    reader: Reader, scope: Scope, wanted: AuditFilter, *, before: Mark | None = None, limit: int
) -> list[Change]:
    """Return a page of the log; a record is found by its kind and its id together."""
    end = before or _END
    if wanted.until is not None and wanted.until < end.at:
        end = Mark(wanted.until, ChangeId(UUID(int=0)))
    statement, values = _statement(wanted)
    rows: list[Mapping[str, Any]] = await reader.fetch(
        statement, scope.org_id, wanted.since or _FIRST, end.at, end.id, min(limit, MAX_PAGE), *values
    )
    return [record(Change, row) for row in rows]


def _statement(wanted: AuditFilter) -> tuple[str, tuple[Any, ...]]:
    if wanted.kind is not None and wanted.subject_id is not None:
        return LIST_OF_SUBJECT, (wanted.kind, wanted.subject_id, wanted.actor_id)
    if wanted.actor_id is not None:
        return LIST_OF_ACTOR, (wanted.actor_id, wanted.kind)
    if wanted.kind is not None:
        return LIST_OF_KIND, (wanted.kind,)
    return LIST_ALL, ()
