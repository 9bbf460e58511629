"""Reading charges, refunds and balances: one statement a question."""

from datetime import datetime
from uuid import UUID

import msgspec

from backhaul.domain.billing.errors import ChargeUnknown
from backhaul.domain.billing.model import Account, Charge, ChargeId, Refund, RefundId, RefundStatus, Status
from backhaul.domain.billing.tables import COLUMNS, REFUND_COLUMNS
from backhaul.domain.identity.audit import Change, read_changes_of
from backhaul.domain.identity.model import Actor, Right
from backhaul.kernel.ids import OrgId
from backhaul.kernel.money import Money
from backhaul.storage.database import Database, Reader, Scope
from backhaul.storage.rows import optional, record

MAX_PAGE = 500

GET = f"SELECT {COLUMNS} FROM charges WHERE org_id = $1 AND id = $2"
OF_SUBJECT = f"""
SELECT {COLUMNS} FROM charges WHERE org_id = $1 AND subject_kind = $2 AND subject_id = $3 ORDER BY id
"""
LIST_PAGE = f"""
SELECT {COLUMNS} FROM charges WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
"""
LIST_OF_STATUS = f"""
SELECT {COLUMNS} FROM charges
WHERE org_id = $1 AND status = $4 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
"""
LIST_TOP_UPS = f"""
SELECT {COLUMNS} FROM charges
WHERE org_id = $1 AND subject_kind = 'wallet' AND subject_id = $1 ORDER BY id DESC LIMIT $2
"""
LIST_REFUNDS = """
SELECT r.id, r.charge_id, r.amount_minor, r.status, r.reason, r.refusal, r.created_at, r.updated_at, c.currency,
    c.reference, c.subject_kind, c.subject_id
FROM (
    SELECT * FROM refunds WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
) AS r
JOIN charges AS c ON c.org_id = $1 AND c.id = r.charge_id
ORDER BY r.id DESC
"""
GET_DETAIL = f"""
SELECT to_jsonb(c) AS charge, (
    SELECT coalesce(jsonb_agg(to_jsonb(r) ORDER BY r.id), '[]') FROM refunds AS r
    WHERE r.org_id = $1 AND r.charge_id = c.id
) AS refunds
FROM (SELECT {COLUMNS} FROM charges WHERE org_id = $1 AND id = $2) AS c
"""
REFUNDS_OF = f"SELECT {REFUND_COLUMNS} FROM refunds WHERE org_id = $1 AND charge_id = $2 ORDER BY id"
REFUND_ORDER = """
SELECT r.charge_id, r.amount_minor, r.status, c.currency, c.gateway, c.gateway_reference
FROM refunds r JOIN charges c ON c.org_id = $1 AND c.id = r.charge_id
WHERE r.org_id = $1 AND r.id = $2
"""
DUE = "SELECT org_id, id FROM charges WHERE next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT $2"
BALANCES = """
SELECT account, currency, sum(amount_minor)::bigint AS amount_minor FROM ledger_entries
WHERE org_id = $1 GROUP BY account, currency ORDER BY account, currency
"""
# Sent first in the transaction: what others commit meanwhile stays out of sight.
ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
# $2 is the last transaction seen, $3 how many transactions make a page.
EXPORT_PAGE = """
WITH page AS MATERIALIZED (
    SELECT id, at, kind, subject_kind, subject_id, reverses_id FROM ledger_transactions
    WHERE org_id = $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3
)
SELECT p.at, p.id AS transaction, p.kind, p.subject_kind, p.subject_id AS subject, p.reverses_id AS reverses, e.account,
    e.currency, e.amount_minor, coalesce(f.text, h.reason, r.reason, c.reference, '') AS text
FROM page AS p
JOIN ledger_entries AS e ON e.org_id = $1 AND e.transaction_id = p.id
LEFT JOIN wallet_fees AS f ON f.org_id = $1 AND p.subject_kind = 'fee' AND f.id = p.subject_id
LEFT JOIN wallet_holds AS h ON h.org_id = $1 AND p.subject_kind = 'hold' AND h.id = p.subject_id
LEFT JOIN refunds AS r ON r.org_id = $1 AND p.subject_kind = 'refund' AND r.id = p.subject_id
LEFT JOIN charges AS c ON c.org_id = $1 AND p.subject_kind = 'charge' AND c.id = p.subject_id
ORDER BY p.id, e.position
"""
# What the ledger must say, told by charges, holds and fees alone, against what it says; and the wallets against both.
AUDIT = """
WITH line AS (
    SELECT org_id, currency, account, told_minor FROM charges, LATERAL (VALUES
        ('receivable', CASE WHEN subject_kind <> 'wallet' AND status IN ('pending', 'collecting', 'declined')
            THEN amount_minor END),
        ('revenue', CASE WHEN subject_kind <> 'wallet' AND status <> 'cancelled' THEN -amount_minor END),
        ('gateway_clearing', CASE WHEN captured_at IS NOT NULL THEN amount_minor - refunded_minor END),
        ('wallet_available', CASE WHEN subject_kind = 'wallet' AND captured_at IS NOT NULL THEN -amount_minor END),
        ('refunds', refunded_minor)
    ) AS line (account, told_minor)
    UNION ALL
    SELECT org_id, currency, account, told_minor FROM wallet_holds, LATERAL (VALUES
        ('wallet_available', amount_minor), ('wallet_held', -amount_minor)
    ) AS line (account, told_minor) WHERE status = 'held'
    UNION ALL
    SELECT org_id, currency, account, told_minor FROM wallet_fees, LATERAL (VALUES
        ('wallet_available', amount_minor), ('revenue', -amount_minor)
    ) AS line (account, told_minor) WHERE refunded_at IS NULL
), told AS (
    SELECT org_id, currency, account, sum(told_minor) AS amount_minor FROM line GROUP BY org_id, currency, account
), booked AS (
    SELECT org_id, currency, account, sum(amount_minor) AS amount_minor
    FROM ledger_entries GROUP BY org_id, currency, account
), unbalanced AS (
    SELECT FROM ledger_entries GROUP BY org_id, transaction_id, currency HAVING sum(amount_minor) <> 0
), projected AS (
    SELECT org_id, currency, account, amount_minor FROM wallets, LATERAL (VALUES
        ('wallet_available', -available_minor), ('wallet_held', -held_minor)
    ) AS line (account, amount_minor)
)
SELECT (SELECT count(*) FROM ledger_transactions) AS transactions,
       (SELECT count(*) FROM ledger_entries) AS entries,
       (SELECT coalesce(sum(amount_minor), 0)::bigint FROM booked) AS sum_minor,
       (SELECT count(*) FROM unbalanced) AS unbalanced_transactions,
       (SELECT count(*) FROM told FULL JOIN booked USING (org_id, currency, account)
        WHERE coalesce(told.amount_minor, 0) <> coalesce(booked.amount_minor, 0)) AS disagreements,
       (SELECT count(*) FROM wallets) AS wallets,
       (SELECT count(*) FROM projected
        FULL JOIN (SELECT * FROM booked WHERE account IN ('wallet_available', 'wallet_held')) AS booked
            USING (org_id, currency, account)
        WHERE coalesce(projected.amount_minor, 0) <> coalesce(booked.amount_minor, 0)) AS wrong_wallets
"""


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on one account: debits positive, credits negative."""

    account: Account
    currency: str
    amount_minor: int


class ChargeDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A charge with its refunds, oldest first, and what was done to it, newest first."""

    charge: Charge
    refunds: tuple[Refund, ...]
    changes: tuple[Change, ...]


