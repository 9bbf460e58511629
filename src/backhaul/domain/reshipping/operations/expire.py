"""Let a reshipment go that nobody approved in time."""

from datetime import datetime

from backhaul.domain.reshipping import lifecycle, tables
from backhaul.domain.reshipping.errors import ReshipmentUnknown
from backhaul.domain.reshipping.model import Action
from backhaul.domain.reshipping.operations.recording import save_move
from backhaul.domain.returns import give_back
from backhaul.storage.database import Database, Scope
from backhaul.storage.history import SYSTEM


async def expire_reshipment(db: Database, *, scope: Scope, number: int, now: datetime) -> None:
    """Take a reshipment off the lists and put its returns back. Whoever approved or deleted it came first."""
    async with db.transaction(scope) as tx:
        try:
            before = await tables.lock(tx, number)
        except ReshipmentUnknown:
            return
        if not lifecycle.is_over(before, at=now):
            return
        after = lifecycle.advance(before, Action.EXPIRE, at=now)
        await give_back(tx, before.id, now)
        await save_move(tx, SYSTEM, before, after, action="expired", at=now)
