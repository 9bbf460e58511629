"""Reading lists and one asset's sheet: one statement a question."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.inventory.browsing import statements
from backhaul.domain.inventory.browsing.model import (
    ENDING_DAYS,
    AssetChoices,
    AssetFilter,
    AssetLine,
    AssetLines,
    AssetSheet,
    Change,
    HandOver,
    PeopleFilter,
    PersonLine,
)
from backhaul.domain.inventory.errors import AssetUnknown
from backhaul.domain.inventory.model import Custody, StatusLabel
from backhaul.domain.inventory.queries import MAX_NUMBER
from backhaul.domain.inventory.spelling import searchable
from backhaul.domain.inventory.tables import detail
from backhaul.storage.database import Database
from backhaul.storage.rows import record

PAGE_ROWS = 50
_AT_REST = frozenset({None, Custody.ORGANIZATION, Custody.EMPLOYEE})


async def browse_assets(
    db: Database,
    *,
    actor: Actor,
    wanted: AssetFilter,
    today: date,
    before: int | None = None,
    limit: int = PAGE_ROWS,
) -> AssetLines:
    """Return a page of assets, newest first; `before` is the last number seen."""
    scope = actor.scope(Right.INVENTORY_READ)
    statement = statements.LISTS[_leading(wanted)]
    values = _values(wanted, today, before, limit)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statement, scope.org_id, *values)
    items = tuple(record(AssetLine, _without_total(row)) for row in rows if row["number"] is not None)
    return AssetLines(items=items, total=rows[0]["total"] if wanted == AssetFilter() else None)


async def list_numbers(
    db: Database, *, actor: Actor, wanted: AssetFilter, today: date, limit: int
) -> list[int]:
    """Return the numbers of the assets that are asked for, newest first: what an export is told."""
    scope = actor.scope(Right.INVENTORY_READ)
    values = _values(wanted, today, None, limit)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.NUMBERS[_leading(wanted)], scope.org_id, *values)
    return [row["number"] for row in rows]


async def list_choices(
    db: Database, *, actor: Actor, holder: int | None = None, is_whole: bool = True
) -> AssetChoices:
    """Return what a form can offer, or with less what a filter of assets can; and whom the filter names."""
    scope = actor.scope(Right.INVENTORY_READ)
    async with db.read(scope) as reader:
        row = await reader.fetchrow(statements.LIST_CHOICES, scope.org_id, _number(holder), is_whole)
    return record(AssetChoices, row)


async def get_asset_sheet(db: Database, *, actor: Actor, number: int) -> AssetSheet:
    """Return everything the inventory knows of an asset, or refuse a number that is not this organization's."""
    scope = actor.scope(Right.INVENTORY_READ)
    row = None
    if 0 < number <= MAX_NUMBER:
        async with db.read(scope) as reader:
            row = await reader.fetchrow(statements.GET_SHEET, scope.org_id, number)
    if row is None:
        raise AssetUnknown
    found = detail(row)
    return AssetSheet(
        detail=found,
        is_held=row["is_held"],
        labels=msgspec.convert(row["labels"], tuple[StatusLabel, ...]),
        holder_id=found.asset.employee_id,
        hand_overs=msgspec.convert(row["hand_overs"], tuple[HandOver, ...]),
        changes=msgspec.convert(row["changes"], tuple[Change, ...]),
    )


async def browse_people(
    db: Database, *, actor: Actor, wanted: PeopleFilter, after: int | None = None, limit: int = PAGE_ROWS
) -> list[PersonLine]:
    """Return employees by name, with how many devices each holds; `after` is the number of the last one seen."""
    actor.require_all({Right.DIRECTORY_READ, Right.INVENTORY_READ})
    scope = actor.scope(Right.DIRECTORY_READ)
    statement = statements.PEOPLE if after is None else statements.PEOPLE_AFTER
    values = (
        limit,
        _number(after),
        None if wanted.status is None else wanted.status.value,
        _number(wanted.department),
        _number(wanted.location),
        None if wanted.holding is None else wanted.holding.value,
        _text(wanted.text),
    )
    async with db.read(scope) as reader:
        rows = await reader.fetch(statement, scope.org_id, *values)
    return [record(PersonLine, row) for row in rows]


def _leading(wanted: AssetFilter) -> str:
    """Return by what the assets are found: what leaves the fewest, as a rule."""
    if _text(wanted.text) is not None:
        return "text"
    for name in ("holder", "location", "model"):
        if getattr(wanted, name) is not None:
            return name
    if wanted.custody not in _AT_REST:
        return "away"
    if wanted.status is not None:
        return "status"
    return "status_type" if wanted.status_type is not None else ""


def _values(wanted: AssetFilter, today: date, before: int | None, limit: int) -> tuple[Any, ...]:
    return (
        MAX_NUMBER if before is None else _number(before),
        limit,
        _number(wanted.status),
        None if wanted.status_type is None else wanted.status_type.value,
        _number(wanted.model),
        _number(wanted.location),
        None if wanted.custody is None else wanted.custody.value,
        _number(wanted.holder),
        None if wanted.warranty is None else wanted.warranty.value,
        today,
        _text(wanted.text),
        today + timedelta(days=ENDING_DAYS),
    )


def _number(number: int | None) -> int | None:
    """Return a number that the column can hold; one beyond it nothing has."""
    return None if number is None else max(-1, min(number, MAX_NUMBER))


def _text(text: str | None) -> str | None:
    return searchable(text).strip() or None if text else None


def _without_total(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "total"}
