"""One customer's money, and how far they may overdraw their wallet."""

from litestar.response.base import ASGIResponse

from backhaul.domain.billing import customers, wallet
from backhaul.domain.billing.model import ChargeId
from backhaul.domain.billing.wallet import FeeId
from backhaul.domain.identity import Right
from backhaul.kernel.money import Money
from backhaul.web.console import notices
from backhaul.web.console.cursors import uuid_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.money import words
from backhaul.web.console.money.amounts import minor_in
from backhaul.web.console.money.wallet import CURRENCY
from backhaul.web.console.paths import with_query
from backhaul.web.console.settings.customers.naming import PATH, number_of, path_of
from backhaul.web.console.visiting import Visit

ROWS = 10

notices.declare({"customers.limit_set": "The credit limit is changed."})


async def show(visit: Visit) -> ASGIResponse:
    """Show one customer."""
    charges_before = uuid_or_none(visit.asked("charges"))
    fees_before = uuid_or_none(visit.asked("fees"))
    found = await customers.get_account(
        visit.db,
        actor=visit.actor,
        number=number_of(visit),
        charges_before=None if charges_before is None else ChargeId(charges_before),
        fees_before=None if fees_before is None else FeeId(fees_before),
        limit=ROWS + 1,
    )
    here = path_of(found.number)
    charges, fees = found.charges[:ROWS], found.fees[:ROWS]
    return visit.page(
        "settings/customers/account.html",
        title=found.name,
        found=found,
        here_is=here,
        charges=charges,
        fees=fees,
        refunds=found.refunds[:ROWS],
        newest=here if charges_before or fees_before else None,
        older_charges=with_query(here, charges=str(charges[-1].id)) if len(found.charges) > ROWS else None,
        older_fees=with_query(here, fees=str(fees[-1].id)) if len(found.fees) > ROWS else None,
        wallets=found.wallets,
        currency=CURRENCY,
        limit=next((one.credit_limit_minor for one in found.wallets if one.currency == CURRENCY), 0),
        most=customers.MOST_HOLDS,
        Money=Money,
        words=words,
    )


async def set_limit(visit: Visit, form: Form) -> ASGIResponse:
    """Say how far the customer may overdraw their wallet."""
    number = number_of(visit)
    limit = Money(minor_in(form["limit"], path="limit"), CURRENCY)
    customer = await customers.find_customer(visit.db, actor=visit.actor, number=number)
    await wallet.set_credit_limit(visit.db, actor=visit.actor, org_id=customer.id, limit=limit, now=visit.now)
    return visit.go(path_of(number), notice="customers.limit_set")


_OPERATE = Right.INSTALLATION_OPERATE
HANDLERS = [
    shows(f"{PATH}/{{customer:str}}", show, right=_OPERATE),
    takes(f"{PATH}/{{customer:str}}/credit-limit", set_limit, right=_OPERATE, again=show),
]
