"""What invoices tell others. `subject_id` is the invoice."""

from datetime import date

from backhaul.storage.outbox import Event, event


@event("billing.invoice_made")
class InvoiceMade(Event, frozen=True, kw_only=True):
    """A week's invoice is there."""

    number: int
    starts_on: date
    total_minor: int
    currency: str
