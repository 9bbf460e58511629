"""What is made by itself."""

from datetime import timedelta

from backhaul.domain.billing.invoices import operations
from backhaul.jobqueue import Run, periodic


@periodic("billing.make_invoices", every=timedelta(hours=1))
async def make_invoices(run: Run) -> None:
    """Make the invoices of the last week, and of any before it that has none."""
    await operations.make_invoices(run.db, now=run.now())