class ListedRefund(msgspec.Struct, frozen=True, kw_only=True):
    """A refund with what it is of."""

    id: RefundId
    charge_id: ChargeId
    amount_minor: int
    currency: str
    status: RefundStatus
    reason: str
    refusal: str | None
    reference: str
    subject_kind: str
    subject_id: UUID
    created_at: datetime
    updated_at: datetime

    @property
    def amount(self) -> Money:
        """What is given back."""
        return Money(self.amount_minor, self.currency)


class RefundOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What the gateway has to know to pay a refund."""

    charge_id: ChargeId
    amount_minor: int
    currency: str
    status: RefundStatus
    gateway: str | None
    gateway_reference: str | None

    @property
    def amount(self) -> Money:
        """What is to be given back."""
        return Money(self.amount_minor, self.currency)


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the books hold, over all organizations."""

    transactions: int
    entries: int
    sum_minor: int  # of every entry there is: zero
    unbalanced_transactions: int  # zero
    disagreements: (
        int  # accounts on which the ledger says something else than charges, holds and fees do: zero
    )
    wallets: int
    wrong_wallets: int  # balances of wallets that say something else than the ledger does: zero

    @property
    def holds(self) -> bool:
        """Whether everything adds up."""
        return (self.sum_minor, self.unbalanced_transactions, self.disagreements, self.wrong_wallets) == (
            0,
        ) * 4


