"""What returns, reshipments, wallets and the ledger must agree on at every moment, asked of the rows alone.

None of it is taken from the code that writes these rows; the tests of reshipping ask the same after each step.
"""

from typing import Protocol
from uuid import UUID

import asyncpg

# Each names what must not be there; the first rows found are shown.
DISAGREEMENTS = {
    "a return is in two live reshipments": """
        SELECT taken.number, array_agg(s.number ORDER BY s.number) FROM reshipments AS s
        CROSS JOIN LATERAL unnest(s.return_numbers) AS taken (number)
        WHERE s.status IN ('pending', 'declined', 'approved')
        GROUP BY s.org_id, taken.number HAVING count(*) > 1""",
    "a return is not what its reshipment says": """
        SELECT s.number, s.status, s.dispatched_at IS NOT NULL, taken.number, r.status FROM reshipments AS s
        CROSS JOIN LATERAL unnest(s.return_numbers) AS taken (number)
        LEFT JOIN returns AS r ON r.org_id = s.org_id AND r.number = taken.number
        WHERE s.status IN ('pending', 'declined', 'approved')
            AND (r.reshipment_id, r.status) IS DISTINCT FROM
                (s.id, CASE WHEN s.dispatched_at IS NULL THEN 'reshipping' ELSE 'reshipped' END)""",
    "a return is kept by no live reshipment": """
        SELECT r.number, r.status, s.number, s.status FROM returns AS r
        LEFT JOIN reshipments AS s ON s.org_id = r.org_id AND s.id = r.reshipment_id
        WHERE (r.status IN ('reshipping', 'reshipped') OR r.reshipment_id IS NOT NULL) AND NOT coalesce(
            s.status IN ('pending', 'declined', 'approved') AND r.number = ANY (s.return_numbers), false)""",
    "a reshipment has not exactly the money set aside that was approved": """
        SELECT s.number, s.status, count(h.id), sum(h.amount_minor) FROM reshipments AS s
        LEFT JOIN wallet_holds AS h ON h.org_id = s.org_id AND h.subject_kind = 'reshipment'
            AND h.subject_id = s.id AND h.status = 'held'
        GROUP BY s.org_id, s.id, s.number, s.status, s.dispatched_at, s.estimated_fee_minor, s.final_fee_minor
        HAVING count(h.id) > 1 OR coalesce(sum(h.amount_minor), 0) <>
            CASE WHEN s.status = 'approved' AND s.dispatched_at IS NULL
                THEN greatest(s.estimated_fee_minor, s.final_fee_minor) ELSE 0 END""",
    "a reshipment was not charged exactly what it cost": """
        SELECT s.number, s.reship_fee_minor, array_agg(f.amount_minor) FROM reshipments AS s
        LEFT JOIN wallet_fees AS f ON f.org_id = s.org_id AND f.subject_kind = 'reshipment' AND f.subject_id = s.id
        GROUP BY s.org_id, s.id, s.number, s.reship_fee_minor, s.dispatched_at
        HAVING coalesce(sum(f.amount_minor), 0) <> s.reship_fee_minor OR count(f.id) <> count(DISTINCT f.kind)
            OR (s.reship_fee_minor > 0) <> (s.dispatched_at IS NOT NULL)""",
    "something was charged twice": """
        SELECT f.subject_kind, f.kind, f.subject_id, count(*) FROM wallet_fees AS f WHERE f.refunded_at IS NULL
        GROUP BY f.org_id, f.subject_kind, f.subject_id, f.kind HAVING count(*) > 1""",
    "a wallet is below its limit": """
        SELECT w.available_minor, w.credit_limit_minor, w.held_minor FROM wallets AS w
        WHERE w.available_minor < -w.credit_limit_minor OR w.held_minor < 0""",
    "a wallet holds something else than its holds": """
        SELECT w.held_minor, sum(h.amount_minor) FROM wallets AS w
        LEFT JOIN wallet_holds AS h ON h.org_id = w.org_id AND h.currency = w.currency AND h.status = 'held'
        GROUP BY w.org_id, w.currency, w.held_minor HAVING w.held_minor <> coalesce(sum(h.amount_minor), 0)""",
    "a wallet has something else than was paid in and charged": """
        SELECT w.available_minor, w.held_minor, money.paid_in, money.charged FROM wallets AS w
        CROSS JOIN LATERAL (SELECT
            (SELECT coalesce(sum(c.amount_minor), 0) FROM charges AS c WHERE c.org_id = w.org_id
                AND c.currency = w.currency AND c.subject_kind = 'wallet' AND c.status = 'captured') AS paid_in,
            (SELECT coalesce(sum(f.amount_minor), 0) FROM wallet_fees AS f WHERE f.org_id = w.org_id
                AND f.currency = w.currency AND f.refunded_at IS NULL) AS charged) AS money
        WHERE w.available_minor + w.held_minor <> money.paid_in - money.charged""",
    "a wallet and the ledger disagree": """
        SELECT w.available_minor, w.held_minor, booked.available, booked.held FROM wallets AS w
        CROSS JOIN LATERAL (
            SELECT coalesce(-sum(e.amount_minor) FILTER (WHERE e.account = 'wallet_available'), 0) AS available,
                coalesce(-sum(e.amount_minor) FILTER (WHERE e.account = 'wallet_held'), 0) AS held
            FROM ledger_entries AS e WHERE e.org_id = w.org_id AND e.currency = w.currency) AS booked
        WHERE (w.available_minor, w.held_minor) <> (booked.available, booked.held)""",
    "the ledger does not add up to zero": """
        SELECT e.org_id, e.currency, sum(e.amount_minor) FROM ledger_entries AS e
        GROUP BY e.org_id, e.currency HAVING sum(e.amount_minor) <> 0""",
    "a transaction of the ledger does not add up to zero": """
        SELECT e.transaction_id, e.currency, sum(e.amount_minor) FROM ledger_entries AS e
        GROUP BY e.org_id, e.transaction_id, e.currency HAVING sum(e.amount_minor) <> 0""",
    "a parcel that could still be sent belongs to no reshipment": """
        SELECT p.id, p.status FROM shipments AS p
        LEFT JOIN reshipments AS s ON s.org_id = p.org_id AND s.shipment_id = p.id
        WHERE p.leg = 'onward' AND p.status NOT IN ('cancelled', 'failure') AND s.id IS NULL""",
    "a change of a reshipment is not in its history": """
        SELECT s.number, s.version, count(h.id) FROM reshipments AS s LEFT JOIN history AS h
            ON h.org_id = s.org_id AND h.subject_kind = 'reshipment' AND h.subject_id = s.id
        GROUP BY s.org_id, s.id, s.number, s.version HAVING count(h.id) <> s.version""",
}
SHOWN = 3

