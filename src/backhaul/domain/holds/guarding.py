"""What every other capability asks before it lets something go that cannot be got back."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from backhaul.domain.holds import statements
from backhaul.domain.holds.errors import HeldLegally
from backhaul.storage.database import Tx


async def require_free(
    tx: Tx,
    *,
    asset_ids: Collection[UUID] = (),
    return_numbers: Collection[int] = (),
    employee_ids: Collection[UUID] = (),
    case_numbers: Collection[str] = (),
    doing: str,
) -> None:
    """Refuse if a legal hold covers any of these; `doing` says what was meant: "wiped", "shipped again", "discarded".

    An asset is also held by its case, and by the recovery of somebody on hold; so is a return, whatever lies in it.
    Locks what it asks about until the commit, so that no hold is placed in between: assets, then people, then cases.
    The caller has locked the returns.
    """
    if asset_ids or return_numbers:
        what = await tx.fetchval(statements.HELD_THINGS, tx.org_id, list(asset_ids), list(return_numbers))
        if what is not None:
            raise HeldLegally(what=what, doing=doing)
    if employee_ids:
        number = await _first(tx, statements.HELD_EMPLOYEES, employee_ids)
        if number is not None:
            raise HeldLegally(what=f"Employee {number}", doing=doing)
    if case_numbers:
        await tx.fetchval(statements.SHARE_CASES, tx.org_id, list(case_numbers))
        number = await _first(tx, statements.HELD_CASES, case_numbers)
        if number is not None:
            raise HeldLegally(what=f"Case {number}", doing=doing)


async def _first(tx: Tx, statement: str, names: Collection[Any]) -> Any:
    return await tx.fetchval(statement, tx.org_id, list(names))
