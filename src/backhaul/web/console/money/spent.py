"""Where the wallet's money went: holds and fees."""

from collections.abc import Sequence
from uuid import UUID

from litestar.response.base import ASGIResponse

from backhaul.domain import reshipping, returns
from backhaul.domain.billing import wallet
from backhaul.domain.billing.wallet import Fee, FeeId, FeeKind, Hold, HoldId, HoldStatus
from backhaul.domain.identity import Right
from backhaul.kernel.money import Money
from backhaul.web.console.cursors import code_or_none, uuid_or_none
from backhaul.web.console.declaring import shows
from backhaul.web.console.money import words
from backhaul.web.console.money.tabs import tabs_at
from backhaul.web.console.paging import PAGE, paged
from backhaul.web.console.visiting import Visit

HOLDS, FEES = "/money/holds", "/money/fees"


async def view_holds(visit: Visit) -> ASGIResponse:
    """List what money was set aside for."""
    status = code_or_none(HoldStatus, visit.asked("status"))
    before = uuid_or_none(visit.asked("before"))
    found = await wallet.list_holds(
        visit.db,
        actor=visit.actor,
        status=status,
        before=None if before is None else HoldId(before),
        limit=PAGE + 1,
    )
    return visit.page(
        "money/holds.html",
        title="Holds",
        tabs_shown=tabs_at(visit.path),
        numbers=await _numbers(visit, found),
        chosen=status,
        Money=Money,
        words=words,
        **paged(HOLDS, found, key=lambda one: one.id, before=before, status=status),
    )


async def view_fees(visit: Visit) -> ASGIResponse:
    """List what was charged from the wallet."""
    kind = code_or_none(FeeKind, visit.asked("kind"))
    before = uuid_or_none(visit.asked("before"))
    found = await wallet.list_fees(
        visit.db,
        actor=visit.actor,
        kind=kind,
        before=None if before is None else FeeId(before),
        limit=PAGE + 1,
    )
    return visit.page(
        "money/fees.html",
        title="Fees",
        tabs_shown=tabs_at(visit.path),
        numbers=await _numbers(visit, found),
        kind=kind,
        Money=Money,
        words=words,
        **paged(FEES, found, key=lambda one: one.id, before=before, kind=kind),
    )


async def _numbers(visit: Visit, found: Sequence[Hold | Fee]) -> dict[UUID, int]:
    """Return the numbers of the reshipments and returns that money was spent on, for links to them."""
    numbers: dict[UUID, int] = {}
    if not visit.may(Right.RETURNS_READ):
        return numbers
    if sent := {one.subject_id for one in found if one.subject_kind == "reshipment"}:
        numbers |= await reshipping.list_numbers(visit.db, actor=visit.actor, reshipment_ids=sent)
    if opened := {one.subject_id for one in found if one.subject_kind == "return"}:
        numbers |= await returns.list_numbers(visit.db, actor=visit.actor, return_ids=opened)
    return numbers


HANDLERS = [
    shows(HOLDS, view_holds, right=Right.BILLING_READ),
    shows(FEES, view_fees, right=Right.BILLING_READ),
]
