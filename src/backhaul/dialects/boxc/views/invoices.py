"""An invoice as this dialect shows it (contract §3.8)."""

from typing import Any

from backhaul.dialects.boxc.envelope import amount, moment
from backhaul.domain.billing.invoices import Invoice


def invoice(one: Invoice) -> dict[str, Any]:
    """Return an invoice without its lines, which only the PDF has."""
    return {
        "created": moment(one.created_at),
        "currency": one.currency,
        "end_date": one.ends_on.isoformat(),
        "id": one.number,
        "name": one.name,
        "start_date": one.starts_on.isoformat(),
        "total": amount(one.total_minor),
        "total_billed": amount(one.total_billed_minor),
        "total_paid": amount(one.total_paid_minor),
    }
