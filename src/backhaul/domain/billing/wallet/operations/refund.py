"""Give a fee back to the wallet."""

from datetime import datetime

import msgspec

from backhaul.domain.billing import tables as ledger
from backhaul.domain.billing.reasons import reason_problems
from backhaul.domain.billing.wallet import bookkeeping, lifecycle, tables
from backhaul.domain.billing.wallet.events import FeeRefunded
from backhaul.domain.billing.wallet.model import Fee, FeeId
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.identity.operating import operator_author, operator_scope
from backhaul.kernel.errors import InvalidInput
from backhaul.kernel.ids import OrgId
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Scope, Tx


async def refund_fee(
    db: Database, *, actor: Actor, org_id: OrgId, fee_id: FeeId, reason: str, now: datetime
) -> Fee:
    """Give the whole of an organization's fee back because the operator decided so. Repeating changes nothing."""
    operator_scope(actor, Right.INSTALLATION_OPERATE)
    if problems := reason_problems(reason):
        raise InvalidInput(problems)
    async with db.transaction(Scope(org_id)) as tx:
        return await refund(tx, fee_id=fee_id, reason=reason.strip(), at=now, author=operator_author(actor))


async def refund(
    tx: Tx, *, fee_id: FeeId, reason: str, at: datetime, author: history.Author = history.SYSTEM
) -> Fee:
    """Give the whole of a fee back, by a reversing transaction. Repeating changes nothing."""
    wallet, before = await tables.lock_of_fee(tx, fee_id)
    if before.refunded_at is not None:
        return before
    after = msgspec.structs.replace(before, refunded_at=at, refund_reason=reason)
    await tables.refund_fee(tx, lifecycle.spend(wallet, -before.amount_minor), after)
    if before.amount_minor:
        ledger.post(tx, bookkeeping.refunded(before), at=at)
    history.note(tx, author, subject=("fee", before.id), action="refunded", at=at, before=before, after=after)
    refunded = FeeRefunded(
        subject_id=before.subject_id,
        subject_kind=before.subject_kind,
        fee_id=before.id,
        kind=before.kind.value,
        amount_minor=before.amount_minor,
        currency=before.currency,
    )
    outbox.record(tx, refunded, at=at)
    return after
