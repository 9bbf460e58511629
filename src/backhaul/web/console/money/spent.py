"""Where the wallet's money went: holds and fees."""

from uuid import UUID

from litestar.response.base import ASGIResponse

from backhaul.domain import reshipping
from backhaul.domain.billing import wallet
from backhaul.domain.billing.wallet import FeeId, FeeKind, HoldId, HoldStatus
from backhaul.domain.identity import Right
from backhaul.kernel.money import Money
from backhaul.web.console.cursors import uuid_or_none
from backhaul.web.console.declaring import shows
from backhaul.web.console.money import words
from backhaul.web.console.money.tabs import tabs_at
from backhaul.web.console.paths import with_query
from backhaul.web.console.visiting import Visit

HOLDS, FEES = "/money/holds", "/money/fees"
PAGE = 50


async def view_holds(visit: Visit) -> ASGIResponse:
    """List what money was set aside for."""
    status = next((one for one in HoldStatus if one.value == visit.asked("status")), None)
    before = uuid_or_none(visit.asked("before"))
    found = await wallet.list_holds(
        visit.db,
        actor=visit.actor,
        status=status,
        before=None if before is None else HoldId(before),
        limit=PAGE + 1,
    )
    given = None if status is None else status.value
    return visit.page(
        "money/holds.html",
        title="Holds",
        tabs_shown=tabs_at(visit.path),
        found=found[:PAGE],
        numbers=await _numbers(visit, [one.subject_id for one in found if one.subject_kind == "reshipment"]),
        chosen=given,
        first=with_query(HOLDS, status=given) if before else None,
        older=with_query(HOLDS, status=given, before=str(found[PAGE - 1].id)) if len(found) > PAGE else None,
        Money=Money,
        words=words,
    )


async def view_fees(visit: Visit) -> ASGIResponse:
    """List what was charged from the wallet."""
    kind = next((one for one in FeeKind if one.value == visit.asked("kind")), None)
    before = uuid_or_none(visit.asked("before"))
    found = await wallet.list_fees(
        visit.db,
        actor=visit.actor,
        kind=kind,
        before=None if before is None else FeeId(before),
        limit=PAGE + 1,
    )
    given = None if kind is None else kind.value
    return visit.page(
        "money/fees.html",
        title="Fees",
        tabs_shown=tabs_at(visit.path),
        found=found[:PAGE],
        numbers=await _numbers(visit, [one.subject_id for one in found if one.subject_kind == "reshipment"]),
        kind=given,
        first=with_query(FEES, kind=given) if before else None,
        older=with_query(FEES, kind=given, before=str(found[PAGE - 1].id)) if len(found) > PAGE else None,
        Money=Money,
        words=words,
    )


async def _numbers(visit: Visit, ids: list[UUID]) -> dict[UUID, int]:
    """Return the numbers of reshipments, for links to them."""
    if not ids or not visit.may(Right.RETURNS_READ):
        return {}
    return await reshipping.list_numbers(visit.db, actor=visit.actor, reshipment_ids=set(ids))


HANDLERS = [
    shows(HOLDS, view_holds, right=Right.BILLING_READ),
    shows(FEES, view_fees, right=Right.BILLING_READ),
]
