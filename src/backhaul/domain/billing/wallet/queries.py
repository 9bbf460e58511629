"""Reading wallets, holds and fees: one statement a question."""

from datetime import datetime
from uuid import UUID

from backhaul.domain.billing.wallet.errors import BalanceUnreadable
from backhaul.domain.billing.wallet.model import Fee, FeeId, FeeKind, Hold, HoldId, HoldStatus, Wallet
from backhaul.domain.billing.wallet.tables import COLUMNS, FEE_COLUMNS, HOLD_COLUMNS
from backhaul.domain.identity.model import Actor, Right
from backhaul.kernel.errors import Unavailable
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Database, Reader, Scope
from backhaul.storage.rows import record

MAX_PAGE = 500

BALANCES = f"SELECT {COLUMNS} FROM wallets WHERE org_id = $1 ORDER BY currency"
LIST_HOLDS = f"""
SELECT {HOLD_COLUMNS} FROM wallet_holds
WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
"""
LIST_HOLDS_OF_STATUS = f"""
SELECT {HOLD_COLUMNS} FROM wallet_holds
WHERE org_id = $1 AND status = $4 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
"""
LIST_FEES = f"""
SELECT {FEE_COLUMNS} FROM wallet_fees
WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
"""
LIST_FEES_OF_KIND = f"""
SELECT {FEE_COLUMNS} FROM wallet_fees
WHERE org_id = $1 AND kind = $4 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
"""
FEES_OF = f"""
SELECT {FEE_COLUMNS} FROM wallet_fees WHERE org_id = $1 AND subject_kind = $2 AND subject_id = $3 ORDER BY id
"""
EXPIRED = """
SELECT org_id, id, expires_at FROM wallet_holds
WHERE status = 'held' AND expires_at <= $1 AND (expires_at, id) > ($3, $4) ORDER BY expires_at, id LIMIT $2
"""


async def read_balances(reader: Reader, scope: Scope) -> list[Wallet]:
    """Return every wallet of an organization."""
    return [record(Wallet, row) for row in await reader.fetch(BALANCES, scope.org_id)]


async def list_balances(db: Database, *, actor: Actor) -> list[Wallet]:
    """Return every wallet of the caller's organization; one that never had any money has none."""
    scope = actor.scope(Right.BILLING_READ)
    try:
        async with db.read(scope) as reader:
            return await read_balances(reader, scope)
    except Unavailable as lost:
        raise BalanceUnreadable from lost


async def get_balance(db: Database, *, actor: Actor, currency: str = "USD") -> Wallet:
    """Return the wallet of one currency; an empty one where nothing was ever paid in."""
    found = {wallet.currency: wallet for wallet in await list_balances(db, actor=actor)}
    return found.get(currency, Wallet(org_id=actor.org_id, currency=currency))


async def list_holds(
    db: Database,
    *,
    actor: Actor,
    status: HoldStatus | None = None,
    before: HoldId | None = None,
    limit: int = 50,
) -> list[Hold]:
    """Return a page of holds, newest first; the next page comes `before` the last id of this one."""
    scope = actor.scope(Right.BILLING_READ)
    async with db.read(scope) as reader:
        size = min(limit, MAX_PAGE)
        if status is None:
            rows = await reader.fetch(LIST_HOLDS, scope.org_id, before, size)
        else:
            rows = await reader.fetch(LIST_HOLDS_OF_STATUS, scope.org_id, before, size, status.value)
    return [record(Hold, row) for row in rows]


async def list_fees(
    db: Database,
    *,
    actor: Actor,
    kind: FeeKind | None = None,
    before: FeeId | None = None,
    limit: int = 50,
) -> list[Fee]:
    """Return a page of fees, newest first; the next page comes `before` the last id of this one."""
    scope = actor.scope(Right.BILLING_READ)
    async with db.read(scope) as reader:
        page = (scope.org_id, before, min(limit, MAX_PAGE))
        if kind is None:
            rows = await reader.fetch(LIST_FEES, *page)
        else:
            rows = await reader.fetch(LIST_FEES_OF_KIND, *page, kind.value)
    return [record(Fee, row) for row in rows]


async def list_fees_of(reader: Reader, scope: Scope, *, subject: tuple[str, UUID]) -> list[Fee]:
    """Return every fee a subject was charged, oldest first, those given back included."""
    return [record(Fee, row) for row in await reader.fetch(FEES_OF, scope.org_id, *subject)]


async def list_expired(
    reader: Reader, *, now: datetime, after: tuple[datetime, UUID], limit: int
) -> list[tuple[OrgId, HoldId, datetime]]:
    """Return holds whose time is over, of every organization, and since when (system pool).

    The oldest behind `after`, which is an instant and a hold's id.
    """
    rows = await reader.fetch(EXPIRED, now, limit, *after)
    return [(OrgId(row["org_id"]), HoldId(row["id"]), row["expires_at"]) for row in rows]
