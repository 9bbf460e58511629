"""Reading reshipments as people look at them: one statement a question."""

from collections.abc import Mapping
from typing import Any

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.reshipping.browsing import statements
from backhaul.domain.reshipping.browsing.model import (
    Change,
    HeldReturn,
    OnwardParcel,
    QueuedReshipment,
    ReshipmentLines,
    ReshipmentQueue,
    ReshipmentSheet,
    Spendable,
    Stage,
)
from backhaul.domain.reshipping.errors import NotLabelled, ReshipmentUnknown
from backhaul.domain.reshipping.model import MAX_NUMBER, Reshipment
from backhaul.domain.reshipping.operations.working import at_bench
from backhaul.domain.returns.operations.working import operator_scope
from backhaul.domain.shipping.model import LabelFormat
from backhaul.kernel.addresses import Address
from backhaul.storage.database import Database, Scope
from backhaul.storage.rows import record

PAGE_ROWS = 50

_LISTS = {
    None: statements.LIST_ALL,
    Stage.QUOTE: statements.LIST_TO_QUOTE,
    Stage.ANSWER: statements.LIST_TO_ANSWER,
    Stage.APPROVED: statements.LIST_APPROVED,
    Stage.SENT: statements.LIST_SENT,
    Stage.DECLINED: statements.LIST_DECLINED,
}
_PARTS: dict[str, Any] = {
    "origin": Address,
    "returns": tuple[HeldReturn, ...],
    "parcel": OnwardParcel | None,
    "spendable": tuple[Spendable, ...],
    "history": tuple[Change, ...],
}


async def browse_reshipments(
    db: Database,
    *,
    actor: Actor,
    stage: Stage | None = None,
    before: int | None = None,
    limit: int = PAGE_ROWS,
) -> ReshipmentLines:
    """Return a page of the organization's reshipments, newest first, below the number `before`."""
    scope = actor.scope(Right.RETURNS_READ)
    start = MAX_NUMBER if before is None else before
    async with db.read(scope) as reader:
        rows = await reader.fetch(_LISTS[stage], scope.org_id, start, limit + 1)
    lines = tuple(record(Reshipment, row) for row in rows[:limit])
    return ReshipmentLines(lines=lines, next_before=lines[-1].number if len(rows) > limit else None)


async def get_reshipment_sheet(db: Database, *, actor: Actor, number: int) -> ReshipmentSheet:
    """Return one of the organization's reshipments with all that belongs to it, or refuse."""
    return await _read_sheet(db, actor.scope(Right.RETURNS_READ), number)


async def get_bench_sheet(db: Database, *, actor: Actor, number: int) -> ReshipmentSheet:
    """Return a reshipment as the warehouse works on it, or refuse."""
    bench = await at_bench(db, actor=actor, number=number)
    return await _read_sheet(db, bench.scope, number)


async def get_onward_label_on_bench(db: Database, *, actor: Actor, number: int, form: LabelFormat) -> bytes:
    """Return the label of a reshipment that the warehouse works on, or refuse when there is none to print."""
    bench = await at_bench(db, actor=actor, number=number)
    return await _read_label(db, bench.scope, number, form)


async def browse_queue(
    db: Database, *, actor: Actor, queue: ReshipmentQueue, after: int = 0, limit: int = PAGE_ROWS
) -> tuple[QueuedReshipment, ...]:
    """Return what waits for an estimate, to be weighed or to be dispatched: oldest first, above the number `after`."""
    scope = operator_scope(actor)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.LIST_QUEUE, scope.org_id, queue.value, after, limit)
    return tuple(record(QueuedReshipment, row) for row in rows)


async def _read_sheet(db: Database, scope: Scope, number: int) -> ReshipmentSheet:
    row: Mapping[str, Any] | None = None
    if 0 < number <= MAX_NUMBER:
        async with db.read(scope) as reader:
            row = await reader.fetchrow(statements.GET_SHEET, scope.org_id, number)
    if row is None:
        raise ReshipmentUnknown(number=number)
    return ReshipmentSheet(
        one=record(Reshipment, {name: row[name] for name in Reshipment.__struct_fields__}),
        owner_name=row["owner_name"],
        warehouse_name=row["warehouse_name"],
        tolerance_percent=row["tolerance_percent"],
        **{name: msgspec.convert(row[name], kind) for name, kind in _PARTS.items()},
    )


async def _read_label(db: Database, scope: Scope, number: int, form: LabelFormat) -> bytes:
    if not 0 < number <= MAX_NUMBER:
        raise ReshipmentUnknown(number=number)
    async with db.read(scope) as reader:
        content: bytes | None = await reader.fetchval(statements.GET_LABEL, scope.org_id, number, form.value)
    if content is None:
        raise NotLabelled(number=number)
    return content
