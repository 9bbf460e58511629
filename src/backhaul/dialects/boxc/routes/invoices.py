"""GET /v1/invoices and /v1/invoices/{id}, as JSON or PDF (contract §3.8)."""

import asyncio
from typing import Any

from litestar import Request, get
from litestar.params import FromPath

from backhaul.dialects.answering import Answer
from backhaul.dialects.boxc import envelope
from backhaul.dialects.boxc.calling import BILLING, authenticate
from backhaul.dialects.boxc.numbers import number_in
from backhaul.dialects.boxc.paging import next_page, page_asked_for
from backhaul.dialects.boxc.views import invoices as views
from backhaul.dialects.serving import header
from backhaul.domain.billing import invoices

NAME = "invoices"
PDF = "application/pdf"


@get("/v1/invoices")
async def list_invoices(request: Request[Any, Any, Any]) -> Answer:
    """List the weekly invoices."""
    call = await authenticate(request, scope=BILLING)
    page = await page_asked_for(request, call, name=NAME)
    found = await invoices.list_invoices(
        call.db,
        actor=call.actor,
        order="asc" if page.is_ascending else "desc",
        after=page.last_id,
        limit=page.limit + 1,
    )
    shown = found[: page.limit]
    last_id = shown[-1].number if len(found) > page.limit else None
    following = await next_page(call, page, name=NAME, last_id=last_id)
    return envelope.listed(call, NAME, [views.invoice(one) for one in shown], next_page=following)


@get("/v1/invoices/{invoice_id:str}")
async def view_invoice(request: Request[Any, Any, Any], invoice_id: FromPath[str]) -> Answer:
    """View an invoice, or print it when PDF is asked for."""
    call = await authenticate(request, scope=BILLING)
    detail = await invoices.get_invoice(call.db, actor=call.actor, number=number_in(invoice_id))
    if not wants_pdf(header(request.scope, b"accept")):
        return envelope.one(call, "invoice", views.invoice(detail.invoice))
    printer = call.serving.ports[invoices.InvoicePrinter]
    printed = await asyncio.to_thread(printer.to_pdf, detail)  # others are answered meanwhile
    return Answer(body=printed, status_code=200, media_type=PDF, headers=call.headers)


def wants_pdf(accept: str | None) -> bool:
    """Tell whether PDF is asked for by name; JSON before it, or anything at all, is JSON."""
    for part in (accept or "").split(","):
        media_type = part.partition(";")[0].strip().lower()
        if media_type in {PDF, "application/json", "*/*"}:
            return media_type == PDF
    return False
