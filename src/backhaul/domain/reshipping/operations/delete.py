"""Delete a reshipment."""

from datetime import datetime

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.reshipping import lifecycle, tables
from backhaul.domain.reshipping.model import Action, Reshipment
from backhaul.domain.reshipping.operations.recording import save_move
from backhaul.domain.returns import give_back
from backhaul.storage.database import Database


async def delete_reshipment(db: Database, *, actor: Actor, number: int, now: datetime) -> Reshipment:
    """Delete a reshipment that is not approved: its returns are what they were before, history keeps the fact."""
    async with db.transaction(actor.scope(Right.RETURNS_WRITE)) as tx:
        before = await tables.lock(tx, number)
        after = lifecycle.advance(before, Action.DELETE, at=now)
        await give_back(tx, before.id, now, author=actor.author)
        await save_move(tx, actor.author, before, after, action="deleted", at=now)
    return after
