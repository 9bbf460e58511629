"""Writing charges, refunds and the ledger.

Ledger postings are facts: they are gathered during a transaction and written just before its COMMIT,
together with history, outbox and jobs, in one statement.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from backhaul.domain.billing.errors import ChargeUnknown
from backhaul.domain.billing.model import Charge, ChargeId, Posting, Refund, RefundId
from backhaul.storage.database import Tx
from backhaul.storage.facts import FactKind
from backhaul.storage.rows import optional, record

COLUMNS = """
id, org_id, subject_kind, subject_id, purpose, amount_minor, refund_requested_minor, refunded_minor, currency,
status, reference, lines, gateway, gateway_reference, attempts, next_attempt_at, decline_code, decline_text,
captured_at, created_at, updated_at, version
"""

# Two transactions that open the same charge at once: the second waits for the first, then inserts nothing.
INSERT = """
INSERT INTO charges (org_id, id, subject_kind, subject_id, purpose, amount_minor, currency, status, reference,
                     lines, next_attempt_at, captured_at, created_at, updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14)
ON CONFLICT (org_id, subject_kind, subject_id, purpose) DO NOTHING
RETURNING id
"""

OF_PURPOSE = f"""
SELECT {COLUMNS} FROM charges WHERE org_id = $1 AND subject_kind = $2 AND subject_id = $3 AND purpose = $4
"""

LOCK = f"SELECT {COLUMNS} FROM charges WHERE org_id = $1 AND id = $2 FOR UPDATE"

LOCK_OF_SUBJECT = f"""
SELECT {COLUMNS} FROM charges
WHERE org_id = $1 AND subject_kind = $2 AND subject_id = $3 ORDER BY id FOR UPDATE
"""

SAVE = """
UPDATE charges SET refund_requested_minor = $3, refunded_minor = $4, status = $5, gateway = $6,
    gateway_reference = $7, attempts = $8, next_attempt_at = $9, decline_code = $10, decline_text = $11,
    captured_at = $12, updated_at = $13, version = $14
WHERE org_id = $1 AND id = $2 AND version = $15
RETURNING id
"""

REFUND_COLUMNS = "id, org_id, charge_id, amount_minor, status, reason, refusal, created_at, updated_at"

INSERT_REFUND = """
INSERT INTO refunds (org_id, id, charge_id, amount_minor, status, reason, created_at, updated_at, once_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)
"""

# Refunds have no lock of their own: whoever changes one holds its charge.
GET_REFUND = f"SELECT {REFUND_COLUMNS} FROM refunds WHERE org_id = $1 AND charge_id = $2 AND id = $3"

FIND_REFUND = f"SELECT {REFUND_COLUMNS} FROM refunds WHERE org_id = $1 AND charge_id = $2 AND once_key = $3"

WAITING_REFUNDS = """
SELECT id FROM refunds WHERE org_id = $1 AND charge_id = $2 AND status = 'requested' ORDER BY id
"""

SAVE_REFUND = """
UPDATE refunds SET status = $4, refusal = $5, updated_at = $6
WHERE org_id = $1 AND charge_id = $2 AND id = $3
"""

DROP_REFUNDS = """
UPDATE refunds SET status = 'dropped', updated_at = $3
WHERE org_id = $1 AND charge_id = $2 AND status = 'requested'
"""

# Sorted, so that two first postings of one organization never wait for each other crosswise.
ACCOUNTS = FactKind(
    name="ledger_account",
    width=3,
    insert="""
INSERT INTO ledger_accounts (org_id, account, currency)
SELECT DISTINCT * FROM unnest($1::uuid[], $2::text[], $3::text[]) AS new (org_id, account, currency)
ORDER BY org_id, account, currency
ON CONFLICT DO NOTHING
""",
)

TRANSACTIONS = FactKind(
    name="ledger_transaction",
    width=8,
    insert="""
INSERT INTO ledger_transactions (org_id, id, key, kind, subject_kind, subject_id, reverses_id, at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[],
                     $8::timestamptz[])
""",
)

ENTRIES = FactKind(
    name="ledger_entry",
    width=6,
    insert="""