_ONE = """
SELECT {n} AS n, count(*) AS times, (array_agg(found::text))[1:{shown}] AS shown FROM ({statement}) AS found
HAVING count(*) > 0"""
ALL = "\nUNION ALL".join(
    _ONE.format(n=n, shown=SHOWN, statement=statement) for n, statement in enumerate(DISAGREEMENTS.values())
)


# For one organization the tables are what is hers of them: a name given here hides the table of that name.
TABLES = (
    "reshipments", "returns", "shipments", "history", "wallets", "wallet_holds", "wallet_fees", "charges",
    "ledger_entries",
)  # fmt: skip
OF_ONE = (
    "WITH " + ", ".join(f"{name} AS (SELECT * FROM public.{name} WHERE org_id = $1)" for name in TABLES) + ALL
)


class Asked(Protocol):
    """Whatever can be asked: a connection, or a reader of the system pool."""

    async def fetch(self, query: str, *values: UUID) -> list[asyncpg.Record]:
        """Return the rows of a statement."""


async def find_disagreements(asked: Asked, *, org_id: UUID | None = None) -> list[str]:
    """Return everything on which the rows disagree, of one organization or of all: one statement, one moment."""
    sentences = list(DISAGREEMENTS)
    rows = await (asked.fetch(ALL) if org_id is None else asked.fetch(OF_ONE, org_id))
    return [
        f"{sentences[row['n']]}: {row['times']} times, such as {'; '.join(row['shown'])}"
        for row in sorted(rows, key=lambda row: row["n"])
    ]
