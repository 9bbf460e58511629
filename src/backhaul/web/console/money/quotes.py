"""Quotes of reshipments that wait for an answer, each with its breakdown."""

from litestar.response.base import ASGIResponse

from backhaul.domain import reshipping
from backhaul.domain.billing import wallet
from backhaul.domain.identity import Right
from backhaul.domain.reshipping import Decision
from backhaul.domain.reshipping.errors import ReshipmentUnknown
from backhaul.kernel.errors import DomainError, FieldProblem, InvalidInput, Kind
from backhaul.kernel.money import Money
from backhaul.web.console import notices
from backhaul.web.console.cursors import code_or_none, number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.money.tabs import tabs_at
from backhaul.web.console.paging import PAGE, paged
from backhaul.web.console.reshipments.reading import seen_fee
from backhaul.web.console.visiting import Visit

PATH = "/money/quotes"
MOST_AT_ONCE = 200
_OUTAGES = frozenset({Kind.UNAVAILABLE})

notices.declare(
    {
        "quotes.approved": "The quote is approved. Its amount is set aside in the wallet, and the warehouse packs.",
        "quotes.declined": "The quote is declined. It can still be approved until it expires.",
    }
)


async def view(visit: Visit) -> ASGIResponse:
    """List quotes that wait for an answer."""
    before = number_or_none(visit.asked("before"))
    found = await reshipping.list_to_answer(visit.db, actor=visit.actor, before=before, limit=PAGE + 1)
    balance = await wallet.get_balance(visit.db, actor=visit.actor) if visit.may(Right.BILLING_READ) else None
    return visit.page(
        "money/quotes.html",
        title="Quotes to answer",
        tabs_shown=tabs_at(visit.path),
        balance=balance,
        Money=Money,
        **paged(PATH, found, key=lambda one: one.number, before=before),
    )


async def approve(visit: Visit, form: Form) -> ASGIResponse:
    """Approve the quote that was shown."""
    await _answer(visit, _number_of(visit), Decision.APPROVE, seen=form["estimate"])
    return visit.go(PATH, notice="quotes.approved")


async def decline(visit: Visit, form: Form) -> ASGIResponse:
    """Decline the quote that was shown."""
    await _answer(visit, _number_of(visit), Decision.DECLINE, seen=form["estimate"])
    return visit.go(PATH, notice="quotes.declined")


async def answer_ticked(visit: Visit, form: Form) -> ASGIResponse:
    """Give the ticked quotes one answer, and say which got it and which did not."""
    numbers = list(dict.fromkeys(n for text in form.all("ids") if (n := number_or_none(text)) is not None))
    decision = code_or_none(Decision, form["do"])
    if not numbers or decision is None:
        raise InvalidInput([FieldProblem("ids", "missing", "tick at least one quote in the list first")])
    if len(numbers) > MOST_AT_ONCE:
        text = f"at most {MOST_AT_ONCE} quotes are answered at once"
        raise InvalidInput([FieldProblem("ids", "quotes.too_many", text)])
    refused = []
    for number in numbers:
        try:
            await _answer(visit, number, decision, seen=form[f"estimate_{number}"])
        except DomainError as refusal:
            if refusal.kind in _OUTAGES:
                raise
            refused.append((number, refusal.text))
    return visit.page(
        "money/answered.html",
        title="What became of them",
        done="approved" if decision is Decision.APPROVE else "declined",
        count=len(numbers) - len(refused),
        refused=refused,
        back=PATH,
    )


async def _answer(visit: Visit, number: int, decision: Decision, *, seen: str) -> None:
    await reshipping.answer_estimate(
        visit.db,
        actor=visit.actor,
        number=number,
        decision=decision,
        policy=visit.port(reshipping.Policy),
        now=visit.now,
        seen_fee_minor=seen_fee(seen),
    )


def _number_of(visit: Visit) -> int:
    number = number_or_none(visit.named("reshipment"))
    if number is None:
        raise ReshipmentUnknown(number=visit.named("reshipment")[:64])
    return number


HANDLERS = [
    shows(PATH, view, right=Right.RETURNS_READ),
    takes(f"{PATH}/answer", answer_ticked, right=Right.RETURNS_WRITE, again=view),
    takes(f"{PATH}/{{reshipment:str}}/approve", approve, right=Right.RETURNS_WRITE, again=view),
    takes(f"{PATH}/{{reshipment:str}}/decline", decline, right=Right.RETURNS_WRITE, again=view),
]