async def get_charge(reader: Reader, scope: Scope, *, charge_id: ChargeId) -> Charge:
    """Return one charge, or refuse."""
    found = optional(Charge, await reader.fetchrow(GET, scope.org_id, charge_id))
    if found is None:
        raise ChargeUnknown(charge_id=charge_id)
    return found


async def get_charges_of(
    reader: Reader, scope: Scope, *, subject_kind: str, subject_id: UUID
) -> list[Charge]:
    """Return every charge of a subject, oldest first."""
    rows = await reader.fetch(OF_SUBJECT, scope.org_id, subject_kind, subject_id)
    return [record(Charge, row) for row in rows]


async def list_charges(
    db: Database,
    *,
    actor: Actor,
    status: Status | None = None,
    before: ChargeId | None = None,
    limit: int = 50,
) -> list[Charge]:
    """Return a page of charges, newest first; the next page comes `before` the last id of this one."""
    scope = actor.scope(Right.BILLING_READ)
    async with db.read(scope) as reader:
        size = min(limit, MAX_PAGE)
        if status is None:
            rows = await reader.fetch(LIST_PAGE, scope.org_id, before, size)
        else:
            rows = await reader.fetch(LIST_OF_STATUS, scope.org_id, before, size, status.value)
    return [record(Charge, row) for row in rows]


async def list_top_ups(db: Database, *, actor: Actor, limit: int = 10) -> list[Charge]:
    """Return the latest charges that pay into the wallet, whatever became of them, newest first."""
    scope = actor.scope(Right.BILLING_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(LIST_TOP_UPS, scope.org_id, min(limit, MAX_PAGE))
    return [record(Charge, row) for row in rows]


async def get_charge_detail(db: Database, *, actor: Actor, charge_id: ChargeId) -> ChargeDetail:
    """Return one charge with its refunds and what was done to it, or refuse."""
    scope = actor.scope(Right.BILLING_READ)
    async with db.read(scope) as reader:
        return await read_charge_detail(reader, scope, charge_id=charge_id)


async def read_charge_detail(reader: Reader, scope: Scope, *, charge_id: ChargeId) -> ChargeDetail:
    """Return one charge with its refunds and what was done to it, or refuse."""
    row = await reader.fetchrow(GET_DETAIL, scope.org_id, charge_id)
    if row is None:
        raise ChargeUnknown(charge_id=charge_id)
    changes = await read_changes_of(reader, scope, kind="charge", subject_id=charge_id)
    return ChargeDetail(
        charge=msgspec.convert(row["charge"], Charge),
        refunds=msgspec.convert(row["refunds"], tuple[Refund, ...]),
        changes=tuple(changes),
    )


async def list_refunds(
    db: Database, *, actor: Actor, before: RefundId | None = None, limit: int = 50
) -> list[ListedRefund]:
    """Return a page of refunds, newest first; the next page comes `before` the last id of this one."""
    scope = actor.scope(Right.BILLING_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(LIST_REFUNDS, scope.org_id, before, min(limit, MAX_PAGE))
    return [record(ListedRefund, row) for row in rows]


async def list_refunds_of(reader: Reader, scope: Scope, *, charge_id: ChargeId) -> list[Refund]:
    """Return every refund of a charge, oldest first."""
    return [record(Refund, row) for row in await reader.fetch(REFUNDS_OF, scope.org_id, charge_id)]


async def find_refund_order(reader: Reader, scope: Scope, *, refund_id: RefundId) -> RefundOrder | None:
    """Return what is to be paid back, or None."""
    return optional(RefundOrder, await reader.fetchrow(REFUND_ORDER, scope.org_id, refund_id))


async def list_due(reader: Reader, *, now: datetime, limit: int) -> dict[OrgId, list[ChargeId]]:
    """Return ids of charges to look at again, of every organization (system pool)."""
    due: dict[OrgId, list[ChargeId]] = {}
    for row in await reader.fetch(DUE, now, limit):
        due.setdefault(OrgId(row["org_id"]), []).append(ChargeId(row["id"]))
    return due


async def ledger_balance(reader: Reader, scope: Scope) -> list[Balance]:
    """Return what stands on each account of an organization; together they are zero."""
    return [record(Balance, row) for row in await reader.fetch(BALANCES, scope.org_id)]


async def audit(reader: Reader) -> Audit:
    """Check the books of every organization against themselves and against the charges (system pool)."""
    return record(Audit, await reader.fetchrow(AUDIT))
