"""What invoices refuse."""

from backhaul.kernel.errors import DomainError, Kind


class InvoiceUnknown(DomainError):
    """No such invoice in this organization."""

    code = "billing.invoice_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no invoice {invoice}."
