"""Charges that the gateway collects, one by one, and what was given back of them."""

from litestar.response.base import ASGIResponse

from backhaul.domain.billing.errors import ChargeUnknown
from backhaul.domain.billing.model import ChargeId, RefundId, Status
from backhaul.domain.billing.operations import retry_declined
from backhaul.domain.billing.queries import get_charge_detail, list_charges, list_refunds
from backhaul.domain.identity import Right
from backhaul.kernel.money import Money
from backhaul.web.console import changes, notices
from backhaul.web.console.cursors import code_or_none, uuid_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.money import words
from backhaul.web.console.money.tabs import tabs_at
from backhaul.web.console.paging import PAGE, paged
from backhaul.web.console.visiting import Visit

PATH, REFUNDS = "/money/charges", "/money/refunds"

notices.declare(
    {"money.retried": "The payment is tried again now. Reload the page to see what became of it."}
)


async def view(visit: Visit) -> ASGIResponse:
    """List charges."""
    status = code_or_none(Status, visit.asked("status"))
    before = uuid_or_none(visit.asked("before"))
    found = await list_charges(
        visit.db,
        actor=visit.actor,
        status=status,
        before=None if before is None else ChargeId(before),
        limit=PAGE + 1,
    )
    return visit.page(
        "money/charges.html",
        title="Charges",
        tabs_shown=tabs_at(visit.path),
        chosen=status,
        Money=Money,
        words=words,
        **paged(PATH, found, key=lambda one: one.id, before=before, status=status),
    )


async def show(visit: Visit) -> ASGIResponse:
    """Show a charge: its bill, its refunds, and what was done."""
    found = await get_charge_detail(visit.db, actor=visit.actor, charge_id=_id_of(visit))
    return visit.page(
        "money/charge.html",
        title=found.charge.reference or words.SUBJECTS.get(found.charge.subject_kind, "Charge"),
        found=found,
        charge=found.charge,
        history=changes.shown(found.changes),
        Money=Money,
        Status=Status,
        words=words,
    )


async def retry(visit: Visit, _: Form) -> ASGIResponse:
    """Have a declined charge tried again at once."""
    charge = await retry_declined(visit.db, actor=visit.actor, charge_id=_id_of(visit), now=visit.now)
    return visit.go(f"{PATH}/{charge.id}", notice="money.retried")


async def view_refunds(visit: Visit) -> ASGIResponse:
    """List what was given back."""
    before = uuid_or_none(visit.asked("before"))
    found = await list_refunds(
        visit.db,
        actor=visit.actor,
        before=None if before is None else RefundId(before),
        limit=PAGE + 1,
    )
    return visit.page(
        "money/refunds.html",
        title="Refunds",
        tabs_shown=tabs_at(visit.path),
        words=words,
        **paged(REFUNDS, found, key=lambda one: one.id, before=before),
    )


def _id_of(visit: Visit) -> ChargeId:
    charge_id = uuid_or_none(visit.named("charge"))
    if charge_id is None:
        raise ChargeUnknown(charge_id=visit.named("charge")[:64])
    return ChargeId(charge_id)


HANDLERS = [
    shows(PATH, view, right=Right.BILLING_READ),
    shows(f"{PATH}/{{charge:str}}", show, right=Right.BILLING_READ),
    takes(f"{PATH}/{{charge:str}}/retry", retry, right=Right.BILLING_WRITE),
    shows(REFUNDS, view_refunds, right=Right.BILLING_READ),
]
