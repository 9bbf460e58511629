"""Writing invoices."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from backhaul.domain.billing.invoices.model import Invoice, InvoiceLine
from backhaul.storage.database import Tx
from backhaul.storage.rows import record

# Whoever holds the series makes the organization's next invoice; a transaction that is rolled back uses no number up.
LOCK_SERIES = """
INSERT INTO invoice_series (org_id, last_sequence) VALUES ($1, 0)
ON CONFLICT (org_id) DO UPDATE SET last_sequence = invoice_series.last_sequence RETURNING last_sequence
"""

IS_MADE = "SELECT EXISTS (SELECT FROM invoices WHERE org_id = $1 AND starts_on = $2 AND currency = $3)"

# What costs or gives back something, until the end of the week, and is on no invoice yet: late comers included.
# Each such transaction has one entry on these accounts.
OPEN_LINES = """
SELECT t.id AS transaction_id, t.at, -e.amount_minor AS amount_minor, t.subject_kind, t.subject_id,
    CASE WHEN t.kind IN ('refund_paid', 'fee_refunded', 'charge_cancelled') THEN 'refund'
         ELSE coalesce(f.kind, c.purpose) END AS kind,
    coalesce(f.text, nullif(c.reference, ''), c.purpose) AS text
FROM ledger_transactions AS t
JOIN ledger_entries AS e
    ON e.org_id = $1 AND e.transaction_id = t.id AND e.account IN ('revenue', 'refunds') AND e.currency = $2
LEFT JOIN wallet_fees AS f ON f.org_id = $1 AND t.subject_kind = 'fee' AND f.id = t.subject_id
LEFT JOIN refunds AS r ON r.org_id = $1 AND t.subject_kind = 'refund' AND r.id = t.subject_id
LEFT JOIN charges AS c
    ON c.org_id = $1 AND c.id = CASE t.subject_kind WHEN 'charge' THEN t.subject_id ELSE r.charge_id END
WHERE t.org_id = $1 AND t.at < $3
  AND NOT EXISTS (SELECT FROM invoice_lines AS l WHERE l.org_id = $1 AND l.transaction_id = t.id)
ORDER BY t.at, t.id
"""

# What was not paid at that moment: charges nobody collected yet, and credit the wallet uses.
OWED = """
SELECT coalesce(sum(e.amount_minor) FILTER (WHERE e.account = 'receivable'), 0)
    + greatest(0, coalesce(sum(e.amount_minor) FILTER (WHERE e.account IN ('wallet_available', 'wallet_held')), 0))
FROM ledger_transactions AS t
JOIN ledger_entries AS e ON e.org_id = $1 AND e.transaction_id = t.id AND e.currency = $2
WHERE t.org_id = $1 AND t.at < $3
"""

CUSTOMER = "SELECT number, name, default_address FROM organizations WHERE org_id = $1"

INSERT = """
WITH series AS (
    UPDATE invoice_series SET last_sequence = $3 WHERE org_id = $1
), invoice AS (
    INSERT INTO invoices (org_id, id, sequence, name, customer_name, customer_address, starts_on, ends_on, currency,
                          total_minor, total_paid_minor, total_billed_minor, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING number
), lines AS (
    INSERT INTO invoice_lines (org_id, invoice_id, position, transaction_id, at, kind, text, subject_kind, subject_id,
                               amount_minor)
    SELECT $1, $2, line.position, line.transaction_id, line.at, line.kind, line.text, line.subject_kind,
        line.subject_id, line.amount_minor
    FROM unnest($14::int[], $15::uuid[], $16::timestamptz[], $17::text[], $18::text[], $19::text[], $20::uuid[],
                $21::bigint[]) AS line (position, transaction_id, at, kind, text, subject_kind, subject_id,
                                        amount_minor)
)
SELECT number FROM invoice
"""


async def lock_series(tx: Tx) -> int:
    """Return the last sequence, locked until the transaction ends."""
    last: int = await tx.fetchval(LOCK_SERIES, tx.org_id)
    return last


async def is_made(tx: Tx, starts_on: date, currency: str) -> bool:
    """Return whether a week has its invoice."""
    made: bool = await tx.fetchval(IS_MADE, tx.org_id, starts_on, currency)
    return made


async def open_lines(tx: Tx, currency: str, *, before: datetime) -> list[InvoiceLine]:
    """Return what is on no invoice yet, oldest first."""
    return [record(InvoiceLine, row) for row in await tx.fetch(OPEN_LINES, tx.org_id, currency, before)]


async def owed_minor(tx: Tx, currency: str, *, before: datetime) -> int:
    """Return what was not paid at a moment."""
    return int(await tx.fetchval(OWED, tx.org_id, currency, before))


async def customer(tx: Tx) -> tuple[int, str, Any]:
    """Return number, name and address of the organization."""
    row = await tx.fetchrow(CUSTOMER, tx.org_id)
    return row["number"], row["name"], row["default_address"]


async def insert(tx: Tx, i: Invoice, lines: Sequence[InvoiceLine]) -> int:
    """Add an invoice of a locked series, and return its number."""
    number: int = await tx.fetchval(
        INSERT, tx.org_id, i.id, i.sequence, i.name, i.customer_name, msgspec.to_builtins(i.customer_address),
        i.starts_on, i.ends_on, i.currency, i.total_minor, i.total_paid_minor, i.total_billed_minor, i.created_at,
        list(range(1, len(lines) + 1)), [line.transaction_id for line in lines], [line.at for line in lines],
        [line.kind for line in lines], [line.text for line in lines], [line.subject_kind for line in lines],
        [line.subject_id for line in lines], [line.amount_minor for line in lines],
    )  # fmt: skip
    return number