INSERT INTO ledger_entries (org_id, transaction_id, position, account, currency, amount_minor)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::bigint[])
""",
)


async def insert(tx: Tx, c: Charge) -> bool:
    """Add a charge; returns False when its subject has one for the same purpose already."""
    added = await tx.fetchval(
        INSERT, tx.org_id, c.id, c.subject_kind, c.subject_id, c.purpose, c.amount_minor, c.currency,
        c.status.value, c.reference, msgspec.to_builtins(c.lines), c.next_attempt_at, c.captured_at,
        c.created_at, c.version,
    )  # fmt: skip
    return added is not None


async def get_of_purpose(tx: Tx, subject_kind: str, subject_id: UUID, purpose: str) -> Charge:
    """Return the charge that exists for a purpose."""
    return record(Charge, await tx.fetchrow(OF_PURPOSE, tx.org_id, subject_kind, subject_id, purpose))


async def lock(tx: Tx, charge_id: ChargeId) -> Charge:
    """Return a charge, locked until the transaction ends."""
    row = await tx.fetchrow(LOCK, tx.org_id, charge_id)
    if row is None:
        raise ChargeUnknown(charge_id=charge_id)
    return record(Charge, row)


async def lock_of_subject(tx: Tx, subject_kind: str, subject_id: UUID) -> list[Charge]:
    """Return every charge of a subject, locked until the transaction ends."""
    rows = await tx.fetch(LOCK_OF_SUBJECT, tx.org_id, subject_kind, subject_id)
    return [record(Charge, row) for row in rows]


async def save(tx: Tx, before: Charge, c: Charge) -> None:
    """Write a locked charge back."""
    saved = await tx.fetchval(
        SAVE, tx.org_id, c.id, c.refund_requested_minor, c.refunded_minor, c.status.value, c.gateway,
        c.gateway_reference, c.attempts, c.next_attempt_at, c.decline_code, c.decline_text, c.captured_at,
        c.updated_at, c.version, before.version,
    )  # fmt: skip
    assert saved is not None, f"charge {c.id} was not locked"


async def insert_refund(tx: Tx, r: Refund, *, once_key: str | None) -> None:
    """Add a refund of a locked charge, with the key by which it was asked for."""
    await tx.execute(
        INSERT_REFUND, tx.org_id, r.id, r.charge_id, r.amount_minor, r.status.value, r.reason, r.created_at,
        once_key,
    )  # fmt: skip


async def find_refund(tx: Tx, charge_id: ChargeId, once_key: str) -> Refund | None:
    """Return the refund of a locked charge that a key was used for."""
    return optional(Refund, await tx.fetchrow(FIND_REFUND, tx.org_id, charge_id, once_key))


async def get_refund(tx: Tx, charge_id: ChargeId, refund_id: RefundId) -> Refund:
    """Return a refund of a locked charge."""
    return record(Refund, await tx.fetchrow(GET_REFUND, tx.org_id, charge_id, refund_id))


async def waiting_refunds(tx: Tx, charge_id: ChargeId) -> list[RefundId]:
    """Return the refunds of a locked charge that are still to be paid."""
    return [RefundId(row["id"]) for row in await tx.fetch(WAITING_REFUNDS, tx.org_id, charge_id)]


async def save_refund(tx: Tx, r: Refund) -> None:
    """Write back a refund of a locked charge."""
    await tx.execute(SAVE_REFUND, tx.org_id, r.charge_id, r.id, r.status.value, r.refusal, r.updated_at)


async def drop_refunds(tx: Tx, charge_id: ChargeId, *, at: datetime) -> None:
    """Let go of the refunds of a charge that was given up."""
    await tx.execute(DROP_REFUNDS, tx.org_id, charge_id, at)


def post(tx: Tx, p: Posting, *, at: datetime) -> None:
    """Book a posting at commit; booking the same key twice fails the transaction."""
    tx.note(
        TRANSACTIONS, tx.org_id, p.id, p.key, p.kind.value, p.subject_kind, p.subject_id, p.reverses_id, at
    )
    for position, (account, amount_minor) in enumerate(p.entries):
        tx.note(ACCOUNTS, tx.org_id, account.value, p.currency)
        tx.note(ENTRIES, tx.org_id, p.id, position, account.value, p.currency, amount_minor)
