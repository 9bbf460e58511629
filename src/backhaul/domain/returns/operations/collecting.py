"""Collect what was not covered when a return was processed."""

from datetime import datetime

import msgspec

from backhaul.domain.billing.wallet import FeeKind
from backhaul.domain.returns import fees, tables
from backhaul.domain.returns.model import Return
from backhaul.domain.returns.operations.recording import save_move
from backhaul.storage.database import Database, Scope
from backhaul.storage.history import SYSTEM


async def collect_process_fee(db: Database, *, scope: Scope, number: int, now: datetime) -> Return:
    """Take the fee of a processed return if the wallet covers it by now. Safe to repeat."""
    async with db.transaction(scope) as tx:
        before = await tables.lock(tx, number)
        if not before.is_process_fee_due:
            return before
        if not await fees.charge_if_covered(tx, before, FeeKind.PROCESS, before.process_fee_minor, at=now):
            return before
        after = msgspec.structs.replace(
            before, is_process_fee_due=False, updated_at=now, version=before.version + 1
        )
        await save_move(tx, SYSTEM, [(before, after)], action="fee_collected", at=now)
    return after
