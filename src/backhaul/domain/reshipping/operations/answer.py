"""Answer an estimate."""

from datetime import datetime, timedelta

from backhaul.domain.billing import wallet
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.reshipping import lifecycle, tables
from backhaul.domain.reshipping.errors import EstimateChanged
from backhaul.domain.reshipping.model import HOLD_SUBJECT, Action, Decision, Policy, Reshipment, Status
from backhaul.domain.reshipping.operations.recording import save_move
from backhaul.kernel.money import Money
from backhaul.storage import history
from backhaul.storage.database import Database, Tx

_ACTIONS = {Decision.APPROVE: Action.APPROVE, Decision.DECLINE: Action.DECLINE}
_ANSWERED = {Decision.APPROVE: Status.APPROVED, Decision.DECLINE: Status.DECLINED}


async def answer_estimate(
    db: Database,
    *,
    actor: Actor,
    number: int,
    decision: Decision,
    policy: Policy,
    now: datetime,
    seen_fee_minor: int | None = None,
) -> Reshipment:
    """Approve or decline an estimate; a declined one can still be approved until it expires (contract §3.7).

    Approving sets the estimate aside in the wallet, and is refused when that is short. Declined, the returns stay
    Reshipping. The same answer again changes nothing. Refuses where there is no estimate, and after the approval; and
    an estimate that is another one by now than `seen_fee_minor`, which whoever answers was shown.
    """
    async with db.transaction(actor.scope(Right.RETURNS_WRITE)) as tx:
        before = await tables.lock(tx, number)
        if before.status is _ANSWERED[decision]:
            return before
        if seen_fee_minor is not None and seen_fee_minor != before.estimated_fee_minor:
            raise EstimateChanged(number=number)
        action = _ACTIONS[decision]
        after = lifecycle.advance(before, action, at=now)
        if decision is Decision.APPROVE:
            hold_id = await hold_funds(tx, actor.author, before, before.estimate, policy=policy, at=now)
            after = lifecycle.advance(before, action, at=now, changes={"hold_id": hold_id})
        await save_move(tx, actor.author, before, after, action=after.status.value, at=now)
    return after


async def hold_funds(
    tx: Tx, author: history.Author, one: Reshipment, amount: Money, *, policy: Policy, at: datetime
) -> wallet.HoldId:
    """Set money aside for a reshipment; refuses what the wallet does not cover."""
    hold = await wallet.require_and_hold(
        tx,
        amount=amount,
        reason=f"Reshipment {one.number}",
        subject=(HOLD_SUBJECT, one.id),
        expires_at=at + timedelta(days=policy.hold_days),
        at=at,
        author=author,
    )
    return hold.id
