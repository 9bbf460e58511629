"""Money of an organization: a filled wallet, a hold, fees, charges with a refund, and an invoice of the week."""

from datetime import timedelta

from backhaul.domain.billing.invoices import list_invoices, make_invoices
from backhaul.domain.billing.queries import list_charges
from tests.domain.billing.purse import Purse


async def furnish(console, name):
    """Return the ids of what pages about money need."""
    purse = purse_of(console, name)
    await purse.fill(100_000)
    await purse.hold(2_500)
    fee = await purse.charge(450)
    await purse.refund(await purse.charge(300))
    charge = next(
        one for one in await list_charges(purse.db, actor=purse.actor) if one.subject_kind == "transfer"
    )
    await purse.refund_charge(charge, 100)
    await purse.drain()
    await make_invoices(purse.db, now=purse.now + timedelta(days=8))
    invoice = (await list_invoices(purse.db, actor=purse.actor))[0]
    return {
        "customer": str((await purse.operator()).org_number),
        "charge": str(charge.id),
        "fee": str(fee.id),
        "invoice": str(invoice.number),
    }


def purse_of(console, name):
    """The wallet of somebody's organization, and what is done to it."""
    return Purse(console.db, console.clock, console.make, console.actors[name])
