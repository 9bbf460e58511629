"""Reading invoices: one statement a question."""

from datetime import date, datetime
from typing import Literal

import msgspec

from backhaul.domain.billing.invoices.errors import InvoiceUnknown
from backhaul.domain.billing.invoices.model import Invoice, InvoiceDetail
from backhaul.domain.identity.model import Actor, Right
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Database, Reader
from backhaul.storage.rows import optional, record

MAX_PAGE = 500

COLUMNS = ", ".join(Invoice.__struct_fields__)

NEWEST_FIRST = f"""
SELECT {COLUMNS} FROM invoices WHERE org_id = $1 AND ($2::bigint IS NULL OR number < $2) ORDER BY number DESC LIMIT $3
"""
OLDEST_FIRST = f"""
SELECT {COLUMNS} FROM invoices WHERE org_id = $1 AND ($2::bigint IS NULL OR number > $2) ORDER BY number LIMIT $3
"""
GET = """
SELECT to_jsonb(i) AS invoice, (
    SELECT coalesce(jsonb_agg(to_jsonb(l) ORDER BY l.position), '[]') FROM invoice_lines AS l
    WHERE l.org_id = $1 AND l.invoice_id = i.id
) AS lines
FROM invoices AS i WHERE i.org_id = $1 AND i.number = $2
"""

# Weeks with something on no invoice. Looks back a while beyond the last invoices that were made: far enough for what
# was committed late, and for any outage, since nobody made an invoice in it.
OPEN_WEEKS = """
SELECT t.org_id, e.currency, date_trunc('week', t.at AT TIME ZONE 'UTC')::date AS starts_on
FROM ledger_transactions AS t
JOIN ledger_entries AS e
    ON e.org_id = t.org_id AND e.transaction_id = t.id AND e.account IN ('revenue', 'refunds')
WHERE t.at < $1
  AND t.at >= (SELECT coalesce(max(starts_on) - 56, '0001-01-01') FROM invoices)::timestamp AT TIME ZONE 'UTC'
  AND NOT EXISTS (SELECT FROM invoice_lines AS l WHERE l.org_id = t.org_id AND l.transaction_id = t.id)
GROUP BY t.org_id, e.currency, starts_on ORDER BY t.org_id, e.currency, starts_on
"""


class OpenWeeks(msgspec.Struct, frozen=True, kw_only=True):
    """An organization's weeks with something on no invoice, in one currency."""

    org_id: OrgId
    currency: str
    weeks: list[date]


async def list_invoices(
    db: Database,
    *,
    actor: Actor,
    order: Literal["asc", "desc"] = "desc",
    after: int | None = None,
    limit: int = 50,
) -> list[Invoice]:
    """Return a page of invoices, newest first unless asked otherwise; the next comes `after` the last number."""
    scope = actor.scope(Right.BILLING_READ)
    statement = NEWEST_FIRST if order == "desc" else OLDEST_FIRST
    async with db.read(scope) as reader:
        rows = await reader.fetch(statement, scope.org_id, after, min(limit, MAX_PAGE))
    return [record(Invoice, row) for row in rows]


async def get_invoice(db: Database, *, actor: Actor, number: int) -> InvoiceDetail:
    """Return an invoice with its lines, or refuse."""
    scope = actor.scope(Right.BILLING_READ)
    async with db.read(scope) as reader:
        found = optional(InvoiceDetail, await reader.fetchrow(GET, scope.org_id, number))
    if found is None:
        raise InvoiceUnknown(invoice=number)
    return found


async def list_open_weeks(reader: Reader, *, before: datetime) -> list[OpenWeeks]:
    """Return where an invoice may be missing, over all organizations (system pool)."""
    found: dict[tuple[OrgId, str], list[date]] = {}
    for row in await reader.fetch(OPEN_WEEKS, before):
        found.setdefault((OrgId(row["org_id"]), row["currency"]), []).append(row["starts_on"])
    return [
        OpenWeeks(org_id=org_id, currency=currency, weeks=weeks)
        for (org_id, currency), weeks in found.items()
    ]
