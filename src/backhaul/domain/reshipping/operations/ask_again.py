"""Take an approval back at the bench, so that its owner is asked again."""

from datetime import datetime

from backhaul.domain.identity.model import Actor
from backhaul.domain.reshipping import lifecycle, tables
from backhaul.domain.reshipping.model import Action, Policy, Reshipment
from backhaul.domain.reshipping.operations.reopen import reopen
from backhaul.domain.reshipping.operations.working import at_bench
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.writing import is_writable
from backhaul.storage.database import Database

LONGEST_REASON = 200


async def ask_again(
    db: Database, *, actor: Actor, number: int, reason: str, policy: Policy, now: datetime
) -> Reshipment:
    """Reopen an approved reshipment that cannot go as it was approved: weighed wrongly, or in a box too small.

    Its money is free again, its label void, and its estimate waits for an answer with fresh days. Refuses one that was
    not approved, and one that was dispatched; its owner reads the reason.
    """
    said = reason.strip()
    if not 1 <= len(said) <= LONGEST_REASON or not is_writable(said):
        text = f"must have 1 to {LONGEST_REASON} characters on one line"
        raise InvalidInput([FieldProblem("reason", "reshipping.reason", text)])
    bench = await at_bench(db, actor=actor, number=number)
    async with db.transaction(bench.scope) as tx:
        before = await tables.lock(tx, number)
        lifecycle.require(before, Action.REOPEN)
        return await reopen(tx, bench.author, before, policy=policy, at=now, reason=said)
