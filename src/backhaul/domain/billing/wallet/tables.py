"""Writing wallets, holds and fees. Everything is written under the wallet's lock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg

from backhaul.domain.billing.wallet.errors import BalanceUnchargeable, FeeUnknown, WalletHoldUnknown
from backhaul.domain.billing.wallet.model import Fee, FeeId, Hold, HoldId, Wallet
from backhaul.storage.database import Tx
from backhaul.storage.rows import optional, record

COLUMNS = "org_id, currency, available_minor, held_minor, credit_limit_minor"
HOLD_COLUMNS = """
id, org_id, once_key, reason, subject_kind, subject_id, amount_minor, captured_minor, currency, status, expires_at,
created_at, settled_at
"""
FEE_COLUMNS = """
id, org_id, once_key, kind, text, subject_kind, subject_id, hold_id, amount_minor, currency, charged_at, refunded_at,
refund_reason
"""

LOCK = f"SELECT {COLUMNS} FROM wallets WHERE org_id = $1 AND currency = $2 FOR UPDATE"

# The wallet first, then what belongs to it: everybody locks in this order, so nobody waits crosswise.
LOCK_OF_HOLD = f"""
SELECT {COLUMNS} FROM wallets
WHERE org_id = $1 AND currency = (SELECT currency FROM wallet_holds WHERE org_id = $1 AND id = $2) FOR UPDATE
"""
LOCK_OF_FEE = f"""
SELECT {COLUMNS} FROM wallets
WHERE org_id = $1 AND currency = (SELECT currency FROM wallet_fees WHERE org_id = $1 AND id = $2) FOR UPDATE
"""

# The row is there afterwards, locked, whether it was before or not.
LOCK_OR_ADD = f"""
INSERT INTO wallets (org_id, currency, updated_at) VALUES ($1, $2, $3)
ON CONFLICT (org_id, currency) DO UPDATE SET updated_at = wallets.updated_at
RETURNING {COLUMNS}
"""

SAVE = """
UPDATE wallets SET available_minor = $3, held_minor = $4, credit_limit_minor = $5, updated_at = $6
WHERE org_id = $1 AND currency = $2
"""

# Nothing moves where the key was used before.
ADD_HOLD = """
WITH added AS (
    INSERT INTO wallet_holds (org_id, id, once_key, reason, subject_kind, subject_id, amount_minor, currency, status,
                              expires_at, created_at)
    VALUES ($1, $6, $7, $8, $9, $10, $11, $2, $12, $13, $5)
    ON CONFLICT (org_id, once_key) DO NOTHING RETURNING id)
UPDATE wallets SET available_minor = $3, held_minor = $4, updated_at = $5
WHERE org_id = $1 AND currency = $2 AND EXISTS (SELECT FROM added)
RETURNING org_id
"""

GET_HOLD = f"SELECT {HOLD_COLUMNS} FROM wallet_holds WHERE org_id = $1 AND id = $2"
FIND_HOLD = f"SELECT {HOLD_COLUMNS} FROM wallet_holds WHERE org_id = $1 AND once_key = $2"

SETTLE_HOLD = """
WITH settled AS (
    UPDATE wallet_holds SET status = $6, captured_minor = $7, settled_at = $5
    WHERE org_id = $1 AND id = $8 AND status = 'held' RETURNING id
), charged AS (
    INSERT INTO wallet_fees (org_id, id, once_key, kind, text, subject_kind, subject_id, hold_id, amount_minor,
                             currency, charged_at)
    SELECT $1, line.id, line.once_key, line.kind, line.text, $9, $10, $8, line.amount_minor, $2, $5
    FROM unnest($11::uuid[], $12::text[], $13::text[], $14::text[], $15::bigint[])
        AS line (id, once_key, kind, text, amount_minor)
)
UPDATE wallets SET available_minor = $3, held_minor = $4, updated_at = $5
WHERE org_id = $1 AND currency = $2 AND EXISTS (SELECT FROM settled)
RETURNING org_id
"""

# A fee of nothing needs no wallet.
ADD_FEE = """
WITH added AS (
    INSERT INTO wallet_fees (org_id, id, once_key, kind, text, subject_kind, subject_id, amount_minor, currency,
                             charged_at)
    VALUES ($1, $5, $6, $7, $8, $9, $10, $11, $2, $4)
    ON CONFLICT (org_id, once_key) DO NOTHING RETURNING id
), charged AS (
    UPDATE wallets SET available_minor = $3, updated_at = $4
    WHERE org_id = $1 AND currency = $2 AND EXISTS (SELECT FROM added))
