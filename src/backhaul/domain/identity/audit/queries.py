"""Reading the audit log: one statement a page, by the index of what is asked for."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from backhaul.domain.identity.audit import statements
from backhaul.domain.identity.audit.model import AuditFilter, Change, ChangeId, Mark
from backhaul.domain.identity.model import Actor, Right
from backhaul.storage.database import Database, Reader, Scope
from backhaul.storage.rows import record

MAX_PAGE = 2_000
_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_END = Mark(datetime(9999, 12, 31, tzinfo=UTC), ChangeId(UUID(int=(1 << 128) - 1)))


async def list_changes(
    db: Database, *, actor: Actor, wanted: AuditFilter, before: Mark | None = None, limit: int = 50
) -> list[Change]:
    """Return a page of the organization's audit log, newest first; the next comes `before` the last line of this.

    Each line has the key of its record's page, as long as there is one.
    """
    scope = actor.scope(Right.ORGANIZATION_MANAGE)
    async with db.read(scope) as reader:
        return await read_page(reader, scope, wanted, before=before, limit=limit, has_keys=True)


async def read_changes_of(
    reader: Reader, scope: Scope, *, kind: str, subject_id: UUID, limit: int = 200
) -> list[Change]:
    """Return the latest of what was done to one record, newest first."""
    return await read_page(reader, scope, AuditFilter(kind=kind, subject_id=subject_id), limit=limit)


async def read_page(
    reader: Reader,
    scope: Scope,
    wanted: AuditFilter,
    *,
    before: Mark | None = None,
    limit: int,
    has_keys: bool = False,
) -> list[Change]:
    """Return a page of the log; a record is found by its kind and its id together."""
    end = before or _END
    if wanted.until is not None and wanted.until < end.at:
        end = Mark(wanted.until, ChangeId(UUID(int=0)))
    statement, values = _statement(wanted)
    length = min(limit, MAX_PAGE)
    rows: list[Mapping[str, Any]] = await reader.fetch(
        statement, scope.org_id, wanted.since or _FIRST, end.at, end.id, length, has_keys, *values
    )
    return [record(Change, row) for row in rows]


def _statement(wanted: AuditFilter) -> tuple[str, tuple[Any, ...]]:
    if wanted.kind is not None and wanted.subject_id is not None:
        return statements.LIST_OF_SUBJECT, (wanted.kind, wanted.subject_id, wanted.actor_id)
    if wanted.actor_id is not None:
        return statements.LIST_OF_ACTOR, (wanted.actor_id, wanted.kind)
    if wanted.kind is not None:
        return statements.LIST_OF_KIND, (wanted.kind,)
    return statements.LIST_ALL, ()
