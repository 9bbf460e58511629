"""Weekly invoices: what an organization was charged, Monday to Sunday (UTC), numbered without gaps, never changed.

Not here: taking the money (`billing.operations`, `billing.wallet`). Start with `model`, then `operations.make`.
"""

from backhaul.domain.billing.invoices.errors import InvoiceUnknown
from backhaul.domain.billing.invoices.model import Invoice, InvoiceDetail, InvoiceId, InvoiceLine
from backhaul.domain.billing.invoices.operations import make_invoices
from backhaul.domain.billing.invoices.ports import InvoicePrinter
from backhaul.domain.billing.invoices.queries import get_invoice, list_invoices

__all__ = [
    "Invoice",
    "InvoiceDetail",
    "InvoiceId",
    "InvoiceLine",
    "InvoicePrinter",
    "InvoiceUnknown",
    "get_invoice",
    "list_invoices",
    "make_invoices",
]
