"""Verification: its owner asks for a closer look and pays for it, an operator takes it."""

from datetime import datetime

import msgspec

from backhaul.domain.billing.wallet import FeeKind
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.returns import fees, lifecycle, tables
from backhaul.domain.returns.model import Action, Policy, Return
from backhaul.domain.returns.operations.recording import save_move
from backhaul.domain.returns.operations.visible import lock_visible
from backhaul.domain.returns.operations.working import at_table
from backhaul.storage.database import Database


async def request_verification(
    db: Database, *, actor: Actor, number: int, policy: Policy, now: datetime
) -> Return:
    """Ask for a processed return to be verified, for a fee. There is no way back (contract §3.6).

    Refuses every other status, and who cannot pay: with what the processing still costs.
    """
    async with db.transaction(actor.scope(Right.RETURNS_WRITE)) as tx:
        before = await lock_visible(tx, number)
        after = msgspec.structs.replace(
            lifecycle.advance(before, Action.REQUEST_VERIFICATION, at=now),
            verify_fee_minor=policy.verify_fee_minor,
            is_process_fee_due=False,
        )
        owed = [(FeeKind.VERIFY, policy.verify_fee_minor)]
        if before.is_process_fee_due:
            owed.insert(0, (FeeKind.PROCESS, before.process_fee_minor))
        await fees.charge_together(tx, before, owed, at=now)
        await save_move(tx, actor.author, [(before, after)], action="verification_requested", at=now)
    return after


async def verify_return(db: Database, *, actor: Actor, number: int, now: datetime) -> Return:
    """Note that an operator has taken the closer look that was asked for."""
    table = await at_table(db, actor=actor, number=number)
    async with db.transaction(table.scope) as tx:
        before = await tables.lock(tx, number)
        after = lifecycle.advance(before, Action.VERIFY, at=now)
        await save_move(tx, table.author, [(before, after)], action="verified", at=now)
    return after
