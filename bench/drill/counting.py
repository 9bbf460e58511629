"""What must hold once everything has settled; all of it is asked of the database and of the mail folder."""

from collections import Counter
from uuid import UUID

import asyncpg
import msgspec

from bench.drill.agreement import find_disagreements
from bench.drill.ordering import Orders
from bench.drill.reshipping import Reshipments

WAITING = """
SELECT (SELECT count(*) FROM transfers WHERE status <> 'complete') AS transfers,
       (SELECT count(*) FROM charges WHERE status <> 'captured') AS charges,
       (SELECT count(*) FROM messages WHERE status = 'queued') AS messages,
       (SELECT count(*) FROM jobs.pgqueuer WHERE status <> 'failed') AS jobs,
       (SELECT count(*) FROM outbox WHERE processed_at IS NULL) AS events
"""

# A worker killed while it asks a carrier leaves its parcels claimed for five minutes; nobody waits for that here.
BRING_FORWARD = """
UPDATE shipments SET next_look_at = now() WHERE next_look_at > now() + interval '1 minute'
"""

TRANSFERS = "SELECT id, ticket_reference AS ticket FROM transfers"
RESHIPMENTS = """
SELECT s.number, s.contents, s.status, array_agg(h.action) AS actions FROM reshipments AS s
JOIN history AS h ON h.org_id = s.org_id AND h.subject_kind = 'reshipment' AND h.subject_id = s.id
GROUP BY s.org_id, s.id
"""
DONE = {"Approved": "approved", "Declined": "declined", "delete": "deleted"}  # verb → what history calls it

# Each names what must not be there; the first rows found are shown.
VIOLATIONS = {
    "a transfer is not complete": "SELECT id, status FROM transfers WHERE status <> 'complete'",
    "a ticket was ordered twice": """
        SELECT ticket_reference, count(*) FROM transfers GROUP BY 1 HAVING count(*) > 1""",
    "an idempotency key has no transfer of its own": """
        SELECT k.key FROM idempotency_keys AS k LEFT JOIN transfers AS t ON t.ticket_reference = k.key
        GROUP BY k.key HAVING count(t.id) <> 1""",
    "a transfer has not exactly one parcel with a number on each leg": """
        SELECT t.id, count(s.id) FROM transfers AS t LEFT JOIN shipments AS s ON s.org_id = t.org_id
            AND s.subject_kind = 'transfer' AND s.subject_id = t.id AND s.tracking_number IS NOT NULL
        GROUP BY t.org_id, t.id HAVING count(s.id) <> 2 OR count(DISTINCT s.leg) <> 2""",
    "two parcels share a tracking number": """
        SELECT tracking_number, count(*) FROM shipments WHERE tracking_number IS NOT NULL
        GROUP BY 1 HAVING count(*) > 1""",
    # One that was given up before its label was bought has none.
    "a parcel has not exactly one label in each format": """
        SELECT s.id, count(f.format) FROM shipments AS s
            LEFT JOIN label_files AS f ON f.org_id = s.org_id AND f.shipment_id = s.id
        WHERE s.status <> 'cancelled' OR s.tracking_number IS NOT NULL
        GROUP BY s.org_id, s.id HAVING count(f.format) <> 2 OR count(DISTINCT f.format) <> 2""",
    "a label was bought twice": """
        SELECT subject_id, count(*) FROM history WHERE subject_kind = 'shipment' AND action = 'label_bought'
        GROUP BY 1 HAVING count(*) > 1""",
    "a transfer has not exactly one charge": """
        SELECT t.id, count(c.id) FROM transfers AS t LEFT JOIN charges AS c ON c.org_id = t.org_id
            AND c.subject_kind = 'transfer' AND c.subject_id = t.id
        GROUP BY t.org_id, t.id HAVING count(c.id) <> 1""",
    "a charge is not captured": "SELECT id, status FROM charges WHERE status <> 'captured'",
    "the gateway and the charges disagree": """
        SELECT c.id, p.idempotency_key, p.outcome FROM charges AS c FULL JOIN simulated_payments AS p
            ON p.gateway_reference = c.gateway_reference AND p.amount_minor = c.amount_minor
        WHERE c.id IS NULL OR p.outcome IS DISTINCT FROM 'captured'""",
    "a person was told the same twice": """
        SELECT key, recipient, count(*) FROM messages GROUP BY 1, 2 HAVING count(*) > 1""",
    "a letter was not sent": "SELECT key, status, failure FROM messages WHERE status <> 'sent'",
    "a job is parked": "SELECT entrypoint, crashes, attempts, failure FROM jobs.pgqueuer WHERE status = 'failed'",
    "an event was not told": "SELECT type, attempts, failure FROM outbox WHERE processed_at IS NULL",
    "a transfer was not placed exactly once": """
        SELECT t.id, count(h.id) FROM transfers AS t LEFT JOIN history AS h ON h.org_id = t.org_id
            AND h.subject_kind = 'transfer' AND h.subject_id = t.id AND h.action = 'placed'
        GROUP BY t.org_id, t.id HAVING count(h.id) <> 1""",
}
SHOWN = 3

