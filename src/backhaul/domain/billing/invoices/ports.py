"""What invoices need from outside."""

from typing import Protocol

from backhaul.domain.billing.invoices.model import InvoiceDetail


class InvoicePrinter(Protocol):
    """Puts an invoice on paper."""

    def to_pdf(self, detail: InvoiceDetail) -> bytes:
        """Return an invoice as PDF: the same bytes for the same invoice."""
        ...
