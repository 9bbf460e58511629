"""Reading reshipments: one statement a question."""

from collections.abc import Collection
from uuid import UUID

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.reshipping.errors import ReshipmentUnknown
from backhaul.domain.reshipping.model import MAX_NUMBER, Reshipment, Status
from backhaul.domain.reshipping.tables import COLUMNS, list_unquoted
from backhaul.domain.returns import Order
from backhaul.domain.returns.operations.working import operator_scope
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Database, Scope
from backhaul.storage.rows import optional, record

_VISIBLE = "status NOT IN ('deleted', 'expired')"  # the condition of the index `reshipments_listed`
GET = f"SELECT {COLUMNS} FROM reshipments WHERE org_id = $1 AND number = $2 AND {_VISIBLE}"
# Pages by number: behind $2, at most $3; a statement for each order, so that each has the index.
LIST_NEWEST = f"""
SELECT {COLUMNS} FROM reshipments
WHERE org_id = $1 AND {_VISIBLE} AND number < $2 ORDER BY number DESC LIMIT $3
"""
LIST_OLDEST = f"""
SELECT {COLUMNS} FROM reshipments
WHERE org_id = $1 AND {_VISIBLE} AND number > $2 ORDER BY number LIMIT $3
"""
# The condition of the index `reshipments_to_answer`.
LIST_TO_ANSWER = f"""
SELECT {COLUMNS} FROM reshipments
WHERE org_id = $1 AND status = 'pending' AND estimated_fee_minor > 0 AND number < $2 ORDER BY number DESC LIMIT $3
"""
LIST_SOME = f"SELECT {COLUMNS} FROM reshipments WHERE org_id = $1 AND number = ANY ($2::bigint[])"
NUMBERS = "SELECT id, number FROM reshipments WHERE org_id = $1 AND id = ANY ($2::uuid[])"
FIND_OWNER = "SELECT find_reshipment_owner($1)"


class ReshipmentPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some reshipments, and behind which number the next ones are."""

    items: tuple[Reshipment, ...]
    next_after: int | None  # None: that was all


async def get_reshipment(db: Database, *, actor: Actor, number: int) -> Reshipment:
    """Return one of the organization's reshipments; refuses what was deleted or has expired."""
    scope = actor.scope(Right.RETURNS_READ)
    found = None
    if 0 < number <= MAX_NUMBER:
        async with db.read(scope) as reader:
            found = optional(Reshipment, await reader.fetchrow(GET, scope.org_id, number))
    if found is None:
        raise ReshipmentUnknown(number=number)
    return found


async def list_reshipments(
    db: Database,
    *,
    actor: Actor,
    order: Order = Order.DESCENDING,
    after: int | None = None,
    limit: int = 50,
) -> ReshipmentPage:
    """Return a page of the organization's reshipments behind the number `after`, in the order of their numbers."""
    scope = actor.scope(Right.RETURNS_READ)
    is_newest_first = order is Order.DESCENDING
    start = after if after is not None else (MAX_NUMBER if is_newest_first else 0)
    statement = LIST_NEWEST if is_newest_first else LIST_OLDEST
    async with db.read(scope) as reader:
        rows = await reader.fetch(statement, scope.org_id, start, limit + 1)
    items = tuple(record(Reshipment, row) for row in rows[:limit])
    return ReshipmentPage(items=items, next_after=items[-1].number if len(rows) > limit else None)


async def list_to_answer(
    db: Database, *, actor: Actor, before: int | None = None, limit: int = 50
) -> list[Reshipment]:
    """Return a page of quoted reshipments that wait for their owner's answer, newest first."""
    scope = actor.scope(Right.RETURNS_READ)
    start = MAX_NUMBER if before is None else before
    async with db.read(scope) as reader:
        return [
            record(Reshipment, row) for row in await reader.fetch(LIST_TO_ANSWER, scope.org_id, start, limit)
        ]


async def list_numbers(db: Database, *, actor: Actor, reshipment_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return the number of each of these reshipments of the organization, in whatever status they are."""
    scope = actor.scope(Right.RETURNS_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(NUMBERS, scope.org_id, list(reshipment_ids))
    return {row["id"]: row["number"] for row in rows}


async def list_waiting(db: Database, *, actor: Actor, limit: int = 50) -> tuple[Reshipment, ...]:
    """Return what waits for the warehouse's estimate, of every organization, oldest first; the operator's alone to ask.

    Which ones is asked across organizations, what they are in each one's own scope.
    """
    operator_scope(actor)
    numbers: dict[OrgId, list[int]] = {}
    async with db.system() as reader:
        for org_id, number in await list_unquoted(reader, limit=limit):
            numbers.setdefault(org_id, []).append(number)
    found: list[Reshipment] = []
    for org_id, wanted in numbers.items():
        async with db.read(Scope(org_id)) as reader:
            rows = await reader.fetch(LIST_SOME, org_id, wanted)
        found += (record(Reshipment, row) for row in rows)
    # One that was answered meanwhile has left the list.
    waiting = (one for one in found if one.status is Status.PENDING and not one.estimated_fee_minor)
    return tuple(sorted(waiting, key=lambda one: (one.created_at, one.number)))


async def find_owner(db: Database, *, number: int) -> Scope:
    """Return in whose organization a reshipment is, or refuse."""
    owner = None
    if 0 < number <= MAX_NUMBER:
        async with db.lookup() as reader:
            owner = await reader.fetchval(FIND_OWNER, number)
    if owner is None:
        raise ReshipmentUnknown(number=number)
    return Scope(owner)
