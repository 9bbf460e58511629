"""Customers by name, with what they can spend and what was declined."""

from litestar.response.base import ASGIResponse

from backhaul.domain.billing import customers
from backhaul.domain.identity import Right
from backhaul.kernel.money import Money
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows
from backhaul.web.console.paging import PAGE
from backhaul.web.console.paths import with_query
from backhaul.web.console.settings.customers.naming import PATH
from backhaul.web.console.visiting import Visit

EMPTY = "empty"


async def view(visit: Visit) -> ASGIResponse:
    """List customers."""
    text, after = visit.asked("q"), number_or_none(visit.asked("after"))
    wallet = EMPTY if visit.asked("wallet") == EMPTY else None
    read = await customers.list_customers(
        visit.db,
        actor=visit.actor,
        text=text or "",
        only_empty=wallet == EMPTY,
        after=after or 0,
        limit=PAGE + 1,
    )
    found = read[:PAGE]
    return visit.page(
        "settings/customers/customers.html",
        title="Customers",
        found=found,
        text=text,
        wallet=wallet,
        first=with_query(PATH, q=text, wallet=wallet) if after else None,
        following=with_query(PATH, q=text, wallet=wallet, after=str(found[-1].number))
        if len(read) > PAGE
        else None,
        most=customers.MOST_DECLINED,
        Money=Money,
    )


HANDLERS = [shows(PATH, view, right=Right.INSTALLATION_OPERATE)]
