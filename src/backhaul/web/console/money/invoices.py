"""Weekly invoices, and the whole ledger as a file."""

import asyncio

from litestar.response.base import ASGIResponse

from backhaul.domain.billing.exporting import export_ledger
from backhaul.domain.billing.invoices import (
    InvoiceDetail,
    InvoicePrinter,
    InvoiceUnknown,
    get_invoice,
    list_invoices,
)
from backhaul.domain.identity import Right
from backhaul.kernel.money import Money
from backhaul.web.console import answering
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows
from backhaul.web.console.downloads import Write, sent_file
from backhaul.web.console.money import words
from backhaul.web.console.money.tabs import tabs_at
from backhaul.web.console.paging import PAGE, paged
from backhaul.web.console.visiting import Visit

PATH = "/money/invoices"


async def view(visit: Visit) -> ASGIResponse:
    """List invoices."""
    before = number_or_none(visit.asked("before"))
    found = await list_invoices(visit.db, actor=visit.actor, after=before, limit=PAGE + 1)
    return visit.page(
        "money/invoices.html",
        title="Invoices",
        tabs_shown=tabs_at(visit.path),
        Money=Money,
        **paged(PATH, found, key=lambda one: one.number, before=before),
    )


async def show(visit: Visit) -> ASGIResponse:
    """Show an invoice with its lines."""
    found = await _read(visit)
    return visit.page(
        "money/invoice.html",
        title=f"Invoice {found.invoice.name}",
        invoice=found.invoice,
        lines=found.lines,
        words=words,
        Money=Money,
    )


async def print_pdf(visit: Visit) -> ASGIResponse:
    """Print an invoice."""
    found = await _read(visit)
    printer: InvoicePrinter = visit.port(InvoicePrinter)
    printed = await asyncio.to_thread(printer.to_pdf, found)  # others are answered meanwhile
    return answering.download(
        printed, name=f"invoice-{found.invoice.number}.pdf", media_type="application/pdf", is_shown=True
    )


async def export(visit: Visit) -> ASGIResponse:
    """Give out every entry of the ledger."""

    async def write_all(write: Write) -> None:
        await export_ledger(visit.db, actor=visit.actor, write=write)

    return await sent_file(write_all, name="ledger.csv", media_type="text/csv")


async def _read(visit: Visit) -> InvoiceDetail:
    number = number_or_none(visit.named("invoice"))
    if number is None:
        raise InvoiceUnknown(invoice=visit.named("invoice")[:64])
    return await get_invoice(visit.db, actor=visit.actor, number=number)


HANDLERS = [
    shows(PATH, view, right=Right.BILLING_READ),
    shows(f"{PATH}/{{invoice:str}}", show, right=Right.BILLING_READ),
    shows(f"{PATH}/{{invoice:str}}/pdf", print_pdf, right=Right.BILLING_READ),
    shows("/money/ledger", export, right=Right.BILLING_READ),
]
