"""What can be done with invoices, one file per verb."""

from backhaul.domain.billing.invoices.operations.make import make_invoice, make_invoices

__all__ = ["make_invoice", "make_invoices"]
