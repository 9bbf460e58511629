"""Say how much credit an organization has."""

from datetime import datetime

from backhaul.domain.billing.wallet import lifecycle, tables
from backhaul.domain.billing.wallet.model import Wallet
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.identity.operating import operator_author, operator_scope
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import OrgId
from backhaul.kernel.money import Money
from backhaul.storage import history
from backhaul.storage.database import Database, Scope

MAX_LIMIT_MINOR = 10**13  # hundredths: sums of such amounts are far from what a column holds


async def set_credit_limit(
    db: Database, *, actor: Actor, org_id: OrgId, limit: Money, now: datetime
) -> Wallet:
    """Let an organization overdraw its wallet so far; the operator alone decides.

    Refuses less than what is overdrawn already, and what no wallet could hold.
    """
    operator_scope(actor, Right.INSTALLATION_OPERATE)
    if limit.amount_minor < 0:
        raise InvalidInput([FieldProblem("limit", "range", "must not be below zero")])
    if limit.amount_minor > MAX_LIMIT_MINOR:
        text = f"must not be above {Money(MAX_LIMIT_MINOR, limit.currency)}"
        raise InvalidInput([FieldProblem("limit", "range", text)])
    async with db.transaction(Scope(org_id)) as tx:
        before = await tables.lock_or_add(tx, limit.currency, at=now)
        after = lifecycle.limit(before, limit.amount_minor)
        await tables.save(tx, after, at=now)
        history.note(
            tx, operator_author(actor), subject=("wallet", tx.org_id), action="credit_limit_set", at=now,
            before=before, after=after,
        )  # fmt: skip
    return after
