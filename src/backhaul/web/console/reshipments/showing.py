"""The page of one reshipment: what it costs, how far it is, where its parcel is, and what can be done now."""

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Right
from backhaul.domain.reshipping import Policy, Status
from backhaul.domain.reshipping.browsing import ReshipmentSheet, get_reshipment_sheet, stage_of
from backhaul.domain.reshipping.lifecycle import MOVES, is_over
from backhaul.domain.reshipping.model import Action
from backhaul.kernel.countries import country_name
from backhaul.kernel.money import Money
from backhaul.web.console.declaring import shows
from backhaul.web.console.reshipments import words
from backhaul.web.console.reshipments.reading import PATH, path_of, reshipment_number
from backhaul.web.console.returns import words as return_words
from backhaul.web.console.returns.history import lines_of
from backhaul.web.console.transfers import words as parcel_words
from backhaul.web.console.visiting import Visit


async def view(visit: Visit) -> ASGIResponse:
    """Show a reshipment with everything that belongs to it."""
    sheet = await get_reshipment_sheet(visit.db, actor=visit.actor, number=reshipment_number(visit))
    policy: Policy = visit.port(Policy)
    one = sheet.one
    return visit.page(
        "reshipments/reshipment.html",
        title=f"Reshipment {one.number}",
        sheet=sheet,
        one=one,
        base=path_of(one.number),
        stage=stage_of(one),
        may_do=_possible(visit, sheet) if visit.may(Right.RETURNS_WRITE) else frozenset(),
        left=Money(sheet.funds.amount_minor - one.estimated_fee_minor, one.currency),
        tolerance=policy.tolerance_percent if sheet.tolerance_percent is None else sheet.tolerance_percent,
        history=lines_of(sheet.history, words.ACTIONS),
        country_name=country_name,
        Money=Money,
        words=words,
        parcel_words=parcel_words,
        return_words=return_words,
    )


def _possible(visit: Visit, sheet: ReshipmentSheet) -> frozenset[str]:
    """Return what can be done with a reshipment now: no button that would be refused."""
    one = sheet.one
    is_answerable = one.estimated_fee_minor > 0 and not is_over(one, at=visit.now)
    can = {action for status, action in MOVES if status is one.status} if one.dispatched_at is None else set()
    allowed = {
        "approve": Action.APPROVE in can and is_answerable,
        "decline": Action.DECLINE in can and is_answerable and one.status is not Status.DECLINED,
        "delete": Action.DELETE in can,
    }
    return frozenset(name for name, is_allowed in allowed.items() if is_allowed)


HANDLERS = [shows(f"{PATH}/{{number:str}}", view, right=Right.RETURNS_READ)]
