"""What a reshipment does with the returns it takes: steps in its own transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from backhaul.domain.returns import lifecycle, tables
from backhaul.domain.returns.model import Action, Return
from backhaul.domain.returns.operations.recording import save_move
from backhaul.storage.author import Author
from backhaul.storage.database import Tx
from backhaul.storage.history import SYSTEM

lock_many = tables.lock_many


async def take_for_reshipping(
    tx: Tx, returns: Sequence[Return], reshipment_id: UUID, at: datetime, *, author: Author = SYSTEM
) -> list[Return]:
    """Put locked returns into a reshipment; each remembers the status it had. Refuses if one of them cannot go."""
    moves = [
        (one, lifecycle.advance(one, Action.TAKE, at=at, reshipment_id=reshipment_id)) for one in returns
    ]
    await save_move(tx, author, moves, action="taken_for_reshipping", at=at)
    return [after for _, after in moves]


async def give_back(tx: Tx, reshipment_id: UUID, at: datetime, *, author: Author = SYSTEM) -> list[Return]:
    """Give everything a reshipment holds the status back that it had. Repeated, there is nothing left to give."""
    return await _all(tx, reshipment_id, Action.GIVE_BACK, "given_back", at=at, author=author)


async def mark_reshipped(
    tx: Tx, reshipment_id: UUID, at: datetime, *, author: Author = SYSTEM
) -> list[Return]:
    """Note that everything a reshipment holds has been sent; refuses if it was before."""
    return await _all(tx, reshipment_id, Action.DISPATCH, "reshipped", at=at, author=author)


async def _all(
    tx: Tx, reshipment_id: UUID, action: Action, said: str, *, at: datetime, author: Author
) -> list[Return]:
    held = await tables.lock_of_reshipment(tx, reshipment_id)
    moves = [(one, lifecycle.advance(one, action, at=at)) for one in held]
    await save_move(tx, author, moves, action=said, at=at)
    return [after for _, after in moves]
