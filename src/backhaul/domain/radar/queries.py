"""Reading exceptions: one statement a question."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.radar.errors import ExceptionUnknown
from backhaul.domain.radar.model import ExceptionId, ExceptionKind, ParcelException
from backhaul.domain.radar.tables import HIGHEST_NUMBER
from backhaul.domain.transfers.model import Direction, Status
from backhaul.storage.database import Database
from backhaul.storage.rows import record

_SELECTED = ", ".join(f"x.{name}" for name in ParcelException.__struct_fields__)
_LISTED = f"""
SELECT {_SELECTED}, k.code AS recovery_code, t.employee_address ->> 'name' AS person_name, t.device_type,
    t.device_make, t.device_model, t.status AS transfer_status, t.direction
FROM parcel_exceptions AS x
JOIN transfers AS t ON t.org_id = x.org_id AND t.id = x.transfer_id
LEFT JOIN recovery_cases AS k ON k.org_id = x.org_id AND k.id = x.case_id
WHERE x.org_id = $1
"""
_PAGE = """
    AND x.number < $2 AND ($3::text IS NULL OR x.kind = $3) AND ($4::text IS NULL OR x.owner_email = $4)
    AND ($5::boolean IS NULL OR (x.acknowledged_at IS NOT NULL) = $5)
    AND ($7::boolean IS NULL OR coalesce(x.snoozed_until > $8::timestamptz, false) = $7)
ORDER BY x.number DESC LIMIT $6
"""
LIST_OPEN = f"{_LISTED} AND x.closed_at IS NULL {_PAGE}"
LIST_CLOSED = f"{_LISTED} AND x.closed_at IS NOT NULL {_PAGE}"
LIST_ALL = f"{_LISTED} {_PAGE}"
GET = f"{_LISTED} AND x.number = $2"
# Who did it is named as the members and keys of the organization are now.
HISTORY = """
SELECT h.action, h.at, h.actor_kind, coalesce(u.name, k.name) AS actor_name, h.change
FROM history AS h
LEFT JOIN users AS u ON h.actor_kind = 'user' AND u.id = h.actor_id
LEFT JOIN api_keys AS k ON h.actor_kind = 'api_key' AND k.org_id = $1 AND k.id = h.actor_id
WHERE h.org_id = $1 AND h.subject_kind = 'parcel_exception' AND h.subject_id = $2 ORDER BY h.id DESC
"""
COUNT_OPEN = """
SELECT kind, count(*) AS total FROM parcel_exceptions WHERE org_id = $1 AND closed_at IS NULL GROUP BY kind
"""


class ListedException(msgspec.Struct, frozen=True, kw_only=True):
    """An exception, and the recovery whose parcel it is about."""

    exception: ParcelException
    recovery_code: str | None
    person_name: str | None  # of the transfer, as are the following
    device_type: str
    device_make: str | None
    device_model: str | None
    transfer_status: Status
    direction: Direction


class ExceptionChange(msgspec.Struct, frozen=True, kw_only=True):
    """A line of an exception's history."""

    action: str
    at: datetime
    actor_kind: str
    actor_name: str | None  # of a person or key that is still known
    change: dict[str, Any]  # {field: [before, after]}


async def list_exceptions(
    db: Database,
    *,
    actor: Actor,
    kind: ExceptionKind | None = None,
    owner: str | None = None,
    is_open: bool | None = True,
    is_acknowledged: bool | None = None,
    is_snoozed: bool | None = None,
    now: datetime | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[ListedException]:
    """Return exceptions, newest first: open ones, closed ones or both (None); `before` is the last number seen.

    `is_snoozed` is as of `now`, which it needs.
    """
    assert is_snoozed is None or now is not None, "snoozed until when?"
    scope = actor.scope(Right.TRANSFERS_READ)
    statement = {True: LIST_OPEN, False: LIST_CLOSED, None: LIST_ALL}[is_open]
    async with db.read(scope) as reader:
        rows = await reader.fetch(
            statement,
            scope.org_id,
            HIGHEST_NUMBER if before is None else max(0, min(before, HIGHEST_NUMBER)),
            kind and kind.value,
            owner and owner.strip().casefold(),
            is_acknowledged,
            limit,
            is_snoozed,
            now,
        )
    return [_listed(row) for row in rows]


async def get_exception(db: Database, *, actor: Actor, exception: int) -> ListedException:
    """Return an exception by its number, or refuse an unknown one."""
    scope = actor.scope(Right.TRANSFERS_READ)
    row = None
    if 0 < exception <= HIGHEST_NUMBER:
        async with db.read(scope) as reader:
            row = await reader.fetchrow(GET, scope.org_id, exception)
    if row is None:
        raise ExceptionUnknown(exception=exception)
    return _listed(row)


async def list_changes(db: Database, *, actor: Actor, exception_id: ExceptionId) -> list[ExceptionChange]:
    """Return the history of an exception, newest first."""
    scope = actor.scope(Right.TRANSFERS_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(HISTORY, scope.org_id, exception_id)
    return [record(ExceptionChange, row) for row in rows]


async def count_open(db: Database, *, actor: Actor) -> dict[ExceptionKind, int]:
    """Return how many exceptions of each kind are open, acknowledged ones included; 0 for the others."""
    scope = actor.scope(Right.TRANSFERS_READ)
    async with db.read(scope) as reader:
        found = {row["kind"]: row["total"] for row in await reader.fetch(COUNT_OPEN, scope.org_id)}
    return {kind: found.get(kind.value, 0) for kind in ExceptionKind}


def _listed(row: Mapping[str, Any]) -> ListedException:
    names = {name: row[name] for name in ListedException.__struct_fields__ if name != "exception"}
    return msgspec.convert({"exception": record(ParcelException, row), **names}, ListedException)