SELECT id FROM added
"""

GET_FEE = f"SELECT {FEE_COLUMNS} FROM wallet_fees WHERE org_id = $1 AND id = $2"
FIND_FEE = f"SELECT {FEE_COLUMNS} FROM wallet_fees WHERE org_id = $1 AND once_key = $2"

REFUND_FEE = """
WITH refunded AS (
    UPDATE wallet_fees SET refunded_at = $4, refund_reason = $6
    WHERE org_id = $1 AND id = $5 AND refunded_at IS NULL RETURNING id)
UPDATE wallets SET available_minor = $3, updated_at = $4
WHERE org_id = $1 AND currency = $2 AND EXISTS (SELECT FROM refunded)
"""


async def lock(tx: Tx, currency: str) -> Wallet:
    """Return the wallet, locked until the transaction ends; an empty one where nothing was ever paid in."""
    found = await _locked(tx, LOCK, currency)
    return found or Wallet(org_id=tx.org_id, currency=currency)


async def lock_or_add(tx: Tx, currency: str, *, at: datetime) -> Wallet:
    """Return the wallet, locked; it is there from now on."""
    found = await _locked(tx, LOCK_OR_ADD, currency, at)
    assert found is not None
    return found


async def lock_of_hold(tx: Tx, hold_id: HoldId) -> tuple[Wallet, Hold]:
    """Return a hold and its wallet, locked until the transaction ends."""
    wallet = await _locked(tx, LOCK_OF_HOLD, hold_id)
    if wallet is None:
        raise WalletHoldUnknown(hold_id=hold_id)
    return wallet, record(Hold, await tx.fetchrow(GET_HOLD, tx.org_id, hold_id))


async def lock_of_fee(tx: Tx, fee_id: FeeId) -> tuple[Wallet, Fee]:
    """Return a fee and its wallet, locked until the transaction ends."""
    wallet = await _locked(tx, LOCK_OF_FEE, fee_id)
    fee = optional(Fee, await tx.fetchrow(GET_FEE, tx.org_id, fee_id))
    if fee is None:
        raise FeeUnknown(fee_id=fee_id)
    return wallet or Wallet(org_id=tx.org_id, currency=fee.currency), fee


async def _locked(tx: Tx, statement: str, *values: Any) -> Wallet | None:
    try:
        return optional(Wallet, await tx.fetchrow(statement, tx.org_id, *values))
    except asyncpg.LockNotAvailableError as waited:
        raise BalanceUnchargeable from waited


async def save(tx: Tx, w: Wallet, *, at: datetime) -> None:
    """Write a locked wallet back."""
    await tx.execute(SAVE, tx.org_id, w.currency, w.available_minor, w.held_minor, w.credit_limit_minor, at)


async def add_hold(tx: Tx, w: Wallet, h: Hold) -> bool:
    """Add a hold and write its locked wallet back; returns False, changing nothing, when its key was used."""
    added = await tx.fetchval(
        ADD_HOLD, tx.org_id, w.currency, w.available_minor, w.held_minor, h.created_at, h.id, h.once_key,
        h.reason, h.subject_kind, h.subject_id, h.amount_minor, h.status.value, h.expires_at,
    )  # fmt: skip
    return added is not None


async def find_hold(tx: Tx, once_key: str) -> Hold | None:
    """Return the hold a key was used for."""
    return optional(Hold, await tx.fetchrow(FIND_HOLD, tx.org_id, once_key))


async def settle_hold(tx: Tx, w: Wallet, h: Hold, fees: Sequence[Fee]) -> None:
    """Write back a settled hold and its locked wallet, with what was charged out of it."""
    settled = await tx.fetchval(
        SETTLE_HOLD, tx.org_id, w.currency, w.available_minor, w.held_minor, h.settled_at, h.status.value,
        h.captured_minor, h.id, h.subject_kind, h.subject_id, [fee.id for fee in fees],
        [fee.once_key for fee in fees], [fee.kind.value for fee in fees], [fee.text for fee in fees],
        [fee.amount_minor for fee in fees],
    )  # fmt: skip
    assert settled is not None, f"the wallet of hold {h.id} was not locked"


async def add_fee(tx: Tx, w: Wallet, f: Fee) -> bool:
    """Add a fee and write its locked wallet back; returns False, changing nothing, when its key was used."""
    added = await tx.fetchval(
        ADD_FEE, tx.org_id, w.currency, w.available_minor, f.charged_at, f.id, f.once_key, f.kind.value, f.text,
        f.subject_kind, f.subject_id, f.amount_minor,
    )  # fmt: skip
    return added is not None


async def find_fee(tx: Tx, once_key: str) -> Fee | None:
    """Return the fee a key was used for."""
    return optional(Fee, await tx.fetchrow(FIND_FEE, tx.org_id, once_key))


async def refund_fee(tx: Tx, w: Wallet, f: Fee) -> None:
    """Write back a refunded fee and its locked wallet."""
    await tx.execute(
        REFUND_FEE, tx.org_id, w.currency, w.available_minor, f.refunded_at, f.id, f.refund_reason
    )
