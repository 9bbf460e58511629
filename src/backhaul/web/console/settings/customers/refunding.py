"""A customer's charge or fee, and giving it back."""

from uuid import uuid4

from litestar.response.base import ASGIResponse

from backhaul.domain.billing import customers
from backhaul.domain.billing.errors import RefundTooLarge
from backhaul.domain.billing.lifecycle import refundable_minor
from backhaul.domain.billing.model import Charge
from backhaul.domain.billing.operations import request_refund
from backhaul.domain.billing.reasons import MAX_REASON
from backhaul.domain.billing.wallet import refund_fee
from backhaul.domain.identity import Right
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.money import Money
from backhaul.web.console import changes, notices
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.money import words
from backhaul.web.console.money.amounts import minor_in
from backhaul.web.console.settings.customers.naming import PATH, charge_of, fee_of, number_of, path_of
from backhaul.web.console.visiting import Visit

notices.declare(
    {
        "customers.refund_asked": "The refund is on its way. Reload the page to see when it is paid back.",
        "customers.fee_refunded": "The fee is back in the wallet.",
    }
)


async def show_charge(visit: Visit) -> ASGIResponse:
    """Show one charge of a customer."""
    number = number_of(visit)
    found = await customers.get_charge_of(
        visit.db, actor=visit.actor, number=number, charge_id=charge_of(visit)
    )
    charge = found.detail.charge
    return visit.page(
        "settings/customers/charge.html",
        title=charge.reference or words.SUBJECTS.get(charge.subject_kind, "Charge"),
        customer=found.customer,
        customer_path=path_of(number),
        charge=charge,
        refunds=found.detail.refunds,
        left=_left_of(charge),
        once_key=uuid4(),
        longest=MAX_REASON,
        history=changes.shown(found.detail.changes),
        Money=Money,
        words=words,
    )


async def refund_charge(visit: Visit, form: Form) -> ASGIResponse:
    """Give back some or all of a charge; the form's own key keeps a form that is sent twice from giving back twice."""
    number, charge_id = number_of(visit), charge_of(visit)
    amount_minor = minor_in(form["amount"], path="amount")
    customer = await customers.find_customer(visit.db, actor=visit.actor, number=number)
    try:
        charge = await request_refund(
            visit.db,
            actor=visit.actor,
            org_id=customer.id,
            charge_id=charge_id,
            amount_minor=amount_minor,
            reason=form["reason"],
            now=visit.now,
            once_key=form["key"],
        )
    except RefundTooLarge as refusal:
        raise InvalidInput([FieldProblem("amount", refusal.code, refusal.text)]) from refusal
    return visit.go(f"{path_of(number)}/charges/{charge.id}", notice="customers.refund_asked")


async def show_fee(visit: Visit) -> ASGIResponse:
    """Show one fee of a customer."""
    number = number_of(visit)
    found = await customers.get_fee_of(visit.db, actor=visit.actor, number=number, fee_id=fee_of(visit))
    return visit.page(
        "settings/customers/fee.html",
        title=words.FEES[found.fee.kind],
        customer=found.customer,
        customer_path=path_of(number),
        fee=found.fee,
        longest=MAX_REASON,
        history=changes.shown(found.changes),
        Money=Money,
        words=words,
    )


async def give_fee_back(visit: Visit, form: Form) -> ASGIResponse:
    """Give the whole of a fee back to the wallet; once, however often the form is sent."""
    number, fee_id = number_of(visit), fee_of(visit)
    customer = await customers.find_customer(visit.db, actor=visit.actor, number=number)
    fee = await refund_fee(
        visit.db,
        actor=visit.actor,
        org_id=customer.id,
        fee_id=fee_id,
        reason=form["reason"],
        now=visit.now,
    )
    return visit.go(f"{path_of(number)}/fees/{fee.id}", notice="customers.fee_refunded")


def _left_of(charge: Charge) -> Money | None:
    """Return what can be given back now; None where nothing was taken, or it is all promised back."""
    left = refundable_minor(charge) if charge.is_paid and not charge.is_top_up else 0
    return Money(left, charge.currency) if left else None


_OPERATE = Right.INSTALLATION_OPERATE
_CHARGE, _FEE = f"{PATH}/{{customer:str}}/charges/{{charge:str}}", f"{PATH}/{{customer:str}}/fees/{{fee:str}}"
HANDLERS = [
    shows(_CHARGE, show_charge, right=_OPERATE),
    takes(f"{_CHARGE}/refund", refund_charge, right=_OPERATE, again=show_charge),
    shows(_FEE, show_fee, right=_OPERATE),
    takes(f"{_FEE}/refund", give_fee_back, right=_OPERATE, again=show_fee),
]
