"""The one way a changed return is written: row, history and event together."""

from datetime import datetime

from backhaul.domain.returns import tables
from backhaul.domain.returns.events import ReturnMoved
from backhaul.domain.returns.model import Return
from backhaul.storage import history, outbox
from backhaul.storage.database import Tx


async def save_move(
    tx: Tx,
    author: history.Author,
    moves: list[tuple[Return, Return]],
    *,
    action: str,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Write locked returns back, note what changed, and tell others of those whose status did."""
    await tables.save(tx, [after for _, after in moves])
    for before, after in moves:
        subject = ("return", after.id)
        history.note(
            tx, author, subject=subject, action=action, at=at, before=before, after=after, reason=reason
        )
        if after.status is not before.status:
            outbox.record(
                tx, ReturnMoved(subject_id=after.id, before=before.status, after=after.status), at=at
            )