SENT = "SELECT internet_message_id FROM messages WHERE status = 'sent'"

COUNTS = """
SELECT (SELECT count(*) FROM transfers) AS transfers,
       (SELECT count(*) FROM shipments) AS parcels,
       (SELECT count(*) FROM label_files) AS labels,
       (SELECT count(*) FROM tracking_events) AS scans,
       (SELECT count(*) FROM simulated_payments) AS payments,
       (SELECT coalesce(sum(calls), 0) FROM simulated_payments)::int AS gateway_calls,
       (SELECT count(*) FROM ledger_entries) AS ledger_entries,
       (SELECT count(*) FROM messages) AS letters,
       (SELECT count(*) FROM history) AS history_lines,
       (SELECT count(*) FROM wallet_holds) AS holds,
       (SELECT count(*) FROM wallet_fees) AS fees
"""


STATUSES = """
SELECT CASE WHEN dispatched_at IS NULL THEN status ELSE 'dispatched' END AS status, count(*) FROM reshipments
GROUP BY 1 ORDER BY 1
"""


class Waiting(msgspec.Struct, frozen=True):
    """How much is still on its way."""

    transfers: int
    charges: int
    messages: int
    jobs: int
    events: int

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to wait for."""
        return not any(msgspec.structs.astuple(self))


async def look(owner: asyncpg.Connection) -> Waiting:
    """Return what is still on its way."""
    row = await owner.fetchrow(WAITING)
    assert row is not None
    return Waiting(**dict(row))


async def find_violations(
    owner: asyncpg.Connection, orders: Orders, reshipments: Reshipments, files: list[str]
) -> list[str]:
    """Return everything that must not be; `files` are the names in the mail folder."""
    found = [*orders.problems, *reshipments.problems]
    found += await find_disagreements(owner)
    found += _about_reshipments(reshipments, await owner.fetch(RESHIPMENTS))
    found += _about_orders(orders, {row["ticket"]: row["id"] for row in await owner.fetch(TRANSFERS)})
    for sentence, statement in VIOLATIONS.items():
        rows = await owner.fetch(statement)
        if rows:
            shown = "; ".join(str(tuple(row)) for row in rows[:SHOWN])
            found.append(f"{sentence}: {len(rows)} times, such as {shown}")
    sent = sorted(row["internet_message_id"].strip("<>").partition("@")[0] for row in await owner.fetch(SENT))
    if sent != sorted(files):
        found.append(f"the mail folder holds {len(files)} letters, the database says {len(sent)} were sent")
    return found


def _about_orders(orders: Orders, existing: dict[str, UUID]) -> list[str]:
    found = [
        f"{ticket} was acknowledged as {told} and is {existing.get(ticket)}"
        for ticket, told in orders.acknowledged.items()
        if existing.get(ticket) != told
    ]
    unknown = existing.keys() - orders.acknowledged.keys() - orders.unanswered - orders.keys
    found += [f"{ticket} exists and nobody ordered it" for ticket in sorted(unknown)]
    return found


def _about_reshipments(known: Reshipments, rows: list[asyncpg.Record]) -> list[str]:
    by_number = {row["number"]: row for row in rows}
    found = [
        f"{contents} was acknowledged as {number} and is not there"
        for contents, number in known.created.items()
        if number not in by_number or by_number[number]["contents"] != contents
    ]
    existing = Counter(row["contents"] for row in rows)
    found += [f"{contents} exists {times} times" for contents, times in existing.items() if times > 1]
    unknown = existing.keys() - known.created.keys() - known.unanswered
    found += [f"{contents} exists and nobody wanted it" for contents in sorted(unknown)]
    found += [
        f"reshipment {number} was acknowledged to be {DONE[verb]} and is not"
        for number, verb in sorted(set(known.done))
        if DONE[verb] not in by_number[number]["actions"]
        or (verb == "delete" and by_number[number]["status"] != "deleted")
    ]
    return found


async def count(owner: asyncpg.Connection) -> dict[str, int]:
    """Return how much there is of everything."""
    row = await owner.fetchrow(COUNTS)
    assert row is not None
    return dict(row)


async def count_reshipments(owner: asyncpg.Connection) -> dict[str, int]:
    """Return how many reshipments ended in which status."""
    return {row["status"]: row["count"] for row in await owner.fetch(STATUSES)}
