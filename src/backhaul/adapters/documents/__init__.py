"""Papers other than labels, as PDF on A4: invoices. Start with `invoices`."""

from backhaul.adapters.documents.invoices import PdfInvoices

__all__ = ["PdfInvoices"]
