"""The wallet: what can be spent, topping it up, and what became of that."""

from uuid import uuid4

from litestar.response.base import ASGIResponse

from backhaul.domain import reshipping
from backhaul.domain.billing import wallet
from backhaul.domain.billing.queries import list_top_ups
from backhaul.domain.identity import Right
from backhaul.kernel.money import Money
from backhaul.web.console import notices
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.money import words
from backhaul.web.console.money.amounts import minor_in
from backhaul.web.console.money.tabs import tabs_at
from backhaul.web.console.visiting import Visit

PATH = "/money"
CURRENCY = "USD"
TOP_UPS, QUOTES = 8, 5

notices.declare(
    {
        "money.top_up_begun": "The payment is being collected. The money can be spent as soon as it is paid.",
    }
)


async def view(visit: Visit) -> ASGIResponse:
    """Show the wallet."""
    wallets = await wallet.list_balances(visit.db, actor=visit.actor)
    top_ups = await list_top_ups(visit.db, actor=visit.actor, limit=TOP_UPS)
    quotes = []
    if visit.may(Right.RETURNS_READ):
        quotes = await reshipping.list_to_answer(visit.db, actor=visit.actor, limit=QUOTES)
    return visit.page(
        "money/wallet.html",
        title="Money",
        tabs_shown=tabs_at(visit.path),
        wallets=wallets or [wallet.Wallet(org_id=visit.actor.org_id, currency=CURRENCY)],
        top_ups=top_ups,
        quotes=quotes,
        currency=CURRENCY,
        once_key=uuid4(),
        is_moving=any(one.status in words.MOVING for one in top_ups),
        Money=Money,
        words=words,
    )


async def top_up(visit: Visit, form: Form) -> ASGIResponse:
    """Have an amount paid into the wallet; the form's own key keeps a form that is sent twice from paying twice."""
    await wallet.top_up(
        visit.db,
        actor=visit.actor,
        amount=Money(minor_in(form["amount"], path="amount"), CURRENCY),
        key=form["key"],
        now=visit.now,
    )
    return visit.go(PATH, notice="money.top_up_begun")


HANDLERS = [
    shows(PATH, view, right=Right.BILLING_READ),
    takes(f"{PATH}/top-up", top_up, right=Right.BILLING_WRITE, again=view),
]
